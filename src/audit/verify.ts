// Verify: the lines of a log's files in their order → every place where they are not what was written.

import { beginning, type Entry, readEntry } from './entry.ts';
import { follow } from './follow.ts';
import {
  blame,
  firstSeqOf,
  type Flaw,
  type LogLine,
  seqDue,
  type State,
  type VerifyOptions,
} from './state.ts';

export interface Verdict {
  readonly flaws: readonly Flaw[];
  /** Beyond those that are named. */
  readonly more: number;
  /** What a reader should know though it is no flaw. */
  readonly notes: readonly string[];
  readonly files: number;
  readonly entries: number;
  readonly director: string | undefined;
  readonly first: Entry | undefined;
  readonly last: Entry | undefined;
  /** Entries whose signature was checked and is good. */
  readonly signed: number;
}

export interface Verifier {
  /** The lines that follow are in this file. */
  file(name: string): void;
  line(line: LogLine): void;
  end(): Verdict;
}

export function createVerifier(options: VerifyOptions): Verifier {
  const state: State = {
    options,
    flaws: [],
    notes: [],
    more: 0,
    files: 0,
    entries: 0,
    signed: 0,
    place: { file: '', line: 0 },
    before: { file: '', line: 0 },
    firstFile: '',
    first: undefined,
    last: undefined,
    expected: undefined,
    unreadable: undefined,
    holes: [],
    isBeginningTold: false,
    isSigning: false,
  };
  return {
    file(name) {
      state.before = state.place;
      state.place = { file: name, line: 0 };
      if (state.files++ === 0) state.firstFile = name;
    },
    line(line) {
      state.place = { ...state.place, line: state.place.line + 1 };
      readLine(line, state);
    },
    end: () => conclude(state),
  };
}

function readLine(line: LogLine, state: State): void {
  const { place } = state;
  if (!line.isEnded) {
    const words = 'it has no end: the director was stopped while it wrote it, or the file was cut';
    blame(state, { kind: 'truncated', ...place, seq: seqDue(state), words });
    return;
  }
  const entry = readEntry(line.text, state.options.digest);
  if (entry === undefined) {
    blameUnreadable(state, undefined);
    state.unreadable = { ...place, ...line };
    return;
  }
  state.entries++;
  blameUnreadable(state, entry);
  follow(entry, state);
}

/** The unreadable line before this entry, unless the entry tells of it. */
function blameUnreadable(state: State, entry: Entry | undefined): void {
  const { unreadable, expected } = state;
  state.unreadable = undefined;
  if (unreadable === undefined) return;
  const { file, line, octets, digest } = unreadable;
  const { facts } = entry ?? {};
  if (entry?.event === 'torn' && facts?.['octets'] === octets && facts['sha256'] === digest) {
    const where = `${file}:${line}`;
    state.notes.push(
      `${where} was torn off at a crash, as entry ${entry.seq} of ${entry.at} tells`,
    );
    return;
  }
  if (expected === undefined) state.isBeginningTold = true;
  const seq = seqDue(state);
  const isExtra = entry !== undefined && entry.seq === seq && entry.prev === expected?.hash;
  if (isExtra) {
    const words = 'it is no entry, and those around it follow each other: it was put in';
    blame(state, { kind: 'inserted', file, line, seq, words });
    return;
  }
  blame(state, { kind: 'changed', file, line, seq, words: 'it is no entry any more' });
  // It stood for one entry, whose hash nobody knows.
  state.expected = { seq: seq + 1, hash: undefined };
}

function conclude(state: State): Verdict {
  const { options, place, first, last, notes } = state;
  blameUnreadable(state, undefined);
  if (first !== undefined && first.isTrue) checkBeginning(first, state);
  const seq = seqDue(state);
  for (const head of options.heads ?? []) {
    if (head.seq < seq) continue;
    const words = `the end is missing: ${head.from} knows of entries up to ${head.seq}`;
    blame(state, { kind: 'truncated', file: place.file, line: place.line + 1, seq, words });
  }
  if (last !== undefined && options.isSigned !== undefined && last.mac === undefined) {
    const words = 'it is not signed, though there is a secret to sign with';
    blame(state, { kind: 'unsigned', ...place, seq: last.seq, words });
  }
  if (last !== undefined && last.event !== 'stopped') {
    notes.push(
      'it does not end with a stop: the director runs, or has crashed, or the end was cut off',
    );
  }
  const { flaws, more, files, entries, signed } = state;
  return { flaws, more, notes, files, entries, director: first?.director, first, last, signed };
}

function checkBeginning({ seq, prev }: Entry, state: State): void {
  if (state.isBeginningTold || (seq === 1 && prev === beginning.hash)) return;
  const { firstFile: file } = state;
  const which = `entries 1 to ${seq - 1} are missing`;
  const at = { file, line: 1, seq: 1 };
  if (seq === 1) {
    blame(state, { ...at, kind: 'changed', words: 'it is called the first and follows another' });
  } else if (firstSeqOf(file) < seq) {
    const from = firstSeqOf(file);
    const words = `the beginning of the file was cut off: entries ${from} to ${seq - 1} are missing`;
    blame(state, { ...at, kind: 'removed', seq: from, words });
  } else {
    const words = `a file before it is missing: ${which}, and no entry says that they had to make room`;
    blame(state, { ...at, kind: 'file-missing', words });
  }
}
