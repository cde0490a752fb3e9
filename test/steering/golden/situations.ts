// Telling situations: what is going on, who asks, and by which policy; everything happens at noon of 2026-05-01.

import type { RegionHealth } from '../../../src/model/health.ts';
import type { RegionLoad } from '../../../src/model/load.ts';
import type { LoadSettings, RegionId } from '../../../src/model/region.ts';
import type { Service, StepSettings } from '../../../src/model/settings.ts';
import { millis } from '../../../src/model/time.ts';
import { anAtlas } from '../../support/atlas.ts';
import {
  anIp,
  anOverride,
  aPrefix,
  aRegion,
  type aSnapshot,
  downHealth,
  noon,
  returningHealth,
  upHealth,
} from '../../support/fleet.ts';

export interface Situation {
  /** In one sentence. */
  readonly what: string;
  readonly steps: readonly StepSettings[];
  readonly service?: Partial<Pick<Service, 'usesSubnet'>>;
  readonly facts?: Partial<Parameters<typeof aSnapshot>[0]>;
  /** An address or a subnet, as if it had come along with the query. */
  readonly client: string | undefined;
  readonly resolver: string | undefined;
}

const id = (text: string): RegionId => text as RegionId;

const dublin = aRegion('eu-west', {
  country: 'IE',
  latitude: 53.35,
  longitude: -6.26,
  weight: 70,
  ipv4: [anIp('192.0.2.10')],
});
const frankfurt = aRegion('eu-central', {
  country: 'DE',
  latitude: 50.11,
  longitude: 8.68,
  weight: 30,
  ipv4: [anIp('192.0.2.20')],
});
const marseille = aRegion('eu-south', {
  country: 'FR',
  latitude: 43.3,
  longitude: 5.37,
  ipv4: [anIp('192.0.2.25')],
});
const virginia = aRegion('us-east', {
  country: 'US',
  latitude: 38.95,
  longitude: -77.45,
  ipv4: [anIp('192.0.2.30')],
});
const tokyo = aRegion('ap-northeast', {
  country: 'JP',
  latitude: 35.68,
  longitude: 139.65,
  ipv4: [anIp('192.0.2.60')],
});

export const regions = [dublin, frankfurt, virginia, tokyo];

const data = anAtlas(
  [
    { prefix: '81.2.64.0/18', country: 'GB', lat: 53.48, lon: -2.24, city: 'Manchester' },
    { prefix: '82.0.0.0/9', country: 'FR', lat: 48.86, lon: 2.35, radius: 500 },
    { prefix: '84.226.0.0/15', country: 'CH', lat: 47.37, lon: 8.55, city: 'Zurich', radius: 10 },
    {
      prefix: '77.0.0.0/10',
      country: 'DE',
      subdivision: 'BE',
      lat: 52.52,
      lon: 13.4,
      city: 'Berlin',
    },
    {
      prefix: '77.3.9.128/25',
      country: 'DE',
      subdivision: 'BY',
      lat: 48.14,
      lon: 11.58,
      city: 'Munich',
    },
    { prefix: '83.0.0.0/12', country: 'FR', lat: 48.2, lon: -3, radius: 300 },
    {
      prefix: '66.0.0.0/12',
      country: 'US',
      lat: 39.1,
      lon: -94.6,
      city: 'Kansas City',
      subdivision: 'MO',
    },
    {
      prefix: '2a02:8100::/28',
      country: 'DE',
      subdivision: 'HH',
      lat: 53.55,
      lon: 9.99,
      city: 'Hamburg',
    },
  ],
  [{ prefix: '84.226.0.0/16', asn: 64_500 }],
);

export const atlas = { ...data, source: 'GeoLite2-City in city.mmdb' };

const nearest: StepSettings = { kind: 'nearest', withinKm: 0 };
const one: StepSettings = { kind: 'take', count: 1 };
const plain = [nearest, one];

const loadSettings: LoadSettings = {
  capacity: 1000,
  connections: undefined,
  low: 0.7,
  high: 0.9,
  lifetime: millis(30_000),
  token: undefined,
};

