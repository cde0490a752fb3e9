// What a configuration says of a failover: its settings, as the curve takes them.

import { pushProbesOf, type Region, type RegionId, type RegionProbes } from '../model/region.ts';
import type { Service, Settings } from '../model/settings.ts';
import { millis } from '../model/time.ts';
import type { Caches } from './caches.ts';
import type { Failover } from './curve.ts';
import type { Cause, Detection } from './detection.ts';

export interface FailoverWish {
  readonly region: Region;
  readonly service: Pick<Service, 'ttl'>;
  readonly cause: Cause;
  readonly caches: Caches;
  /** False where boards allow no hints (`docs/gossip.md`), so that news waits for the next read. */
  readonly isHinted: boolean;
}

/**
 * From a post to a read that a hint caused, in milliseconds: two ways across a network, and at most
 * `shortestGap` of `director/gossip/lane.ts` since the last read. Assumed.
 */
const hinted = [50, 250] as const;

/** How much longer than set the wait for a periodic read may be (`director/gossip/pace.ts`). */
const readJitter = 1.1;

export function failoverOf(settings: Settings, wish: FailoverWish): Failover {
  const { region, service, cause, caches, isHinted } = wish;
  const { health, gossip } = settings;
  const isAlone = gossip.boards.length === 0 && gossip.peers.length === 0;
  const [least, most] = hinted;
  const detection: Detection = {
    cause,
    probes: region.probes && probesOf(region.probes, region),
    observers: health.observers.length,
    hasOwnObserver: health.observers.includes(region.id),
    voteLifetime: health.voteLifetime,
    postEvery: gossip.postEvery,
    news: isAlone ? [0, 0] : [least, isHinted ? most : most + gossip.readEvery * readJitter],
  };
  return { detection, ttl: service.ttl, caches };
}

/** The services that name a region, and so have clients there; the one with the longest TTL first. */
export function servicesOf(settings: Settings, region: RegionId): Service[] {
  return [...settings.services.values()]
    .filter(({ regions }) => regions.includes(region))
    .toSorted((one, other) => other.ttl.stable - one.ttl.stable);
}

/** Silence of an application counts once its last report no longer speaks; all probes are waited for. */
function probesOf(probes: RegionProbes, region: Region): NonNullable<Detection['probes']> {
  const { interval, downAfter, list } = probes;
  const timeouts = list.flatMap((spec) => (spec.kind === 'push' ? [] : [spec.timeout]));
  const silences = pushProbesOf(region).map(({ lifetime }) => lifetime);
  const timeout = timeouts.length > 0 ? Math.max(...timeouts) : Math.max(0, ...silences);
  return { interval, downAfter, timeout: millis(timeout) };
}
