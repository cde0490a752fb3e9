// Builders for small fleets: regions, services, settings, and the snapshot that holds them all.

import type { Atlas } from '../../src/model/atlas.ts';
import type { Client } from '../../src/model/decision.ts';
import { openRecovery } from '../../src/health/recover.ts';
import type { Recovery, RegionHealth } from '../../src/model/health.ts';
import { type Ip, ipv4, ipv6, type Prefix, parseIp, parsePrefix } from '../../src/model/ip.ts';
import type { RegionLoad } from '../../src/model/load.ts';
import { recordTypes } from '../../src/model/message.ts';
import { type DomainName, parseName } from '../../src/model/name.ts';
import { type Override, overrideKey } from '../../src/model/override.ts';
import type { LoadSettings, Region, RegionId } from '../../src/model/region.ts';
import type { ReturnSettings, Service, Settings } from '../../src/model/settings.ts';
import { type Millis, millis, seconds } from '../../src/model/time.ts';
import { prepareChain } from '../../src/steering/chain.ts';
import { ClassList } from '../../src/steering/class-list.ts';
import { withoutWithheld } from '../../src/steering/effect.ts';
import { hashText } from '../../src/steering/hash.ts';
import { areaKey, compileAreas } from '../../src/steering/order.ts';
import { preparePlans } from '../../src/steering/plan.ts';
import { seedLength } from '../../src/steering/seeds.ts';
import type { AreaClasses, AreaMap, Plan, Snapshot } from '../../src/steering/snapshot.ts';
import { soaRdata } from '../../src/wire/rdata/soa.ts';

/** The moment at which built snapshots are asked, unless a test says otherwise. */
export const noon = millis(Date.UTC(2026, 4, 1, 12));

interface SnapshotFacts {
  readonly regions: readonly Region[];
  /** One service over all the regions, to the nearest, when none is given. */
  readonly services?: readonly Service[];
  readonly atlas?: Atlas | undefined;
  /** By region; the others are up. */
  readonly health?: Readonly<Record<string, RegionHealth>>;
  readonly overrides?: readonly Override[];
  readonly loads?: Readonly<Record<string, RegionLoad>>;
  readonly settings?: Partial<Settings>;
  readonly epoch?: number;
}

/** A whole snapshot, its geography compiled and its plans made. */
export function aSnapshot(facts: SnapshotFacts): Snapshot {
  const { regions, services = [aService({ regions })], atlas, epoch = 1 } = facts;
  const settings = aSettings({ ...facts.settings, regions, services });
  const health = new Map(regions.map(({ id }) => [id, facts.health?.[id] ?? upHealth()]));
  const overrides = new Map(facts.overrides?.map((word) => [overrideKey(word), word]));
  const areas = new Map(
    services.map((service) => [
      areaKey(service, settings.regions),
      compileToEnd(service, settings.regions, atlas),
    ]),
  );
  const loads = new Map(Object.entries(facts.loads ?? {}) as [RegionId, RegionLoad][]);
  const plans = preparePlans(settings, areas, health, overrides, loads);
  const named = withoutWithheld(settings.regions, overrides);
  return { epoch, builtAt: noon, settings, atlas, health, overrides, named, loads, plans };
}

export function compileToEnd(
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
  atlas: Atlas | undefined,
  mostCompared?: number,
): AreaMap {
  const compile = compileAreas(service, regions, atlas, mostCompared);
  for (;;) {
    const step = compile.next();
    if (step.done === true) return step.value;
  }
}

/** What the clients of a map are offered; `service` is one that the map was compiled for. */
export function classesOf(
  map: AreaMap,
  service: Service,
  regions: ReadonlyMap<RegionId, Region>,
): AreaClasses {
  return new ClassList(map, service, prepareChain(service, regions).ordering);
}

export function classCount({ seeds }: AreaMap): number {
  return seeds.length / seedLength;
}

/** The same plan, by which nothing was decided yet. */
export function unused(plan: Plan): Plan {
  const { mostStarts } = plan.findings;
  return {
    ...plan,
    findings: { survivors: undefined, starts: new Map(), mostStarts, memo: new Map() },
  };
}

