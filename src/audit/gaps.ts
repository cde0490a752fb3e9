// Gaps between the runs that are in order, and the runs elsewhere that should stand in them.

import type { Run } from './runs.ts';

export interface Gap {
  /** Undefined before the first and behind the last. */
  readonly after: Run | undefined;
  readonly before: Run | undefined;
  /** What should stand there, in that order. */
  readonly fills: Run[];
  /** Where what should stand there is alone, and what stands there is alone where that is. */
  swapped: Run | undefined;
}

/** One more than there are runs: also before the first, and behind the last. */
export function gapsBetween(chosen: readonly Run[]): Gap[] {
  return Array.from({ length: chosen.length + 1 }, (_, i) => ({
    after: chosen[i - 1],
    before: chosen[i],
    fills: [],
    swapped: undefined,
  }));
}

/** Puts each run that is not in order into the gap that it fits. */
export function findFills(
  runs: readonly Run[],
  chosen: readonly Run[],
  gaps: readonly Gap[],
): void {
  const isChosen = new Set(chosen);
  /** In which gap each stands now. */
  const places = new Map<Run, Gap>();
  let at = 0;
  for (const run of runs) {
    if (isChosen.has(run)) {
      at++;
      continue;
    }
    const [here, home] = [gaps[at], gaps.find((gap) => fits(run, gap))];
    if (here !== undefined) places.set(run, here);
    home?.fills.push(run);
  }
  for (const gap of gaps) gap.fills.sort((x, y) => x.from - y.from);
  for (const gap of gaps) gap.swapped = swappedWith(gap, places);
}

function fits(run: Run, { after, before, fills }: Gap): boolean {
  if (fills.some(({ from, to }) => from <= run.to && run.from <= to)) return false;
  const follows = after !== undefined && run.from === after.to + 1 && run.prev === after.hash;
  const leads = before !== undefined && run.to === before.from - 1 && run.hash === before.prev;
  // Behind the end, and before the beginning, numbers alone say nothing.
  if (after === undefined || before === undefined) return follows || leads;
  const isBetween = after.to < run.from && run.to < before.from;
  const isOurs = run.director === after.lastDirector || run.lastDirector === before.director;
  return isBetween && (isOurs || follows || leads);
}

function swappedWith(gap: Gap, places: ReadonlyMap<Run, Gap>): Run | undefined {
  const [run, ...others] = gap.fills;
  const there = run && places.get(run);
  const [back, ...more] = there?.fills ?? [];
  if (back === undefined || others.length + more.length > 0 || there === gap) return undefined;
  return places.get(back) === gap ? back : undefined;
}