function loadOf(share: number, connections: number): RegionLoad {
  return { share, connections, at: millis(noon - 2000), shed: 0 };
}

const manchester = { client: '81.2.69.142', resolver: undefined };
const berlin = { client: '77.3.1.0/24', resolver: '77.0.0.53' };
const zurich = { client: '84.226.1.0/24', resolver: undefined };
const somewhereInFrance = { client: '82.3.4.0/24', resolver: undefined };
const brittany = { client: '83.4.5.0/24', resolver: undefined };

/** Of the observers outside, the first say that a region is down. */
function outvoted(against: number, change: Partial<RegionHealth> = {}): RegionHealth {
  const said = { age: millis(800), latency: undefined } as const;
  const observers = ['ap-northeast', 'eu-central', 'us-east'];
  const votes = observers.map((region, i) => {
    const isDown = i < against;
    const reason = isDown ? 'timed out after 2s' : '';
    return {
      ...said,
      region,
      observer: `${region}-1`,
      verdict: isDown ? 'down' : 'up',
      reason,
    } as const;
  });
  return downHealth({ since: millis(noon - 60_000), votes, ...change });
}

const everyoneDown = Object.fromEntries(regions.map((region) => [region.id, outvoted(3)]));

/** A director that hears nobody any more keeps what it last knew. */
const isolated = Object.fromEntries(
  regions.map((region) => [region.id, upHealth({ isKept: true })]),
);

