// Lines that are not as they were written: what follows them tells whether they stand for entries, or were put in.

import { beginning, type Entry } from './entry.ts';
import { blame, type State, type Strange } from './state.ts';

/**
 * Judges the lines before this entry, or before the end. Gives how many of them stand for entries
 * that this one follows without a run before it.
 */
export function settleStrange(entry: Entry | undefined, state: State): number {
  if (entry !== undefined) leaveTorn(entry, state);
  const { strange } = state;
  const run = state.runs.at(-1);
  if (strange.length === 0) return 0;
  const due = (run?.to ?? 0) + 1;
  state.strange = [];
  const last = run ?? { to: beginning.seq, hash: beginning.hash };
  const isExtra = entry?.seq === last.to + 1 && entry.prev === last.hash;
  for (const [i, each] of strange.entries()) blameStrange(each, due + i, isExtra, state);
  if (isExtra) return 0;
  // Behind a line that is out of place itself, they belong to what follows.
  const isAside = run === undefined || (run.from === run.to && state.runs.length > 1);
  const isBack = entry !== undefined && (run === undefined || entry.seq <= run.to);
  if (run === undefined || (isAside && isBack)) return strange.length;
  const room = entry === undefined || isBack ? strange.length : entry.seq - due;
  run.to += Math.min(strange.length, room);
  run.hash = undefined;
  return 0;
}

/** What was torn off at a crash is told by the entry behind it. */
function leaveTorn({ event, facts, seq, at }: Entry, state: State): void {
  const last = state.strange.at(-1);
  if (event !== 'torn' || last === undefined) return;
  const { line, place } = last;
  if (facts['octets'] !== line.octets || facts['sha256'] !== line.digest) return;
  state.strange.pop();
  const where = `${place.file}:${place.line}`;
  state.notes.push(`${where} was torn off at a crash, as entry ${seq} of ${at} tells`);
}

function blameStrange({ place, seq }: Strange, due: number, isExtra: boolean, state: State): void {
  const what = seq === undefined ? 'it is no entry' : 'its hash is not that of what it says';
  if (isExtra) {
    const words = `${what}, and those around it follow each other: it was put in`;
    blame(state, { kind: 'inserted', place, seq: due, words });
    return;
  }
  const words = seq === undefined ? `${what} any more` : `${what}: some of it was changed`;
  blame(state, { kind: 'changed', place, seq: seq ?? due, words });
}