/** The plan of a service, the first one when no name is given. */
export function planOf(snapshot: Snapshot, name?: string): Plan {
  const wanted = name === undefined ? undefined : aName(name);
  const plan = [...snapshot.plans.values()].find(
    ({ service }) => wanted === undefined || service.name === wanted,
  );
  if (plan === undefined) throw new Error(`no plan for ${name ?? 'any service'}`);
  return plan;
}

/** Reads a name; one without a dot lies in `example.test`. */
export function aName(text: string): DomainName {
  const name = parseName(text.includes('.') ? text : `${text}.example.test`);
  if (name === undefined) throw new Error(`not a name: ${text}`);
  return name;
}

export function anIp(text: string): Ip {
  const ip = parseIp(text);
  if (ip === undefined) throw new Error(`not an address: ${text}`);
  return ip;
}

export function aPrefix(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw new Error(`not a prefix: ${text}`);
  return prefix;
}

/** A client that a resolver asks for: its subnet, or undefined, and the resolver's own address. */
export function aClient(subnet: string | undefined, resolver = '192.0.2.53'): Client {
  return {
    address: anIp(resolver),
    origin: 'resolver',
    subnet: subnet === undefined ? undefined : aPrefix(subnet),
  };
}

interface RegionFacts extends Partial<Omit<Region, 'id' | 'coordinates'>> {
  readonly latitude?: number;
  readonly longitude?: number;
}

/** A region with addresses that follow from its id, so that two regions seldom share one. */
export function aRegion(id: string, facts: RegionFacts = {}): Region {
  const { latitude = 0, longitude = 0, ...rest } = facts;
  const own = hashText(id) % 0x20000;
  return {
    id: id as RegionId,
    title: id,
    coordinates: { latitude, longitude },
    country: 'ZZ',
    ipv4: [ipv4(0xc6120000 + own)],
    ipv6: [ipv6(0x20010db8, own, 0, 1)],
    cname: undefined,
    weight: 100,
    bias: 0,
    url: undefined,
    probes: undefined,
    nameServerAddresses: [],
    ...rest,
  };
}

export function someLoadSettings(facts: Partial<LoadSettings> = {}): LoadSettings {
  return {
    capacity: undefined,
    connections: undefined,
    low: 0.75,
    high: 0.9,
    lifetime: millis(30_000),
    token: undefined,
    ...facts,
  };
}

/** What is known of a busy region at noon. */
export function aLoad(facts: Partial<RegionLoad> = {}): RegionLoad {
  return { share: undefined, connections: undefined, at: noon, shed: 0, ...facts };
}

interface ServiceFacts extends Partial<Omit<Service, 'name' | 'regions'>> {
  /** `www` when none is given; one without a dot lies in `example.test`. */
  readonly name?: string;
  readonly regions: readonly (Region | string)[];
}

/** A service that sends everyone to the nearest region, unless steps are given. */
export function aService({ name = 'www', regions, ...rest }: ServiceFacts): Service {
  return {
    name: aName(name),
    zone: aName('example.test'),
    regions: regions.map((region) => (typeof region === 'string' ? region : region.id) as RegionId),
    policy: 'nearest',
    steps: [
      { kind: 'nearest', withinKm: 0 },
      { kind: 'take', count: 1 },
    ],
    ttl: { stable: seconds(30), short: seconds(10) },
    usesSubnet: true,
    answers: 'address',
    bindings: [],
    affinity: seconds(0),
    ...rest,
  };
}

type SettingsFacts = Partial<Omit<Settings, 'regions' | 'services'>> & {
  readonly regions: readonly Region[];
  readonly services: readonly Service[];
};