export const situations: Readonly<Record<string, Situation>> = {
  nearest: {
    what: 'A calm day: a client in Manchester, by its own address.',
    steps: plain,
    ...manchester,
  },
  resolver: {
    what: 'A resolver in Zurich that says nothing of its clients.',
    steps: plain,
    client: undefined,
    resolver: '84.226.0.53',
  },
  anonymous: {
    what: 'A client that asks not to be located, behind a resolver in Berlin.',
    steps: plain,
    client: '0.0.0.0/0',
    resolver: '77.0.0.53',
  },
  'subnet-not-used': {
    what: 'A service for which client subnets do not count.',
    steps: plain,
    service: { usesSubnet: false },
    ...berlin,
  },
  'private-address': {
    what: 'A subnet that is not public, sent by a resolver in Manchester.',
    steps: plain,
    client: '10.1.2.0/24',
    resolver: '81.2.69.53',
  },
  'unknown-place': {
    what: 'An address that the GeoIP data does not know.',
    steps: plain,
    client: '8.8.8.0/24',
    resolver: undefined,
  },
  ipv6: {
    what: 'A client in Hamburg, by IPv6.',
    steps: plain,
    client: '2a02:8101:40::/48',
    resolver: undefined,
  },
  'cut-network': {
    what: 'A network of which half is in Berlin and half in Munich, and a rule sends Bavaria elsewhere.',
    steps: [
      {
        kind: 'rules',
        rules: [{ networks: [], countries: [], subdivisions: ['DE-BY'], prefer: [id('us-east')] }],
      },
      ...plain,
    ],
    client: '77.3.9.0/24',
    resolver: undefined,
  },
  vague: {
    what: 'GeoIP knows no more than France, and two regions are about as near.',
    steps: plain,
    ...somewhereInFrance,
  },
  'vague-country': {
    what: 'GeoIP knows no more than France, and the policy then believes that, though Dublin seems to be nearer than Marseille.',
    steps: [{ ...nearest, whenVague: 'country' }, one],
    facts: { regions: [dublin, marseille, virginia] },
    ...brittany,
  },
  'vague-several': {
    what: 'GeoIP knows no more than France, and the policy then answers with every region that may be the nearest.',
    steps: [{ ...nearest, whenVague: 'equal' }, { kind: 'take' }],
    ...somewhereInFrance,
  },
  bias: {
    what: 'A bias draws clients to Frankfurt that are nearer to Dublin.',
    steps: plain,
    facts: { regions: [dublin, { ...frankfurt, bias: 70 }, virginia, tokyo] },
    ...manchester,
  },
  'rule-network': {
    what: 'A rule for the network of a head office.',
    steps: [
      {
        kind: 'rules',
        rules: [
          {
            networks: [aPrefix('81.2.69.0/24'), aPrefix('203.0.113.0/24')],
            countries: [],
            prefer: [id('us-east')],
          },
        ],
      },
      ...plain,
    ],
    ...manchester,
  },
  'rule-system': {
    what: 'A rule for an autonomous system that peers in Dublin.',
    steps: [
      {
        kind: 'rules',
        rules: [{ networks: [], asns: [64_500], countries: [], prefer: [id('eu-west')] }],
      },
      ...plain,
    ],
    ...zurich,
  },
  'rule-country': {
    what: 'A rule for Switzerland, and the region that it prefers is down.',
    steps: [
      { kind: 'rules', rules: [{ networks: [], countries: ['CH'], prefer: [id('eu-west')] }] },
      ...plain,
    ],
    facts: { health: { 'eu-west': outvoted(2) } },
    ...zurich,
  },
  'map-city': {
    what: 'A map with a list for Berlin, one for Germany and one for Europe.',
    steps: [
      {
        kind: 'geo-map',
        cities: { 'DE-BE/Berlin': [[id('eu-west')]] },
        subdivisions: {},
        countries: { DE: [[id('eu-central')]] },
        continents: { EU: [[id('eu-west'), id('eu-central')]] },
        standard: [[id('us-east')]],
        only: true,
      },
      ...plain,
    ],
    ...berlin,
  },
  'fence-last-resort': {
    what: 'German data stays in Frankfurt, and Frankfurt is down.',
    steps: [
      { kind: 'fence', fences: [{ countries: ['DE'], regions: [id('eu-central')] }] },
      ...plain,
    ],
    facts: { health: { 'eu-central': outvoted(2) } },
    ...berlin,
  },
  failover: {
    what: 'A primary in Virginia with standbys; the primary is down.',
    steps: [{ kind: 'priority', groups: [[id('us-east')], [id('eu-west')]] }, one],
    facts: { health: { 'us-east': outvoted(2) } },
    ...manchester,
  },
  'latency-table': {
    what: 'The operator has measured: from Switzerland Dublin is faster than Frankfurt.',
    steps: [
      {
        kind: 'latency',
        rows: [{ area: 'CH', countries: ['CH'], ms: { 'eu-west': 18, 'eu-central': 24.5 } }],
        withinMs: 0,
      },
      ...plain,
    ],
    ...zurich,
  },
  'weighted-network': {
    what: 'Two regions share Europe by weight, and the client is known.',
    steps: [{ kind: 'nearest', withinKm: 1000 }, { kind: 'weight' }, one],
    ...somewhereInFrance,
  },
  'weighted-resolver': {
    what: 'Two regions share Europe by weight, and the resolver says nothing of its clients.',
    steps: [{ kind: 'nearest', withinKm: 1000 }, { kind: 'weight' }, one],
    client: undefined,
    resolver: '81.2.69.53',
  },
  'weight-zero': {
    what: 'Frankfurt is being emptied by a weight of 0.',
    steps: [{ kind: 'nearest', withinKm: 1000 }, { kind: 'weight' }, one],
    facts: { regions: [dublin, { ...frankfurt, weight: 0 }, virginia, tokyo] },
    ...zurich,
  },
  sticky: {
    what: 'A network keeps its region among those that are about as near.',
    steps: [{ kind: 'nearest', withinKm: 1000 }, { kind: 'consistent-hash' }, one],
    ...berlin,
  },
  'round-robin': {
    what: 'Regions take turns, and the resolver says nothing of its clients.',
    steps: [{ kind: 'round-robin' }, one],
    client: undefined,
    resolver: '81.2.69.53',
  },
  'ip-hash': {
    what: 'The hash of the network decides among all regions.',
    steps: [{ kind: 'ip-hash' }, one],
    ...berlin,
  },
  multivalue: {
    what: 'Three regions in one answer.',
    steps: [nearest, { kind: 'take', count: 3 }],
    ...manchester,
  },
  drained: {
    what: 'Alice has drained Dublin to swap a disk.',
    steps: plain,
    facts: { overrides: [anOverride('eu-west')] },
    ...manchester,
  },
  'held-up': {
    what: 'Bob holds up a region that the votes say is down, for four more seconds.',
    steps: plain,
    facts: {
      health: { 'eu-west': outvoted(2) },
      overrides: [
        anOverride('eu-west', {
          kind: 'up',
          actor: 'bob',
          reason: 'the probe is wrong',
          end: millis(noon + 4000),
        }),
      ],
    },
    ...manchester,
  },
  down: {
    what: 'Dublin has been voted down a minute ago.',
    steps: plain,
    facts: { health: { 'eu-west': outvoted(2) } },
    ...manchester,
  },
  suspect: {
    what: 'Some probes of Dublin fail, and nothing is decided yet.',
    steps: plain,
    facts: { health: { 'eu-west': upHealth({ isSuspect: true }) } },
    ...manchester,
  },
  lately: {
    what: 'Dublin came back four minutes ago.',
    steps: plain,
    facts: { health: { 'eu-west': upHealth({ since: millis(noon - 240_000) }) } },
    ...manchester,
  },
  floor: {
    what: 'Three regions are down, and a floor keeps one of them in.',
    steps: [nearest, { kind: 'alive', floor: { least: 2, unit: 'regions', below: 'keep' } }, one],
    facts: {
      health: {
        'eu-west': outvoted(3, { since: millis(noon - 90_000) }),
        'eu-central': outvoted(2, { since: millis(noon - 900_000) }),
        'us-east': outvoted(2, { since: millis(noon - 3_600_000) }),
      },
    },
    ...manchester,
  },
  'half-open': {
    what: 'Dublin is coming back, and a quarter of the client networks is sent there.',
    steps: plain,
    facts: { health: { 'eu-west': returningHealth(0.25) } },
    ...manchester,
  },
  shed: {
    what: 'Dublin is too busy and passes on a third of its client networks.',
    steps: plain,
    facts: {
      regions: [{ ...dublin, load: loadSettings }, frankfurt, virginia, tokyo],
      loads: {
        'eu-west': { share: 0.97, connections: undefined, at: millis(noon - 2000), shed: 0.34 },
      },
    },
    client: '81.2.69.0/24',
    resolver: undefined,
  },
  'least-load': {
    what: 'Two regions share Europe by what is free, and Frankfurt is nearly full.',
    steps: [{ kind: 'nearest', withinKm: 1000 }, { kind: 'least-load' }, one],
    facts: { loads: { 'eu-west': loadOf(0.4, 40), 'eu-central': loadOf(0.9, 350) } },
    ...berlin,
  },
  'least-connections': {
    what: 'Two regions share Europe by connections, and nobody knows those of Dublin.',
    steps: [{ kind: 'nearest', withinKm: 1000 }, { kind: 'least-connections' }, one],
    facts: { loads: { 'eu-central': loadOf(0.9, 350) } },
    ...zurich,
  },
  'fail-open': {
    what: 'Everything is down at once.',
    steps: plain,
    facts: { health: everyoneDown },
    ...manchester,
  },
  withheld: {
    what: 'Operators have drained every region.',
    steps: plain,
    facts: { overrides: regions.map((region) => anOverride(region.id)) },
    ...manchester,
  },
  'fail-closed': {
    what: 'Everything is down, and the policy wants no answer then.',
    steps: [nearest, { kind: 'last-resort', answer: 'nodata' }, one],
    facts: { health: everyoneDown },
    ...manchester,
  },
  'stand-in': {
    what: 'Everything is down, and the policy answers with a page that says so.',
    steps: [nearest, { kind: 'last-resort', answer: [anIp('198.51.100.80')] }, one],
    facts: { health: everyoneDown },
    ...manchester,
  },
  'kept-verdict': {
    what: 'This director hears nobody any more.',
    steps: plain,
    facts: { health: isolated },
    ...manchester,
  },
};
