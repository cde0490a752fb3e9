// The pace of gossip: how often boards are read and votes posted anew.

import { type Millis, millis } from '../../model/time.ts';
import type { Random } from '../../ports.ts';

/** Directors up to whom each posts as often as it is set to. */
const ordinary = 20;

/** Up to a tenth more or less, so that directors do not fall into step. */
export function jitter(span: Millis, random: Random): Millis {
  return millis(span * (0.9 + 0.2 * random()));
}

/**
 * How often a vote that says nothing new is posted: more rarely the more directors are heard, because
 * each reads what each posts, but three times in the life of a vote, so that two may be lost.
 */
export function repostEvery(
  directors: number,
  { postEvery, voteLifetime }: { readonly postEvery: Millis; readonly voteLifetime: Millis },
): Millis {
  const stretched = Math.min((postEvery * directors) / ordinary, voteLifetime / 3);
  return millis(Math.max(postEvery, stretched));
}
