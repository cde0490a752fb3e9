// `meridian timeline`: what happened in the whole fleet, told once, in order, with who saw it when.

import { loadSettings } from '../load.ts';
import type { TimelineEntry, TimelinePage } from '../model/audit.ts';
import { FaultError, formatFault } from '../model/fault.ts';
import { formatInstant, formatMoment, millis, parseSpan } from '../model/time.ts';
import { formatEndpoint } from '../edge/udp.ts';
import { callDirector, schemeOf } from './client.ts';
import { type Command, exits, type Io, type Options, textOption } from './command.ts';
import { printJson } from './json.ts';
import { recordedSentence } from './recorded.ts';
import { tlsOptions } from './send.ts';
import { type StoryLine, tellStory, type Witness } from './story.ts';

export const timeline: Command = {
  name: 'timeline',
  usage:
    '[--since 2h | --around TIME] [--region R] [--service S] [--url URL…] [--config FILE] [--json]',
  summary:
    'Tell what moved traffic, or could have: the words of people and what all directors saw, as one story.',
  options: {
    ...tlsOptions,
    url: { type: 'string', multiple: true },
    config: { type: 'string' },
    since: { type: 'string' },
    around: { type: 'string' },
    region: { type: 'string' },
    service: { type: 'string' },
    json: { type: 'boolean' },
  },
  words: [0, 0],
  async run(_words, options, io) {
    const asked = windowOf(options, Date.now());
    if (typeof asked === 'string') {
      io.err(asked);
      return exits.usage;
    }
    const urls = await directorsOf(options, io);
    const answers = await Promise.all(urls.map((url) => ask({ ...options, url }, asked, io)));
    const witnesses = answers.filter((each) => 'director' in each);
    const missing = answers.filter((each) => 'reason' in each);
    const lines = tellStory(witnesses);
    if (options['json'] === true) printJson(asJson(witnesses, missing, lines), io);
    else for (const line of asText(witnesses, missing, lines, asked)) io.out(line);
    return witnesses.length > 0 ? exits.fine : exits.no;
  },
};

/** Query parameters of every request. */
interface Asked {
  readonly since: string;
  readonly until?: string;
  readonly region?: string;
  readonly service?: string;
}

const halfHour = 1_800_000;

/** In words where it cannot be understood. */
function windowOf(options: Options, now: number): Asked | string {
  const { around, region, service } = options;
  const which = {
    ...(typeof region === 'string' ? { region } : {}),
    ...(typeof service === 'string' ? { service } : {}),
  };
  if (typeof around === 'string') {
    const at = momentOf(around);
    if (at === undefined) return '--around wants a moment, such as 2026-05-01T12:00Z (UTC)';
    const [since, until] = [at - halfHour, at + halfHour].map((each) =>
      formatInstant(millis(each)),
    );
    return { since: since ?? '', until: until ?? '', ...which };
  }
  const text = textOption(options, 'since', '2h');
  const span = parseSpan(text);
  const since = span === undefined ? momentOf(text) : now - span;
  if (since === undefined) return '--since wants a time such as 2h, or a moment (UTC)';
  return { since: formatInstant(millis(since)), ...which };
}

/** Without a zone it is UTC, as everything that is printed. */
function momentOf(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,3})?)?Z?$/.exec(text);
  const at = Date.parse(`${match?.[1]}T${match?.[2]}${match?.[3] ?? ''}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** Those that are named, or the configuration's own and its peers, or the one at this machine. */
async function directorsOf(options: Options, { env, err }: Io): Promise<readonly string[]> {
  const named = options['url'] as unknown;
  if (Array.isArray(named)) return [...new Set(named as readonly string[])];
  if (env['MERIDIAN_URL'] !== undefined) return env['MERIDIAN_URL'].split(',');
  const loaded = await loadSettings(textOption(options, 'config', 'meridian.yaml'), env);
  if (!loaded.ok) {
    for (const fault of options['config'] === undefined ? [] : loaded.faults)
      err(formatFault(fault));
    return [`http://${env['MERIDIAN_HTTP'] ?? '127.0.0.1:8053'}`];
  }
  const { listen, gossip } = loaded.value;
  return [`${schemeOf(loaded.value)}://${formatEndpoint(listen.http)}`, ...gossip.peers];
}

interface Missing {
  readonly url: string;
  readonly reason: string;
}

