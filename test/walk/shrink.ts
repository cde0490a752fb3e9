// The shortest way to what a walk found: the same leg with as few of its moves as still break the rule.

import type { Timed } from './moves.ts';
import { type Leg, type LegOptions, walkLeg } from './walk.ts';

/** Legs that are walked again at most. */
const budget = 250;

/** A rule that breaks later than this after it first did is another story, in ms. */
const patience = 15_000;

/** `leg` is broken; gives the shortest leg that is, told. */
export async function shrink(leg: Leg, options: LegOptions): Promise<Leg> {
  const until = leg.at + patience;
  let left = budget;
  const again = (moves: readonly Timed[]): Promise<Leg> =>
    walkLeg({ ...options, moves, until, isTold: true });
  let best = await again(leg.moves.filter(({ at }) => at <= leg.at));
  for (let size = best.moves.length >> 1; size > 0; size = size === 1 ? 0 : (size + 1) >> 1) {
    for (let from = 0; from < best.moves.length && left > 0; left--) {
      const fewer = best.moves.toSpliced(from, size);
      const tried = await again(fewer);
      if (tried.broken?.rule === leg.broken?.rule) best = tried;
      else from += size;
    }
  }
  return best;
}
