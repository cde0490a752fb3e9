// A stage for the watch: virtual time, a scripted world, and a record of everything that happened.

import { startWatch, type Watch } from '../../src/director/watch.ts';
import type { Opinion, Sample } from '../../src/model/health.ts';
import type {
  ProbeSpec,
  Region,
  RegionId,
  RegionProbes,
  TcpProbe,
} from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import type { Log, LogFields, Probe } from '../../src/ports.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

/**
 * A region with one probe, which asks a host named like the region unless another one is given.
 * Nothing is held down unless a test says so.
 */
export function region(
  id: string,
  { host = id, ...extra }: Partial<RegionProbes & { readonly host: string }> = {},
): Region {
  return {
    id: id as RegionId,
    title: id,
    coordinates: { latitude: 0, longitude: 0 },
    country: 'IE',
    ipv4: [],
    ipv6: [],
    cname: undefined,
    weight: 100,
    bias: 0,
    url: undefined,
    probes: {
      interval: millis(5000),
      downAfter: 3,
      upAfter: 5,
      holdDown: millis(0),
      flapHalfLife: millis(0),
      need: 1,
      list: [tcp(host)],
      ...extra,
    },
    nameServerAddresses: [],
  };
}

export const tcp = (host: string): TcpProbe => ({
  kind: 'tcp',
  host,
  port: 80,
  timeout: millis(2000),
});

export const unprobed = (id: string): Region => ({ ...region(id), probes: undefined });

export const healthy: Sample = { isHealthy: true, latency: millis(10), reason: '' };
export const refused: Sample = {
  isHealthy: false,
  latency: millis(1),
  reason: 'connection refused',
};

export interface Scene {
  readonly clock: FakeClock;
  readonly watch: Watch;
  /** `<seconds since the start> <region>` for each probe made. */
  readonly probes: string[];
  /** `<region> <verdict>`, with `?` when suspect and the reason, for each opinion told. */
  readonly told: string[];
  readonly logged: [string, LogFields | undefined][];
  /** What the next probe of a region finds; healthy where nothing is set. */
  readonly world: Map<string, Sample>;
  readonly verdict: (id: string) => string | undefined;
}

interface Props {
  probe?: Probe;
  random?: () => number;
  onOpinion?: (id: RegionId, opinion: Opinion) => void;
  onSample?: (id: RegionId, sample: Sample) => void;
}

/** The host that a probe of `region()` asks. */
export const hostOf = (spec: ProbeSpec): string => (spec.kind === 'tcp' ? spec.host : '');

/** A watch of regions probed after half a second and then at exact intervals, unless told otherwise. */
export function stage(props: Props = {}): Scene {
  const clock = createFakeClock(0);
  const probes: string[] = [];
  const told: string[] = [];
  const logged: [string, LogFields | undefined][] = [];
  const world = new Map<string, Sample>();
  const note = (event: string, fields?: LogFields): void => void logged.push([event, fields]);
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const watch = startWatch({
    clock,
    log,
    random: props.random ?? (() => 0.5),
    onSample: props.onSample,
    probe: async (spec, signal) => {
      probes.push(`${clock.now() / 1000} ${hostOf(spec)}`);
      return (await props.probe?.(spec, signal)) ?? world.get(hostOf(spec)) ?? healthy;
    },
    onOpinion: (id, opinion) => {
      const { verdict, isSuspect, reason } = opinion;
      told.push(`${id} ${verdict}${isSuspect ? '?' : ''} ${reason}`.trim());
      props.onOpinion?.(id, opinion);
    },
  });
  const verdict = (id: string): string | undefined => watch.opinions().get(id as RegionId)?.verdict;
  return { clock, watch, probes, told, logged, world, verdict };
}
