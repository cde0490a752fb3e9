// Everything a decision depends on, immutable, with an epoch that grows at each change.

import type { Atlas } from './atlas.ts';
import type { Tiers } from './decision.ts';
import type { HealthView } from './health.ts';
import type { Override } from './override.ts';
import type { RangeTable } from './ranges.ts';
import type { RegionId } from './region.ts';
import type { Settings } from './settings.ts';
import type { Millis } from './time.ts';

/** Geography compiled for one set of candidates: address range → class → ordered regions. */
export interface AreaMap {
  /** A range's number is its class. */
  readonly ranges: RangeTable;
  /** Per class, what every client in it is offered, best first. */
  readonly classes: readonly AreaClass[];
}

export interface AreaClass {
  readonly tiers: Tiers;
  /** True for addresses that no public client has: such a client is located another way. */
  readonly isSpecial: boolean;
}

export interface Snapshot {
  readonly epoch: number;
  /** When answers last may have changed. */
  readonly changedAt: Millis;
  readonly settings: Settings;
  /** By the key that `steering/order.ts` gives a service. */
  readonly areas: ReadonlyMap<string, AreaMap>;
  /** Undefined when no GeoIP data could be loaded: every client gets the default order. */
  readonly atlas: Atlas | undefined;
  readonly health: HealthView;
  /** Overrides that are active, by region. */
  readonly overrides: ReadonlyMap<RegionId, Override>;
}
