// What `meridian query` prints of a reply: for people, and as JSON.

import type { Transport } from '../model/message.ts';
import { formatName } from '../model/name.ts';
import type { Endpoint } from '../model/settings.ts';
import { clientCookieSize } from '../wire/cookie.ts';
import type { Asking } from '../wire/question.ts';
import type { ReadRecord, Reading } from '../wire/reading.ts';

export interface Reply {
  readonly server: Endpoint;
  readonly transport: Transport;
  readonly asking: Asking;
  readonly reading: Reading;
  /** Truncated over UDP, and asked again over TCP. */
  readonly isRetried: boolean;
  readonly ms: number;
  /** Data of the TXT records that explain the answer. */
  readonly why: readonly string[];
}

export function describeReply(reply: Reply): string[] {
  const { reading, why } = reply;
  const sections = [
    ['Answer', reading.answers],
    ['Authority', reading.authority],
    ['Additional', reading.additional],
  ] as const;
  const lines = [
    headline(reply),
    ...sections.flatMap(([title, records]) => describeSection(title, records)),
    ...describeFacts(reply),
    ...(why.length === 0 ? [] : ['', 'Why:', ...why.flatMap(stringsIn).map((line) => `  ${line}`)]),
  ];
  return lines.map(visible);
}

function headline({ server, transport, asking, reading, isRetried, ms }: Reply): string {
  const { rcode, isAuthoritative } = reading;
  const question = `${formatName(asking.name)} ${reading.question?.type ?? ''}`.trimEnd();
  const notes = [isAuthoritative ? ', authoritative' : '', isRetried ? ', truncated over UDP' : ''];
  const where = `${server.host} port ${server.port} over ${transport.toUpperCase()}`;
  return `${question}: ${rcode} from ${where} in ${ms.toFixed(1)} ms${notes.join('')}`;
}

function describeSection(title: string, records: readonly ReadRecord[]): string[] {
  if (records.length === 0) return [];
  const lines = records.map(({ name, ttl, type, data }) => `  ${name} ${ttl} IN ${type} ${data}`);
  return ['', `${title}:`, ...lines];
}

/** What was asked for, and what came back of it. */
function describeFacts(reply: Reply): string[] {
  const facts = factsOf(reply);
  const lines: string[] = [];
  if (reply.asking.subnet !== undefined) {
    const { scope } = facts;
    lines.push(
      `Scope   ${scope === undefined ? 'none: the subnet was ignored' : `/${scope}, for the subnet ${facts.subnet}`}`,
    );
  }
  if (reply.asking.wantsNsid) lines.push(`NSID    ${facts.nsid ?? 'none'}`);
  if (reply.asking.cookie !== undefined) lines.push(`Cookie  ${facts.cookie}`);
  for (const { code, text } of facts.notes) lines.push(`Note    ${text} (EDE ${code})`);
  return lines.length === 0 ? [] : ['', ...lines];
}

function factsOf({ asking, reading }: Reply) {
  const { edns } = reading;
  const { nsid, cookie } = edns ?? {};
  const isGiven = (cookie?.length ?? 0) > clientCookieSize;
  const wasGood = isGiven && (asking.cookie?.length ?? 0) > clientCookieSize;
  return {
    scope: edns?.subnet?.scope,
    subnet: edns?.subnet?.source,
    nsid: nsid && Buffer.from(nsid).toString('latin1'),
    cookie: isGiven ? (wasGood ? 'demanded, given and taken' : 'given') : 'none',
    notes: edns?.extendedErrors ?? [],
  };
}

/** Plain data, with the names that the HTTP API has for the same things. */
export function toJson(reply: Reply): object {
  const { server, transport, reading, ms, why } = reply;
  const { cookie, notes, ...facts } = factsOf(reply);
  return {
    name: formatName(reply.asking.name),
    type: reading.question?.type,
    status: reading.rcode,
    isAuthoritative: reading.isAuthoritative,
    answers: reading.answers,
    authority: reading.authority,
    additional: reading.additional,
    ...facts,
    cookie: reply.asking.cookie === undefined ? undefined : cookie,
    notes,
    why: why.flatMap(stringsIn),
    server: { ...server, transport },
    ms,
  };
}

/** The strings of TXT data, without their quotes. */
function stringsIn(data: string): string[] {
  return Array.from(data.matchAll(/"((?:\\.|[^"\\])*)"/g), ([, inner = '']) => unescape(inner));
}

/** Bytes were written as `\DDD`, and are UTF-8. */
function unescape(text: string): string {
  const octets = Array.from(text.matchAll(/\\(\d{3})|\\?(.)/gs), ([, digits, char = '']) =>
    digits === undefined ? [...Buffer.from(char)] : [Number(digits) & 255],
  );
  return Buffer.from(octets.flat()).toString();
}

/** A server may say anything, but not to the terminal. */
function visible(line: string): string {
  return line.replaceAll(/\p{C}/gu, '\u{fffd}');
}
