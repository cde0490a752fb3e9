// An entry of the audit log: one line of JSON that names the hash of the line before it.

import type { ChainHead } from '../model/audit.ts';

/** SHA-256 of a text's UTF-8 octets, in hexadecimal digits. */
export type Digest = (text: string) => string;

/** What is to be recorded. */
export interface Draft {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly event: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Writer {
  readonly director: string;
  readonly digest: Digest;
  /** Undefined in a fleet without a secret. */
  readonly sign: ((text: string) => string) | undefined;
}

/** What the first entry of a log follows. */
export const beginning: ChainHead = { seq: 0, hash: '0'.repeat(64) };

const reserved = new Set(['seq', 'at', 'director', 'event', 'prev', 'mac', 'hash']);

/** The text of a line without its end, and what the next one follows. */
export function writeEntry(
  draft: Draft,
  last: ChainHead,
  { director, digest, sign }: Writer,
): { readonly line: string; readonly head: ChainHead } {
  const { at, event } = draft;
  const facts = Object.fromEntries(
    Object.entries(draft.facts).filter(([key]) => !reserved.has(key)),
  );
  const seq = last.seq + 1;
  const bare = JSON.stringify({ seq, at, director, event, ...facts, prev: last.hash });
  const signed = sign === undefined ? bare : `${bare.slice(0, -1)},"mac":"${sign(sealed(bare))}"}`;
  const hash = digest(signed);
  return { line: `${signed.slice(0, -1)},"hash":"${hash}"}`, head: { seq, hash } };
}

/** As many lines, each of which follows the one before it. */
export function writeEntries(
  drafts: readonly Draft[],
  last: ChainHead,
  writer: Writer,
): { readonly lines: string[]; readonly head: ChainHead } {
  let head = last;
  const lines: string[] = [];
  for (const draft of drafts) {
    const written = writeEntry(draft, head, writer);
    lines.push(written.line);
    ({ head } = written);
  }
  return { lines, head };
}

/** What is signed: the seal is used for other texts too, and none of these can pass for an entry. */
function sealed(bare: string): string {
  return `meridian audit\n${bare}`;
}

export interface Entry extends Draft, ChainHead {
  readonly director: string;
  readonly prev: string;
  readonly mac: string | undefined;
  /** True when the hash is that of the line. */
  readonly isTrue: boolean;
  /** What the signature is over. */
  readonly sealed: string;
}

/** Undefined for what is not even the form of an entry. */
export function readEntry(line: string, digest: Digest): Entry | undefined {
  // `,"hash":"`, 64 digits, `"}`: what else a line holds does not matter to where they stand.
  const open = line.slice(0, -75);
  const hash = /^,"hash":"([0-9a-f]{64})"\}$/.exec(line.slice(-75))?.[1];
  const json = hash === undefined ? undefined : parse(line);
  if (hash === undefined || json === undefined) return undefined;
  const { seq, at, director, event, prev, mac, ...facts } = json;
  const isWhole =
    Number.isSafeInteger(seq) &&
    [at, director, event, prev].every((text) => typeof text === 'string') &&
    (mac === undefined || typeof mac === 'string');
  if (!isWhole) return undefined;
  delete facts['hash'];
  const bare = mac === undefined ? `${open}}` : `${open.replace(/,"mac":"[^"]*"$/, '')}}`;
  return {
    ...(json as unknown as Pick<Entry, 'seq' | 'at' | 'director' | 'event' | 'prev' | 'mac'>),
    mac,
    hash,
    facts,
    isTrue: digest(`${open}}`) === hash,
    sealed: sealed(bare),
  };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isRecord ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
