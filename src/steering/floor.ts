// The floor under automation: who serves all of its clients though it is down or has just come back.

import type { RegionHealth } from '../model/health.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';
import type { Moment } from './step.ts';
import { wayBack } from './steps/half-open.ts';

type State = Pick<Moment, 'health' | 'overrides'>;

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
   * Who of those that operators have left in serves for the floor's sake alone, and then all of its
   * clients. First come regions on their way back, as many as are lacking; only where all of those
   * are too few, regions that are down. Nobody while nothing is alive: that is for the last resort.
   */
  fill(racing: readonly RegionId[], state: State): ReadonlySet<RegionId>;
  /** `the floor is 2 regions`. */
  readonly words: string;
}

/** Two regions that failed within so much of each other failed at the same time. */
const together = 30_000;

export const nobody: ReadonlySet<RegionId> = new Set();

/** Undefined for a service without a floor. */
export function floorOf({ steps }: Pick<Service, 'steps'>): Floor | undefined {
  return steps.find(({ kind }) => kind === 'alive')?.['floor'] as Floor | undefined;
}

/** A share is one of the weight of all that the service lists: what operators take out lacks too. */
export function prepareFloor(
  { least, unit, below }: Floor,
  service: Pick<Service, 'regions'>,
  regions: ReadonlyMap<RegionId, Region>,
): FloorRule {
  const sizeOf = (id: RegionId): number =>
    unit === 'regions' ? 1 : (regions.get(id)?.weight ?? 0);
  const sum = (ids: readonly RegionId[]): number => ids.reduce((all, id) => all + sizeOf(id), 0);
  const wanted = unit === 'regions' ? least : (sum(service.regions) * least) / 100;
  const take = (queue: readonly RegionId[], lacking: number): RegionId[] => {
    const taken: RegionId[] = [];
    for (const id of queue) {
      if (sum(taken) >= lacking) break;
      if (sizeOf(id) > 0) taken.push(id);
    }
    return taken;
  };
  const words =
    unit === 'regions' ? `${least} region${least === 1 ? '' : 's'}` : `${least} % of the weight`;
  return {
    words: `the floor is ${words}`,
    fill(racing, state) {
      const { open, back, down } = sortOut(racing, state);
      const lacking = wanted - sum(open);
      if (lacking <= 0 || open.length + back.length === 0) return nobody;
      const stillLacking = lacking - sum(back);
      if (stillLacking <= 0) return new Set(take(farthestFirst(back, state), lacking));
      const kept = below === 'fail-open' ? down : take(lastFirst(down, state.health), stillLacking);
      return new Set([...back, ...kept]);
    },
  };
}

/** True for a region that is down by the votes and by no operator's word up. */
export function isDown(region: RegionId, { health, overrides }: State): boolean {
  return health.get(region)?.verdict === 'down' && overrides.get(region)?.kind !== 'up';
}

/** Open regions have all of their clients, those on their way back do not yet. */
function sortOut(
  racing: readonly RegionId[],
  state: State,
): Record<'open' | 'back' | 'down', RegionId[]> {
  const sorted = { open: [] as RegionId[], back: [] as RegionId[], down: [] as RegionId[] };
  for (const id of racing) {
    if (isDown(id, state)) sorted.down.push(id);
    else sorted[wayBack(id, state) === undefined ? 'open' : 'back'].push(id);
  }
  return sorted;
}

/** All directors know the same shares, so all take the same. */
function farthestFirst(back: readonly RegionId[], state: State): readonly RegionId[] {
  const shareOf = (id: RegionId): number => wayBack(id, state)?.share ?? 1;
  return back.toSorted((one, other) => shareOf(other) - shareOf(one) || (one < other ? -1 : 1));
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
