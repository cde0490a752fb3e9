// Agreeing: one claim on a region's way back, out of those of many observers.

import type { ReturnClaim } from '../model/health.ts';

/**
 * What at least half of so many voters claim: that the verdict has been `up` for no longer, and that
 * there were no fewer trips. Half is enough on the careful side, because of two observing regions one
 * sees nothing while it is itself the one that is down. Undefined when too few have spoken.
 */
export function agree(claims: readonly ReturnClaim[], voters: number): ReturnClaim | undefined {
  const rank = Math.ceil(voters / 2) - 1;
  const [first] = claims;
  if (rank >= claims.length || first === undefined) return undefined;
  // Nearly always all claim the same, which is that nothing ever happened.
  if (claims.every((claim) => claim.ago === first.ago && claim.trips === first.trips)) {
    return rank < 0 ? undefined : first;
  }
  const ago = claims.map((claim) => claim.ago).sort((x, y) => (x < y ? -1 : 1))[rank];
  const trips = claims.map((claim) => claim.trips).sort((x, y) => y - x)[rank];
  return ago === undefined || trips === undefined ? undefined : { ago, trips };
}
