// Where shedding comes to rest while regions are asked for the same all the time.

import type { Region, RegionId } from '../model/region.ts';
import { millis } from '../model/time.ts';
import { roomIn, sizesOf } from './room.ts';
import { memory, nextShed, type Shedding, startShedding } from './shed.ts';

/** Reports in a row that move nothing any more, and how many there are at most. */
const quiet = 3 * memory;
const most = 2000;

/** From one report to the next; answers are taken to be out of all caches by then. */
const everyMs = 60_000;
const ttl = { stable: millis(0), short: millis(0) };

/**
 * The share of client networks that each region passes on in the end. `demand` is the load each would
 * have if it passed nobody on, as a share of what fills it. Reports are exact; who takes the clients of
 * others does not become busier by them, and regions without a demand have room for all.
 */
export function steadySheds(
  regions: readonly Region[],
  demand: ReadonlyMap<RegionId, number>,
): ReadonlyMap<RegionId, number> {
  const asked = regions.filter(({ id, load }) => load !== undefined && demand.has(id));
  const sizes = sizesOf(regions);
  let sheds = asked.map(() => startShedding(millis(0)));
  let still = 0;
  for (let report = 1; report <= most && still < quiet; report++) {
    const room = roomFor(sheds);
    const next = sheds.map((last, i) => reportOf(last, i, report * everyMs, room));
    still = next.every(({ share }, i) => share === sheds[i]?.share) ? still + 1 : 0;
    sheds = next;
  }
  return new Map(asked.map(({ id }, i) => [id, sheds[i]?.share ?? 0]));

  function roomFor(all: readonly Shedding[]): number {
    const nothing = startShedding(millis(0));
    return roomIn(
      regions.map((region) => {
        const at = asked.indexOf(region);
        const settings = at < 0 ? undefined : region.load;
        return { size: sizes.get(region.id) ?? 1, settings, shedding: all[at] ?? nothing };
      }),
    );
  }

  function reportOf(last: Shedding, i: number, now: number, room: number): Shedding {
    const { id, load: settings } = asked[i] as Region;
    const inForce = last.share;
    const share = (demand.get(id) ?? 0) * (1 - inForce);
    return nextShed({
      last,
      load: { share, at: millis(now) },
      settings: settings ?? { low: 1, high: 1, lifetime: millis(Number.POSITIVE_INFINITY) },
      inForce,
      room,
      ttl,
      now: millis(now),
    });
  }
}
