// Misplaced: what of a log is not where it was written, what is missing there, and what is one too many.

import { findFills, type Gap, gapsBetween } from './gaps.ts';
import { blameBeginning, blameHole } from './holes.ts';
import { inOrder, joinReversed, type Run, sizeOf } from './runs.ts';
import { blame, type Blame, type State } from './state.ts';

/** Judges all runs but the newest, and keeps of them what that one is to follow. */
export function settle(state: State): void {
  const open = state.runs.pop();
  const kept = judge(state);
  state.isBegun = true;
  state.runs = [kept, open].filter((each) => each !== undefined);
}

/** Gives the last entry that stands where it should, with what should stand behind it. */
export function settleAll(state: State): number {
  const last = judge(state);
  return last === undefined ? 0 : last.to;
}

function judge(state: State): Run | undefined {
  const runs = joinReversed(state.runs);
  const chosen = inOrder(runs);
  const gaps = gapsBetween(chosen);
  findFills(runs, chosen, gaps);
  for (const run of chosen) blameReversed(run, state);
  for (const gap of gaps) blameGap(gap, state);
  const rest = new Set(runs).difference(
    new Set([...chosen, ...gaps.flatMap(({ fills }) => fills)]),
  );
  for (const run of rest) blameExtra(run, chosen, state);
  const last = chosen.at(-1);
  const end = gaps.at(-1)?.fills.at(-1);
  return last === undefined || end === undefined ? last : { ...last, to: end.to, hash: end.hash };
}

function find(state: State, flaw: Blame): void {
  blame(state, flaw, state.misplaced);
}

function blameReversed({ reversed = [] }: Run, state: State): void {
  for (const [i, { start, from }] of reversed.entries()) {
    const other = reversed.at(-1 - i)?.start;
    // The one in the middle is where it should be.
    if (other === undefined || other.nth === start.nth) continue;
    const words = `it has changed places with ${nameOf(other)}`;
    find(state, { kind: 'reordered', place: start, seq: from, words });
  }
}

/** What stands on either side of a gap, what should stand in it, and what is missing. */
function blameGap(gap: Gap, state: State): void {
  const { after, before, fills } = gap;
  for (const run of fills) {
    const words = wordsOfMoved(run, gap);
    find(state, { kind: 'reordered', place: run.start, lines: linesOf(run), seq: run.from, words });
  }
  if (before === undefined) return;
  let [last, due] = [after, (after?.to ?? 0) + 1];
  for (const next of [...fills, before]) {
    if (last === undefined) {
      if (!state.isBegun) blameBeginning(next, before, state);
    } else if (next.from > due) {
      blameHole({ from: due, to: next.from - 1 }, before, state);
    } else if (last === after && next === before) {
      blameSeam(last, next, state);
    }
    [last, due] = [next, next.to + 1];
  }
}

function wordsOfMoved(run: Run, { after, before, swapped }: Gap): string {
  const which = linesOf(run) === 1 ? 'it' : `entries ${run.from} to ${run.to}`;
  if (swapped !== undefined) return `${which} changed places with ${nameOf(swapped.start)}`;
  if (after !== undefined) return `${which} should stand behind ${nameOf(after.end)}`;
  return `${which} should stand before ${before === undefined ? 'all' : nameOf(before.start)}`;
}

/** Two runs that are in order and have nothing between them: one entry twice, or two that do not fit. */
function blameSeam(last: Run, next: Run, state: State): void {
  const { start: place, from: seq } = next;
  const isTwice = last.to >= next.from;
  if (isTwice) return blameTwice(last, next, state);
  if (last.hash === undefined || next.prev === undefined || last.hash === next.prev) return;
  if (last.lastDirector !== next.director) {
    const words = `it is of the director ${next.director}, and not of ${last.lastDirector}`;
    return find(state, { kind: 'foreign', place, lines: linesOf(next), seq, words });
  }
  const words = `it does not follow entry ${seq - 1}: one of the two was written anew`;
  find(state, { kind: 'changed', place, seq, words });
}

function blameTwice(last: Run, next: Run, state: State): void {
  const count = last.to - next.from + 1;
  const isOther = count === 1 && sizeOf(next) > 1 && next.firstHash !== last.hash;
  if (isOther) {
    const words = `what follows goes on from another entry ${last.to}, so this one was put in`;
    return find(state, { kind: 'inserted', place: last.end, seq: last.to, words });
  }
  const words = `an entry ${next.from} stands before it already, so this one or that was put in`;
  find(state, { kind: 'inserted', place: next.start, lines: count, seq: next.from, words });
}

/** What has no place in the order of the others. */
function blameExtra(run: Run, chosen: readonly Run[], state: State): void {
  const { start: place, from: seq, director } = run;
  const lines = linesOf(run);
  const twin = chosen.find(({ from, to }) => from <= seq && seq <= to);
  const around = chosen.findLast((each) => each.start.nth < place.nth) ?? chosen[0];
  const isForeign = around !== undefined && around.lastDirector !== director;
  if (isForeign) {
    const words = `it is of the director ${director}, and not of ${around.lastDirector}`;
    return find(state, { kind: 'foreign', place, lines, seq, words });
  }
  const where = twin === undefined ? '' : ` in the run from ${nameOf(twin.start)} on`;
  const words =
    twin === undefined
      ? `no entry ${seq} belongs there or is missing elsewhere, so it was put in`
      : `there is an entry ${seq} already,${where}, so this one was put in`;
  find(state, { kind: 'inserted', place, lines, seq, words });
}

function nameOf({ file, line }: { readonly file: string; readonly line: number }): string {
  return `${file}:${line}`;
}

function linesOf({ start, end }: Run): number {
  return end.nth - start.nth + 1;
}
