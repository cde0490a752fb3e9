// A drill on paper: one region's failover curve, and how long it takes from other causes.

import type { Region, RegionId } from '../model/region.ts';
import type { Settings, TtlBounds } from '../model/settings.ts';
import { formatName } from '../model/name.ts';
import type { Caches } from './caches.ts';
import { curveOf, type FailoverCurve } from './curve.ts';
import type { Cause } from './detection.ts';
import { failoverOf, servicesOf } from './failover.ts';

export interface Drill {
  readonly region: RegionId;
  /** The service with the longest TTL of those that name the region: its clients leave last. */
  readonly service: string;
  readonly ttl: TtlBounds;
  readonly cause: Cause;
  readonly caches: Caches;
  readonly curve: FailoverCurve;
  /** Why no director would notice; undefined where they do. */
  readonly unnoticed: string | undefined;
  /** For each cause, this one too. */
  readonly causes: readonly (Pick<FailoverCurve, 'moved' | 'left'> & { readonly cause: Cause })[];
}

export interface DrillWish {
  readonly region: RegionId;
  readonly cause: Cause;
  readonly caches: Caches;
  readonly isHinted: boolean;
}

/** Each cause in the words of a report. */
export const causeWords: Readonly<Record<Cause, string>> = {
  refused: 'its service refuses connections',
  silent: 'its service takes connections and says nothing',
  lost: 'the whole region is lost, its director too',
  drained: 'an operator drains it',
};

export const causes = Object.keys(causeWords) as readonly Cause[];

/** Undefined where no service names the region, or there is none of that name. */
export function drillOf(settings: Settings, wish: DrillWish): Drill | undefined {
  const region = settings.regions.get(wish.region);
  const [service] = servicesOf(settings, wish.region);
  if (region === undefined || service === undefined) return undefined;
  const curves = causes.map((cause) => ({
    cause,
    curve: curveOf(failoverOf(settings, { ...wish, region, service, cause })),
  }));
  const chosen = curves.find(({ cause }) => cause === wish.cause);
  if (chosen === undefined) return undefined;
  return {
    region: wish.region,
    service: formatName(service.name),
    ttl: service.ttl,
    cause: wish.cause,
    caches: wish.caches,
    curve: chosen.curve,
    unnoticed: Number.isFinite(chosen.curve.moved.latest) ? undefined : whyUnnoticed(region),
    causes: curves.map(({ cause, curve: { moved, left } }) => ({ cause, moved, left })),
  };
}

function whyUnnoticed({ probes }: Region): string {
  return probes === undefined
    ? 'No director notices: the region is not probed'
    : 'No director notices: the only observing region is the one that fails';
}
