// The predicted drain curve: how many networks should have asked again some time after a step began.

import { assumedResolvers } from '../simulation/caches.ts';
import { parseSpan } from '../model/time.ts';

/** In seconds, and as shares of resolvers: who is in none of them holds an answer for its TTL. */
const keepers = assumedResolvers.map(({ share, least }) => ({
  share,
  least: (parseSpan(least) ?? 0) / 1000,
}));

const rest = 1 - keepers.reduce((sum, { share }) => sum + share, 0);

/**
 * Share, 0 to 1, of the region's networks that should have asked again by then. As the simulation of
 * a drain has it (`simulation/curve.ts`): ages of what resolvers hold are spread evenly over its
 * life, each asks as soon as that ends, and some hold on for longer than the TTL says.
 */
export function predictedShare(seconds: number, ttl: number): number {
  const gone = (life: number): number => Math.max(0, Math.min(1, seconds / Math.max(1, life)));
  return keepers.reduce(
    (sum, { share, least }) => sum + share * gone(Math.max(ttl, least)),
    rest * gone(ttl),
  );
}