/** Nobody reads more at a terminal. */
const mostPages = 20;

/** Its clock is read from the first page, in the middle between question and answer. */
async function ask(
  options: Options & { readonly url: string },
  asked: Asked,
  io: Io,
): Promise<Witness | Missing> {
  const { url } = options;
  const entries: TimelineEntry[] = [];
  try {
    let first: TimelinePage | undefined;
    let clock = { aheadMs: 0, withinMs: 0 };
    let next: string | null = null;
    for (let page = 0; page < mostPages; page++) {
      const query = new URLSearchParams({ ...asked, ...(next === null ? {} : { after: next }) });
      const from = Date.now();
      const start = performance.now();
      const answer: TimelinePage = await callDirector(
        `/v1/timeline?${query.toString()}`,
        options,
        io,
      );
      const half = (performance.now() - start) / 2;
      if (first === undefined) {
        const measured = Math.round(Date.parse(answer.now) - (from + half));
        const withinMs = Math.ceil(half) + 1;
        // Less than it can be off by is no difference: corrected by that, times would change from call to call.
        clock = { aheadMs: Math.abs(measured) <= withinMs ? 0 : measured, withinMs };
      }
      first ??= answer;
      entries.push(...answer.entries);
      ({ next } = answer);
      if (next === null) break;
    }
    if (first === undefined || Number.isNaN(clock.aheadMs)) throw new Error('it gave no timeline');
    const { director, remembersSince, head } = first;
    return { url, director, ...clock, remembersSince, head, entries, isCut: next !== null };
  } catch (error) {
    const reason = error instanceof FaultError ? error.fault.message : String(error);
    return { url, reason };
  }
}

function asJson(
  witnesses: readonly Witness[],
  missing: readonly Missing[],
  lines: readonly StoryLine[],
) {
  return {
    directors: witnesses.map(({ entries, ...rest }) => ({ ...rest, entries: entries.length })),
    missing,
    events: lines.map(({ at, entry, seen }) => ({
      at: formatInstant(millis(at)),
      text: recordedSentence(entry),
      seen,
      entry,
    })),
  };
}

function asText(
  witnesses: readonly Witness[],
  missing: readonly Missing[],
  lines: readonly StoryLine[],
  { since, until }: Asked,
): string[] {
  const names = witnesses.map(({ director }) => director).join(', ');
  const span = `from ${formatMoment(millis(Date.parse(since)))} to ${until === undefined ? 'now' : formatMoment(millis(Date.parse(until)))}`;
  return [
    `${lines.length === 0 ? 'Nothing happened' : 'What happened'} ${span}, as ${names || 'nobody'} recorded it; times are of the clock here.`,
    ...witnesses.flatMap((witness) => notesOn(witness, since)),
    ...missing.map(({ url, reason }) => `NOT IN THIS STORY: ${url}: ${reason}`),
    ...(lines.length === 0 ? [] : ['']),
    ...lines.map(lineOf),
  ];
}

function notesOn(witness: Witness, since: string): string[] {
  const { director, aheadMs, withinMs, remembersSince, isCut } = witness;
  const isNoted = aheadMs !== 0;
  const way = aheadMs > 0 ? 'ahead' : 'behind';
  return [
    ...(isNoted
      ? [
          `The clock of ${director} is ${seconds(Math.abs(aheadMs))} s ${way} (±${withinMs} ms); its times are corrected by that.`,
        ]
      : []),
    ...(remembersSince > since
      ? [
          `${director} remembers since ${remembersSince.slice(0, 19)}Z; for what was before: meridian audit show, there.`,
        ]
      : []),
    ...(isCut ? [`${director} has more than is shown: ask for a shorter time.`] : []),
  ];
}

/** `2026-05-01 12:00:03.120Z  eu is down: timed out · ams-1, fra-1 +0.2 s`. */
function lineOf({ at, entry, seen }: StoryLine): string {
  const when = formatInstant(millis(at)).replace('T', ' ');
  const who = seen.map(({ director, afterMs }, i) =>
    i === 0 || afterMs < 50 ? director : `${director} +${seconds(afterMs)} s`,
  );
  return `${when}  ${recordedSentence(entry)} · ${who.join(', ')}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? (ms / 1000).toFixed(2) : (ms / 1000).toFixed(1);
}
