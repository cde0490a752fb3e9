// Holes: entries that are missing, with what is likely to have become of them.

import { beginning } from './entry.ts';
import type { Run } from './runs.ts';
import { blame, type Blame, firstSeqOf, type State } from './state.ts';

interface Hole {
  readonly from: number;
  readonly to: number;
}

/** Entries that are missing before a run. */
export function blameHole({ from, to }: Hole, next: Run, state: State): void {
  blame(state, flawOfHole(from, tellMissing(from, to), next), state.misplaced);
}

function tellMissing(from: number, to: number): string {
  return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
}

/** Lines within a file, the beginning of one, a whole file, or the end of the one before. */
function flawOfHole(from: number, which: string, { start: place, before, after }: Run): Blame {
  if (place.line > 1 || firstSeqOf(place.file) <= from) {
    return { kind: 'removed', place, seq: from, words: `${which} before it` };
  }
  if (after !== undefined && after !== before.file) {
    const words = `the file ${after} is missing, and ${which}`;
    return { kind: 'file-missing', place: { ...place, file: after }, seq: from, words };
  }
  const words = `the end of the file was cut off: ${which}`;
  const end = { ...before, line: before.line + 1, nth: place.nth };
  return { kind: 'truncated', place: end, seq: from, words };
}

/** What is missing before the lowest entry that there is; `start` is the run with which the log begins. */
export function blameBeginning({ from: seq, prev }: Run, { start }: Run, state: State): void {
  const isTold = state.told.some(
    ({ lastSeq, lastHash }) => lastSeq === seq - 1 && (prev === undefined || lastHash === prev),
  );
  const isFirst = seq === 1 && (prev === undefined || prev === beginning.hash);
  if (isTold || isFirst) return;
  const { firstFile: file } = state;
  const place = { file, line: 1, nth: Math.min(1, start.nth) };
  const find = (flaw: Omit<Blame, 'place'>): void =>
    blame(state, { ...flaw, place }, state.misplaced);
  if (seq === 1) {
    find({ kind: 'changed', seq: 1, words: 'it is called the first and follows another' });
  } else if (firstSeqOf(file) < seq) {
    const from = firstSeqOf(file);
    const words = `the beginning of the file was cut off: ${tellMissing(from, seq - 1)}`;
    find({ kind: 'removed', seq: from, words });
  } else {
    const words = `a file before it is missing: ${tellMissing(1, seq - 1)}, and no entry says that they had to make room`;
    find({ kind: 'file-missing', seq: 1, words });
  }
}
