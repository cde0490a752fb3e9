// What is known of a log while its lines are read, and what was found to be wrong with it.

import type { ChainHead } from '../model/audit.ts';
import type { Digest, Entry } from './entry.ts';

export interface LogLine {
  /** What is no UTF-8 is given as text that no entry can be. */
  readonly text: string;
  readonly octets: number;
  /** SHA-256 of its octets in hexadecimal digits. */
  readonly digest: string;
  /** False for the last line of a file that does not end with a line feed. */
  readonly isEnded: boolean;
}

export type FlawKind =
  | 'changed'
  | 'removed'
  | 'inserted'
  | 'reordered'
  | 'truncated'
  | 'file-missing'
  | 'foreign'
  | 'unsigned'
  | 'forged';

export interface Flaw {
  readonly kind: FlawKind;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The entry that is at fault, or the first of those that are missing. */
  readonly seq: number;
  readonly words: string;
}

export interface VerifyOptions {
  readonly digest: Digest;
  /** Checks a signature with the fleet's secrets; undefined where none is at hand. */
  readonly isSigned?: ((text: string, mac: string) => boolean) | undefined;
  /** What others know of the log, with who they are. */
  readonly heads?: readonly (ChainHead & { readonly from: string })[];
}

/** As many as anybody reads. */
export const mostNamed = 100;

export interface Place {
  readonly file: string;
  readonly line: number;
}

interface Hole extends Place {
  readonly from: number;
  to: number;
  readonly flaw: Flaw | undefined;
}

export interface State {
  readonly options: VerifyOptions;
  readonly flaws: Flaw[];
  readonly notes: string[];
  more: number;
  files: number;
  entries: number;
  signed: number;
  place: Place;
  /** The file before this one, and how many lines it has. */
  before: Place;
  firstFile: string;
  first: Entry | undefined;
  last: Entry | undefined;
  /** What the next entry is to follow; without a hash where that of the entry before is not known. */
  expected: { readonly seq: number; readonly hash: string | undefined } | undefined;
  /** A line that is no entry: what was torn off at a crash is told by the entry behind it. */
  unreadable: (Place & LogLine) | undefined;
  readonly holes: Hole[];
  /** True once an entry says that what came before the first one was removed in order. */
  isBeginningTold: boolean;
  isSigning: boolean;
}

/** The first entry of a file, by the file's name; NaN for a file that has been given another name. */
export function firstSeqOf(file: string): number {
  return Number(/(\d{15})\.jsonl$/.exec(file)?.[1]);
}

/** The entry that should come next. */
export function seqDue({ expected }: State): number {
  return expected?.seq ?? 1;
}

export function blame(state: State, flaw: Flaw): void {
  if (state.flaws.length < mostNamed) state.flaws.push(flaw);
  else state.more++;
}
