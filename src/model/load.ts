// How busy a region is, as far as it is known.

import type { RegionId } from './region.ts';
import type { Millis } from './time.ts';

/** What is believed of a region's load at one moment; what is too old to be believed is not there. */
export interface RegionLoad {
  /** Share of its capacity that is in use: 1 is full, more is beyond. Undefined where nobody says. */
  readonly share: number | undefined;
  /** Connections, or requests in flight. */
  readonly connections: number | undefined;
  /** When that was so, by this director's clock. */
  readonly at: Millis;
  /** Share of client networks, 0 to 1, that the fleet moves on to the next region of their lists. */
  readonly shed: number;
}

/** By region; one of which nothing is known is left out. */
export type LoadView = ReadonlyMap<RegionId, RegionLoad>;

export const noLoads: LoadView = new Map();
