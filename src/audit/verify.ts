// Verify: the lines of a log's files in their order → every place where they are not what was written.

import { type Entry, readEntry } from './entry.ts';
import { follow } from './follow.ts';
import { settleAll } from './misplaced.ts';
import { settleStrange } from './strange.ts';
import {
  blame,
  emptyState,
  type Flaw,
  flawsOf,
  type LogLine,
  mostNamed,
  seqDue,
  type State,
  type VerifyOptions,
} from './state.ts';

export interface Verdict {
  /** In the order of their lines. */
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

/** Holds what it must know of the lines so far, which does not grow with their number. */
export interface Verifier {
  /** The lines that follow are in this file. */
  file(name: string): void;
  line(line: LogLine): void;
  end(): Verdict;
}

export function createVerifier(options: VerifyOptions): Verifier {
  const state = emptyState(options);
  return {
    file(name) {
      state.before = state.place;
      state.place = { ...state.place, file: name, line: 0 };
      if (state.files++ === 0) state.firstFile = name;
    },
    line(line) {
      const { file, line: number, nth } = state.place;
      state.place = { file, line: number + 1, nth: nth + 1 };
      readLine(line, state);
    },
    end: () => conclude(state),
  };
}

function readLine(line: LogLine, state: State): void {
  const { place } = state;
  if (!line.isEnded) {
    const words = 'it has no end: the director was stopped while it wrote it, or the file was cut';
    blame(state, { kind: 'truncated', place, seq: seqDue(state), words });
    return;
  }
  const entry = readEntry(line.text, state.options.digest);
  if (entry !== undefined) state.entries++;
  if (entry?.isTrue === true) {
    follow(entry, settleStrange(entry, state), state);
    return;
  }
  if (state.strange.length >= mostNamed) settleStrange(undefined, state);
  state.strange.push({ place, line: { ...line, text: '' }, seq: entry?.seq });
}

function conclude(state: State): Verdict {
  const { options, place, first, last, notes } = state;
  settleStrange(undefined, state);
  concludeHeads(settleAll(state) + 1, state);
  if (last !== undefined && options.isSigned !== undefined && last.mac === undefined) {
    const words = 'it is not signed, though there is a secret to sign with';
    const { end } = state.runs.at(-1) ?? { end: place };
    blame(state, { kind: 'unsigned', place: end, seq: last.seq, words });
  }
  if (last !== undefined && last.event !== 'stopped') {
    notes.push(
      'it does not end with a stop: the director runs, or has crashed, or the end was cut off',
    );
  }
  if (place.file !== '' && place.line === 0) {
    notes.push(
      `${place.file} is empty: the disk was full when it began, or its lines were cut off`,
    );
  }
  const { files, entries, signed } = state;
  const { director } = first ?? {};
  return { ...flawsOf(state), notes, files, entries, director, first, last, signed };
}

/** What others know of entries that are not here: of those that should come next, or made room. */
function concludeHeads(seq: number, state: State): void {
  const { options, place, compared, notes } = state;
  for (const head of options.heads ?? []) {
    const { from } = head;
    if (head.seq >= seq) {
      const words = `the end is missing: ${from} knows of entries up to ${head.seq}`;
      const end = { ...place, line: place.line + 1, nth: place.nth + 1 };
      blame(state, { kind: 'truncated', place: end, seq, words });
    } else if (!compared.has(head)) {
      notes.push(
        `entry ${head.seq}, which ${from} knows, is not here any more, so its hash was not compared`,
      );
    }
  }
}
