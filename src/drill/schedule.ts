// Schedules: whether a drill is due at this moment, and of which region.

import type { DrillSchedule } from '../model/drill-schedule.ts';
import type { RegionId } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';
import { endAfter, isWithin } from '../model/window.ts';
import { drilledKey, type Logbook } from './logbook.ts';

export interface Due {
  readonly region: RegionId;
  /** By then it must be over. */
  readonly closesAt: Millis;
}

/**
 * Undefined outside of windows, where a drill of any of its regions has begun within this one, and where
 * one has so lately that the next is not due before the window closes. A drill that somebody began by hand counts as well.
 */
export function dueNow(
  { regions, windows, every, request }: DrillSchedule,
  book: Logbook,
  now: Millis,
): Due | undefined {
  const window = windows.find((each) => isWithin(each, now));
  if (window === undefined) return undefined;
  const closesAt = endAfter(window, now);
  const opensAt = closesAt - (window.to - window.from);
  const begunAt = (region: RegionId): number =>
    book.get(drilledKey(region, request.service))?.begunAt ?? Number.NEGATIVE_INFINITY;
  const last = Math.max(...regions.map(begunAt));
  if (last >= opensAt || closesAt - last < every) return undefined;
  const longest = Math.min(...regions.map(begunAt));
  const region = regions.find((each) => begunAt(each) === longest);
  return region && { region, closesAt: millis(closesAt) };
}
