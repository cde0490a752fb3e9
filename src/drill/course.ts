// A drill as a whole, for those who must allow it before it begins: how much it takes, how long, and when it moves anybody.

import { longestOverride } from '../model/override.ts';
import { type Millis, millis } from '../model/time.ts';
import { margin } from './next.ts';
import type { Plan } from './plan.ts';

export interface Course {
  /** The most that it drains. */
  readonly share: number;
  /** Until its last word has ended by itself, at the latest. */
  readonly span: Millis;
  /** When its steps begin, and when the word of each would end were nobody left to give the next. */
  readonly turns: readonly Millis[];
}

/** If it began now. */
export function courseOf({ steps, notice }: Pick<Plan, 'steps' | 'notice'>, now: Millis): Course {
  let at = now + notice;
  const turns: Millis[] = [];
  for (const { hold } of steps) {
    turns.push(millis(at), millis(at + hold + margin));
    at += hold;
  }
  const span = Math.min(at - now + margin, longestOverride);
  return { share: steps.at(-1)?.share ?? 1, span: millis(span), turns };
}
