// Room: how much of what is too much for busy regions the others could take.

import type { LoadSettings, Region, RegionId } from '../model/region.ts';
import { memory, type Shedding } from './shed.ts';

/** What each can carry: capacities, or connections, where all that say how busy they are have one, else weights. */
export function sizesOf(regions: readonly Region[]): ReadonlyMap<RegionId, number> {
  const sized = regions.filter(({ load }) => load !== undefined);
  const units = ['capacity', 'connections'] as const;
  const unit = units.find((each) => sized.every(({ load }) => load?.[each] !== undefined));
  return new Map(
    regions.map(({ id, load, weight }) => [
      id,
      (unit === undefined ? undefined : load?.[unit]) ?? weight,
    ]),
  );
}

/** One region that serves clients at this moment. */
export interface Vessel {
  /** What it can carry, in a unit that all share. */
  readonly size: number;
  /** Undefined for a region that says nothing of its load: it is left to its operator to take what comes. */
  readonly settings: Pick<LoadSettings, 'low' | 'high'> | undefined;
  readonly shedding: Pick<Shedding, 'load' | 'reports' | 'inForce' | 'moved'>;
}

/**
 * Share of all excess, 0 to 1, that others can take without being more than half-way between their
 * watermarks. A region that passes clients on itself has no room, nor has one that should say how
 * busy it is and does not. What was passed on of late is taken off, since the reports of those who
 * get it do not yet tell of it. So a fleet that is busy all over moves nobody, and two busy regions
 * never both take the same room.
 */
export function roomIn(vessels: readonly Vessel[]): number {
  let spare = 0;
  let excess = 0;
  for (const { size, settings, shedding } of vessels) {
    if (shedding.reports < memory) spare -= shedding.moved * size;
    if (settings === undefined) {
      spare = Number.POSITIVE_INFINITY;
    } else if (shedding.load !== undefined) {
      const over = (shedding.load - (settings.low + settings.high) / 2) * size;
      if (over > 0) excess += over;
      else if (shedding.inForce === 0) spare -= over;
    }
  }
  return excess === 0 ? 0 : Math.max(0, Math.min(1, spare / excess));
}
