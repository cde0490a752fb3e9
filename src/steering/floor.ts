// The floor under automation: which regions stay in the race though they are down.

import type { RegionHealth } from '../model/health.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';

/** How much automation must leave of a service's regions. */
export interface Floor {
  /** So many regions, or so many hundredths of the weight of all that the service lists. */
  readonly least: number;
  readonly unit: 'regions' | 'percent';
  /**
   * What happens when less is alive: `keep` enough of those that failed last, or `fail-open`, which
   * ignores all verdicts.
   */
  readonly below: 'keep' | 'fail-open';
}

export interface FloorRule {
  /**
   * Those of the regions that are down which stay, besides all that are alive; none when those are
   * enough. Whom an operator has taken out is in neither list, and stays out.
   */
  spare(
    alive: readonly RegionId[],
    down: readonly RegionId[],
    health: ReadonlyMap<RegionId, RegionHealth>,
  ): ReadonlySet<RegionId>;
  /** `the floor is 2 regions`. */
  readonly words: string;
}

/** Two regions that failed within so much of each other failed at the same time. */
const together = 30_000;

const nobody: ReadonlySet<RegionId> = new Set();

/** A share is one of the weight of all that the service lists: what operators take out lacks too. */
export function prepareFloor(
  { least, unit, below }: Floor,
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
): FloorRule {
  const sizeOf = (id: RegionId): number =>
    unit === 'regions' ? 1 : (regions.get(id)?.weight ?? 0);
  const sum = (ids: readonly RegionId[]): number => ids.reduce((all, id) => all + sizeOf(id), 0);
  const wanted = unit === 'regions' ? least : (sum(service.regions) * least) / 100;
  const words =
    unit === 'regions' ? `${least} region${least === 1 ? '' : 's'}` : `${least} % of the weight`;
  return {
    words: `the floor is ${words}`,
    spare(alive, down, health) {
      let held = sum(alive);
      if (held >= wanted) return nobody;
      if (below === 'fail-open') return new Set(alive.length === 0 ? [] : down);
      const spared = new Set<RegionId>();
      for (const id of lastFirst(down, health)) {
        if (held >= wanted) break;
        if (sizeOf(id) > 0) spared.add(id);
        held += sizeOf(id);
      }
      return spared;
    },
  };
}

/**
 * The region that failed last comes first, since the least of its clients have left. Directors hear
 * of a failure at different moments, so where two failed together their ids decide: all keep the same.
 */
function lastFirst(
  down: readonly RegionId[],
  health: ReadonlyMap<RegionId, RegionHealth>,
): readonly RegionId[] {
  const rows = down.map((id) => ({ id, since: health.get(id)?.since ?? 0, group: 0 }));
  rows.sort((one, other) => other.since - one.since);
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1];
    if (before === undefined) continue;
    row.group = before.group + (before.since - row.since > together ? 1 : 0);
  }
  rows.sort((one, other) => one.group - other.group || (one.id < other.id ? -1 : 1));
  return rows.map(({ id }) => id);
}
