// Sheds: what this director would have each busy region pass on, and what the fleet agrees on.

import { agreeOnShed, type HeardClaim, type LoadFinding } from '../health/load.ts';
import { roomIn, sizesOf } from '../health/room.ts';
import { nextShed, type Shedding, startShedding } from '../health/shed.ts';
import type { HealthView } from '../model/health.ts';
import type { RegionId } from '../model/region.ts';
import type { Settings } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';

export interface Sheds {
  /** True when what this director would do has changed, so that the others should know. */
  look(scene: ShedScene): boolean;
  /** What this director would do; undefined while it has no say. */
  wish(region: RegionId): number | undefined;
  /** The share that answers go by. */
  agreed(region: RegionId): number;
}

/** What there is to be seen at one moment. */
export interface ShedScene {
  readonly settings: Settings;
  readonly health: HealthView;
  readonly found: ReadonlyMap<RegionId, LoadFinding>;
  readonly claims: ReadonlyMap<RegionId, readonly HeardClaim[]>;
  readonly now: Millis;
}

/** One region's, and since when this director has had one. */
interface Held {
  readonly shedding: Shedding;
  readonly bornAt: Millis;
}

export function createSheds(): Sheds {
  let held: ReadonlyMap<RegionId, Held> = new Map();
  let spoken: ReadonlySet<RegionId> = new Set();
  return {
    look(scene) {
      const before = held;
      held = next(before, scene);
      spoken = new Set([...held].filter(([, of]) => isGrown(of, scene)).map(([id]) => id));
      return [...held].some(
        ([id, { shedding }]) =>
          spoken.has(id) && shedding.share !== (before.get(id)?.shedding.share ?? 0),
      );
    },
    wish: (region) => (spoken.has(region) ? held.get(region)?.shedding.share : undefined),
    agreed: (region) => held.get(region)?.shedding.inForce ?? 0,
  };
}

function next(before: ReadonlyMap<RegionId, Held>, scene: ShedScene): ReadonlyMap<RegionId, Held> {
  const { settings, found, now } = scene;
  const regions = [...settings.regions.values()].filter(({ load }) => load !== undefined);
  const lasts = new Map(
    regions.map(({ id }) => {
      return [id, before.get(id) ?? { shedding: startShedding(now), bornAt: now }];
    }),
  );
  const room = roomFor(lasts, scene);
  const ttls = longestTtls(settings);
  const never = { stable: millis(0), short: millis(0) };
  return new Map(
    Array.from(lasts, ([id, last]) => {
      const own = settings.regions.get(id)?.load;
      if (own === undefined) return [id, last];
      const seen = { load: found.get(id), settings: own, room, now };
      const ttl = ttls.get(id) ?? never;
      const inForce = agree(id, last, scene);
      const shedding = nextShed({ last: last.shedding, ...seen, inForce, ttl });
      return [id, { ...last, shedding }];
    }),
  );
}

/**
 * Who has only just started goes by what the others do, as far as there are any: it has no say until
 * it must have heard of them, or its restart alone would call clients back.
 */
function agree(region: RegionId, last: Held, scene: ShedScene): number {
  const { claims, settings } = scene;
  const heard = claims.get(region) ?? [];
  const self = { region: settings.director.region, shed: last.shedding.share };
  const others = heard.some(({ claim }) => claim.shed !== undefined);
  return agreeOnShed(heard, others && !isGrown(last, scene) ? undefined : self);
}

function isGrown({ bornAt }: Held, { settings, now }: ShedScene): boolean {
  return Math.abs(now - bornAt) >= settings.health.voteLifetime;
}

/** Among the regions that clients are sent to. */
function roomFor(sheds: ReadonlyMap<RegionId, Held>, { settings, health, now }: ShedScene): number {
  const serving = [...settings.regions.values()].filter(
    ({ id }) => health.get(id)?.verdict !== 'down',
  );
  const sizes = sizesOf(serving);
  const nothing = startShedding(now);
  return roomIn(
    serving.map(({ id, load }) => ({
      size: sizes.get(id) ?? 1,
      settings: load,
      shedding: sheds.get(id)?.shedding ?? nothing,
    })),
  );
}

/** The longest that an answer which names a region may be cached. */
function longestTtls({
  services,
}: Settings): ReadonlyMap<RegionId, { readonly stable: Millis; readonly short: Millis }> {
  const ttls = new Map<RegionId, { readonly stable: Millis; readonly short: Millis }>();
  for (const { regions, ttl } of services.values()) {
    for (const region of regions) {
      const held = ttls.get(region);
      ttls.set(region, {
        stable: millis(Math.max(held?.stable ?? 0, ttl.stable * 1000)),
        short: millis(Math.max(held?.short ?? 0, ttl.short * 1000)),
      });
    }
  }
  return ttls;
}
