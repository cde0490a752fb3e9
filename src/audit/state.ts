// What is known of a log while its lines are read, and what was found to be wrong with it.

import type { ChainHead } from '../model/audit.ts';
import type { Digest, Entry } from './entry.ts';
import type { Place, Run } from './runs.ts';

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
  /** How many lines, from that one on. */
  readonly lines: number;
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

/** A line that is not as it was written, of which only what follows can tell whether it stands for an entry. */
export interface Strange {
  readonly place: Place;
  readonly seq: number | undefined;
  readonly line: LogLine;
}

export interface Found {
  readonly flaw: Flaw;
  readonly nth: number;
}

export interface State {
  readonly options: VerifyOptions;
  /** What a line shows by itself. */
  readonly flaws: Found[];
  /** What only the lines around it show. */
  readonly misplaced: Found[];
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
  /** In the order of their lines; the last one is still growing. */
  runs: Run[];
  /** Lines behind the newest run of which nothing is said yet. */
  strange: Strange[];
  /** True once the beginning of the log has been judged. */
  isBegun: boolean;
  /** What entries say of older ones that made room. */
  readonly told: { readonly lastSeq: unknown; readonly lastHash: unknown }[];
  isSigning: boolean;
  /** The heads whose entries are there. */
  readonly compared: Set<ChainHead>;
}

export function emptyState(options: VerifyOptions): State {
  const nowhere = { file: '', line: 0, nth: 0 };
  return {
    options,
    flaws: [],
    misplaced: [],
    notes: [],
    more: 0,
    files: 0,
    entries: 0,
    signed: 0,
    place: nowhere,
    before: nowhere,
    firstFile: '',
    first: undefined,
    last: undefined,
    runs: [],
    strange: [],
    isBegun: false,
    told: [],
    isSigning: false,
    compared: new Set(),
  };
}

/** The first entry of a file, by the file's name; NaN for a file that has been given another name. */
export function firstSeqOf(file: string): number {
  return Number(/(\d{15})\.jsonl$/.exec(file)?.[1]);
}

/** The entry that should come next. */
export function seqDue({ runs, strange }: State): number {
  return (runs.at(-1)?.to ?? 0) + strange.length + 1;
}

export interface Blame {
  readonly kind: FlawKind;
  readonly place: Place;
  readonly lines?: number;
  readonly seq: number;
  readonly words: string;
}

/** `list` is where it belongs: each names as many as anybody reads, so that neither hides the other. */
export function blame(
  state: State,
  { kind, place, lines = 1, seq, words }: Blame,
  list: Found[] = state.flaws,
): void {
  const { file, line, nth } = place;
  if (list.length < mostNamed) list.push({ nth, flaw: { kind, file, line, lines, seq, words } });
  else state.more++;
}

/** All that is named, in the order of their lines. */
export function flawsOf(state: State): { flaws: Flaw[]; more: number } {
  const all = [...state.flaws, ...state.misplaced].sort((x, y) => x.nth - y.nth);
  const flaws = all.slice(0, mostNamed).map(({ flaw }) => flaw);
  return { flaws, more: state.more + all.length - flaws.length };
}
