// What is rehearsed, in words that a thread can be given.

import type { Environment } from '../config/secret.ts';
import type { Losses } from '../simulation/tally.ts';

/** A region and a number said of it. */
export type Said = readonly [region: string, value: number];

/** A change to what the files say: regions by their ids, other settings as they would be then. */
export interface Rehearsal extends Losses {
  /** The main file as it is, and as it would be; undefined where no file changes. */
  readonly config: string;
  readonly other: string | undefined;
  readonly env: Environment;
  /** Regions that are down, and that are drained, on both sides. */
  readonly alreadyDown: readonly string[];
  readonly alreadyDrained: readonly string[];
  /** The same on the new side alone. */
  readonly down: readonly string[];
  readonly drained: readonly string[];
  readonly bias: readonly Said[];
  readonly weight: readonly Said[];
  /** Share of its capacity that a region reports on the new side: 1 is full. */
  readonly loads: readonly Said[];
  /** The one name that is simulated; undefined for all. */
  readonly service: string | undefined;
  /** A client histogram; undefined for the internet's users. */
  readonly clients: string | undefined;
  /** The moment at which everything is decided, since the Unix epoch. */
  readonly at: number;
}
