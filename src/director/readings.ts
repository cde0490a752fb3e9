// Readings: everything that is measured, as plain data, taken at the moment somebody asks.

import type { Opinion } from '../model/health.ts';
import type { Clock } from '../ports.ts';
import type { Conclude } from './conclude.ts';
import type { Counters } from './counters.ts';
import type { Gossip, GossipEvent } from './gossip.ts';
import type { SnapshotCell } from './snapshot.ts';
import type { Watch } from './watch.ts';

/** Counts that do not belong to one query. */
export interface Tallies {
  readonly counters: Counters;
  readonly gossip: Map<GossipEvent, number>;
  readonly reloads: { accepted: number; refused: number };
  sendErrors: number;
}
