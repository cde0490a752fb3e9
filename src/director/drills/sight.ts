// What a drill can see of regions at this director.

import type { RegionSight, Sight } from '../../drill/stops.ts';
import type { HealthView } from '../../model/health.ts';
import type { Loads } from '../loads.ts';
import type { SnapshotCell } from '../snapshot.ts';

export interface SightParts {
  readonly cell: SnapshotCell;
  /** The newest tally. */
  readonly health: () => HealthView;
  readonly loads: Pick<Loads, 'facts'>;
}

export function sightOf({ cell, health, loads }: SightParts): Sight {
  const view = health();
  const facts = loads.facts();
  const { regions } = cell.view.snapshot.settings;
  return new Map(
    Array.from(regions.values(), ({ id, probes }) => {
      const { verdict, isKept } = view.get(id) ?? { verdict: 'unknown', isKept: true };
      const load = facts.get(id)?.load ?? undefined;
      const seen: RegionSight = { verdict, isKept, isProbed: probes !== undefined, load };
      return [id, seen] as const;
    }),
  );
}
