// The head of a client histogram's file: who counted, from when to when, and what lies outside its rows.

import { readWeight, rowHead } from './client-row.ts';
import { formatShare } from './number.ts';

export interface ClientHead {
  /** Ids of the directors that counted, or the word of another source; separated by blanks. */
  readonly collector: string;
  /** ISO 8601; empty where nobody knows. */
  readonly since: string;
  readonly until: string;
  /** After how long a query counts half, such as `7d`; empty where all count the same. */
  readonly halfLife: string;
  /** Weight of all rows and of what lies outside them. */
  readonly total: number;
  /** The part of it that resolvers asked without saying for whom: where those clients are is a guess. */
  readonly byResolver: number;
  /** Weight outside the rows, by the region that it was sent to; empty where nobody knows. */
  readonly outside: ReadonlyMap<string, number>;
}

export const emptyHead: ClientHead = {
  collector: '',
  since: '',
  until: '',
  halfLife: '',
  total: 0,
  byResolver: 0,
  outside: new Map(),
};

/** The lines above the rows: comments, and then the names of the columns. */
export function formatHead(head: ClientHead): string[] {
  const { total, outside } = head;
  const away = [...outside.values()].reduce((sum, weight) => sum + weight, 0);
  const share = (weight: number): string => formatShare(total > 0 ? weight / total : 0);
  const regions = [...outside].sort(([x], [y]) => (x < y ? -1 : 1));
  return [
    '# client histogram of Meridian; weights are queries',
    `# collector: ${head.collector}`,
    ...(head.since === '' ? [] : [`# since: ${head.since}`]),
    ...(head.until === '' ? [] : [`# until: ${head.until}`]),
    ...(head.halfLife === '' ? [] : [`# half-life: ${head.halfLife}`]),
    `# total: ${total}`,
    `# by resolvers that name no client: ${head.byResolver} (${share(head.byResolver)})`,
    `# outside the rows: ${away} (${share(away)})`,
    ...regions.map(([region, weight]) => `# outside, sent to ${region || unknown}: ${weight}`),
    rowHead,
  ];
}

const unknown = '?';

/** The head with what one of its lines says; as it was for any other line, whoever wrote it. */
export function readHeadLine(line: string, head: ClientHead): ClientHead {
  const at = line.indexOf(': ');
  if (!line.startsWith('# ') || at < 0 || line.length > mostCharacters) return head;
  const [key, value] = [line.slice(2, at), line.slice(at + 2).trim()];
  const weight = readWeight(value.split(' ', 1)[0] ?? '');
  if (key === 'collector') return { ...head, collector: value };
  if (key === 'since' || key === 'until')
    return isInstant(value) ? { ...head, [key]: value } : head;
  if (key === 'half-life') return { ...head, halfLife: value };
  if (weight === undefined) return head;
  if (key === 'total') return { ...head, total: weight };
  if (key === 'by resolvers that name no client') return { ...head, byResolver: weight };
  const region = key.startsWith(sentTo) ? key.slice(sentTo.length) : undefined;
  // Nobody has more regions than that, and a hostile file may name any number.
  if (region === undefined || head.outside.size === mostRegions) return head;
  const named = region === unknown ? '' : region;
  return { ...head, outside: new Map(head.outside).set(named, weight) };
}

const sentTo = 'outside, sent to ';
const mostCharacters = 1200;
const mostRegions = 1024;

function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(text);
}