/** Settings for the zone `example.test`; the first region observes. */
export function aSettings({ regions, services, ...rest }: SettingsFacts): Settings {
  const apex = aName('example.test');
  const primary = aName('ns.example.test');
  const times = { serial: 1, refresh: 7200, retry: 900, expire: 1_209_600, minimum: 30 };
  const soa = soaRdata({ mname: primary, rname: aName('hostmaster.example.test'), ...times });
  const home = regions[0]?.id ?? 'home';
  return {
    director: { id: 'director-1', region: home },
    listen: { dns: [], http: { host: '127.0.0.1', port: 0 }, dot: [], doh: [] },
    tls: undefined,
    zones: [
      {
        apex,
        soa: { name: apex, type: recordTypes.SOA, ttl: seconds(3600), data: [soa] },
        nameServers: [{ name: primary, addresses: [anIp('198.51.100.53')] }],
        nameServerTtl: seconds(86_400),
        records: [],
        hasMadeSerial: false,
        secondaries: [],
      },
    ],
    services: new Map(services.map((service) => [service.name, service])),
    regions: new Map(regions.map((region) => [region.id, region])),
    health: {
      observers: [home],
      voteLifetime: millis(17_000),
      settle: millis(600_000),
      return: atOnce,
      probesInFlight: 64,
      probeNetworks: undefined,
    },
    clients: { isCollected: false, keep: 1000, sample: 1, halfLife: millis(604_800_000) },
    dns: {
      nsid: '',
      chaos: { version: undefined, id: undefined },
      workers: 0,
      tcpIdle: millis(10_000),
      proxies: [],
      rates: undefined,
      amplification: 20,
      explainTo: [],
      cookies: { secrets: [], isRequired: false },
      keys: [],
    },
    gossip: {
      boards: [],
      peers: [],
      secrets: [],
      postEvery: millis(2000),
      readEvery: millis(1000),
    },
    geo: { mmdb: undefined, asn: undefined },
    http: { trustedProxies: [], tokens: [], requestsPerSecond: 50 },
    log: { level: 'error', sampleQueries: 0 },
    audit: undefined,
    stateDir: undefined,
    secretFiles: [],
    tableFiles: [],
    digest: 'test',
    configuration: '0123456789ab',
    ...rest,
  };
}

/** A region that comes back is back at once. */
export const atOnce: ReturnSettings = {
  hold: millis(0),
  stage: millis(0),
  longestHold: millis(0),
};

/** Health of a region that has been up for a day. */
export function upHealth(change: Partial<RegionHealth> = {}): RegionHealth {
  const since = millis(noon - 86_400_000);
  const rest = { isKept: false, isSuspect: false, votes: [], recovery: openRecovery };
  return { verdict: 'up', since, ...rest, ...change };
}

/** Health of a region that came up two minutes before noon, with the next stage a minute after it. */
export function returningHealth(share: number, change: Partial<RegionHealth> = {}): RegionHealth {
  const [since, nextAt] = [millis(noon - 120_000), millis(noon + 60_000)];
  const stage = share === 0 ? 'holding' : 'half-open';
  const recovery: Recovery = { ...openRecovery, stage, share, since, nextAt };
  return upHealth({ since, recovery, ...change });
}

/** Health of a region that has been down for a day, by one vote that says why. */
export function downHealth(change: Partial<RegionHealth> = {}): RegionHealth {
  const reason = 'timed out after 2s';
  const age: Millis = millis(1000);
  const said = { verdict: 'down', age, latency: undefined, reason } as const;
  const votes = [{ region: 'watch', observer: 'watch-1', ...said }];
  const recovery: Recovery = { ...openRecovery, stage: 'out', share: 0, nextShare: 0 };
  return upHealth({ verdict: 'down', votes, recovery, ...change });
}

/** Alice drains a region from an hour before noon until two hours after it. */
export function anOverride(region: string, change: Partial<Override> = {}): Override {
  const start = millis(noon - 3_600_000);
  return {
    id: `override-${region}`,
    region: region as RegionId,
    kind: 'drain',
    actor: 'alice',
    reason: 'disk swap',
    start,
    end: millis(noon + 7_200_000),
    isLifted: false,
    clock: { wall: start, counter: 0, node: 'director-1' },
    ...change,
  };
}
