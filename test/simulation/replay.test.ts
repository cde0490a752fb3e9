import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { placeOf } from '../../src/model/atlas.ts';
import { formatPrefix, maskIp, type Prefix } from '../../src/model/ip.ts';
import { distanceKm } from '../../src/model/place.ts';
import { boundsOf } from '../../src/model/ranges.ts';
import type { Crowd } from '../../src/simulation/population.ts';
import { CrowdBuilder } from '../../src/simulation/row-builder.ts';
import { addressAt, clientAt, type Scene } from '../../src/simulation/side.ts';
import { addTotals, emptyTotals, Flows, type Totals } from '../../src/simulation/totals.ts';
import { decide } from '../../src/steering/decide.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { anAtlas } from '../support/atlas.ts';
import { aPrefix, aRegion, aService, aSnapshot, downHealth } from '../support/fleet.ts';
import { aCrowd, replayAll, scenesOf } from '../support/population.ts';
import { arbitraryIp, arbitrarySnapshot } from '../support/random-fleet.ts';

const dublin = aRegion('dublin', { latitude: 53, longitude: -6 });
const ashburn = aRegion('ashburn', { latitude: 39, longitude: -77 });
const regions = [dublin, ashburn];
const atlas = anAtlas(
  [
    { prefix: '8.0.0.0/9', country: 'US', lat: 40, lon: -75 },
    { prefix: '81.0.0.0/8', country: 'GB', lat: 51, lon: 0 },
    { prefix: '2a00::/16', country: 'GB', lat: 51, lon: 0 },
  ],
  [{ prefix: '81.64.0.0/10', asn: 3320 }],
);
const whole = aSnapshot({ regions, atlas });
const without = aSnapshot({ regions, atlas, health: { dublin: downHealth() } });

/** Flows in words: country, from and to, such as `GB dublin>ashburn 5`. */
function wordsOf({ countries }: Totals): string[] {
  const nameOf = (n: number): string => regions[n - 1]?.id ?? 'nobody';
  return Array.from(new Flows(regions.length, countries).entries(), (flow) => {
    const { place, before, after, units } = flow;
    const country = place === 0 ? '?' : String.fromCharCode(place >>> 8, place & 255);
    return `${country} ${nameOf(before)}>${nameOf(after)} ${units}`;
  }).sort();
}

describe('a replay', () => {
  test('counts who is sent where before and after a region is down', () => {
    const crowd = aCrowd({
      '8.8.8.0/24': 30,
      '81.2.0.0/16': 50,
      '2a00:1::/32': 15,
      '9.9.9.0/24': 5,
    });
    const totals = replayAll({ before: whole, after: without, crowd });
    assert.deepEqual(wordsOf(totals), [
      '? dublin>ashburn 5',
      'GB dublin>ashburn 65',
      'US ashburn>ashburn 30',
    ]);
    assert.deepEqual([totals.units, totals.unlocated, totals.farther], [100, 5, 65]);
    assert.deepEqual([...totals.statesAfter], [['healthy', 100]]);
  });

  test('a row that lies in several places is shared among them by their addresses', () => {
    const crowd = aCrowd({ '8.0.0.0/8': 1000, '80.0.0.0/7': 10 });
    assert.deepEqual(wordsOf(replayAll({ before: whole, after: whole, crowd })), [
      '? dublin>dublin 505',
      'GB dublin>dublin 5',
      'US ashburn>ashburn 500',
    ]);
  });

  test('farther is who gains more km than allowed; nobody does who does not move', () => {
    const crowd = aCrowd({ '81.0.0.0/8': 10, '8.0.0.0/9': 10 });
    const far = (farKm: number): number =>
      replayAll({ before: whole, after: without, crowd, farKm }).farther;
    const at = { latitude: 51, longitude: 0 };
    const gain = distanceKm(at, ashburn.coordinates) - distanceKm(at, dublin.coordinates);
    assert.equal(far(gain - 1), 10);
    assert.equal(far(gain + 1), 0);
  });

  test('slower is who loses more milliseconds than allowed, as distance lets one guess', () => {
    const crowd = aCrowd({ '81.0.0.0/8': 10, '8.0.0.0/9': 10 });
    const slow = (slowMs: number): [number, number] => {
      const { slower, measured } = replayAll({ before: whole, after: without, crowd, slowMs });
      return [slower, measured];
    };
    const at = { latitude: 51, longitude: 0 };
    const gain = distanceKm(at, ashburn.coordinates) - distanceKm(at, dublin.coordinates);
    // There and back, twice as long as the great circle, at 204 km a millisecond.
    assert.deepEqual(slow((4 * gain) / 204 - 0.1), [10, 0]);
    assert.deepEqual(slow((4 * gain) / 204 + 0.1), [0, 0]);
  });

  test('a latency table of the policy says how much slower, wherever it has both figures', () => {
    const rows = [
      { area: 'GB', countries: ['GB'], ms: { dublin: 10, ashburn: 90 } },
      {
        area: '81.2.0.0/16',
        network: aPrefix('81.2.0.0/16'),
        ms: { dublin: 10, ashburn: 40 },
      },
      { area: '81.3.0.0/16', network: aPrefix('81.3.0.0/16'), ms: { dublin: 10 } },
      { area: '9.9.9.0/24', network: aPrefix('9.9.9.0/24'), ms: { dublin: 1, ashburn: 101 } },
      { area: 'AS3320', asn: 3320, ms: { dublin: 20, ashburn: 21 } },
    ];
    const services = [aService({ regions, steps: [{ kind: 'latency', rows, withinMs: 0 }] })];
    const [was, is] = [{}, { health: { dublin: downHealth() } }].map((more) =>
      aSnapshot({ regions, atlas, services, ...more }),
    );
    const slow = (network: string, slowMs: number): [number, number] => {
      const crowd = aCrowd({ [network]: 10 });
      const { slower, measured } = replayAll({
        before: was ?? whole,
        after: is ?? without,
        crowd,
        slowMs,
      });
      return [slower, measured];
    };
    assert.deepEqual(slow('81.0.0.0/16', 79), [10, 10]);
    assert.deepEqual(slow('81.0.0.0/16', 80), [0, 10]);
    assert.deepEqual(slow('81.2.0.0/16', 29), [10, 10], 'the network counts, not the country');
    assert.deepEqual(slow('81.2.0.0/16', 31), [0, 10]);
    assert.deepEqual(
      slow('81.2.0.0/15', 31),
      [5, 5],
      'half of it lies where one figure is missing',
    );
    assert.deepEqual(slow('9.9.9.0/24', 99), [10, 10], 'where GeoIP knows nobody');
    assert.deepEqual(slow('81.64.0.0/16', 2), [0, 10], 'an autonomous system');
  });

  test('autonomous systems are counted of those who move, where a database knows', () => {
    const crowd = aCrowd({ '81.64.0.0/16': 7, '81.0.0.0/16': 9, '8.0.0.0/16': 1 });
    const { systems } = replayAll({ before: whole, after: without, crowd });
    assert.deepEqual(
      Array.from(new Flows(2, systems).entries(), ({ place, units }) => [place, units]),
      [[3320, 7]],
    );
  });

  test('what picks by network is decided for each: a /20 at a time', () => {
    const services = [
      aService({ regions, steps: [{ kind: 'weight' }, { kind: 'take', count: 1 }] }),
    ];
    const drawn = aSnapshot({ regions, atlas, services });
    const totals = replayAll({
      before: drawn,
      after: drawn,
      crowd: aCrowd({ '81.0.0.0/8': 4096 }),
    });
    const flows = [...new Flows(2, totals.countries).entries()];
    assert.equal(flows.length, 2);
    for (const { units } of flows) assert.ok(Math.abs(units - 2048) < 150, `${units} of 4096`);
    assert.equal(totals.scopesBefore, 4096);
  });
});

/** One address at a time, without tables: slow, and too simple to be wrong. */
function naive(
  prefixes: readonly Prefix[],
  [before, after]: readonly [Scene, Scene],
  farKm: number,
) {
  const flows = new Map<string, number>();
  const scopes = { before: new Set<string>(), after: new Set<string>() };
  let farther = 0;
  for (const prefix of prefixes) {
    for (const ip of addressesOf(prefix)) {
      const client = clientAt(ip.family, ip.a, ip.b);
      const [was, is] = [before, after].map(({ plan, snapshot, now }) =>
        decide(plan, client, snapshot, now),
      );
      const place = after.snapshot.atlas && placeOf(after.snapshot.atlas, ip);
      const key = `${place?.country ?? ''} ${was?.regions[0] ?? ''} ${is?.regions[0] ?? ''}`;
      flows.set(key, (flows.get(key) ?? 0) + 1);
      const useful = ip.family === 4 ? 24 : 56;
      for (const [side, decision] of [
        ['before', was],
        ['after', is],
      ] as const) {
        const length = Math.min(decision?.scope ?? 0, useful);
        scopes[side].add(formatPrefix({ ip: maskIp(ip, length), length }));
      }
      const kmOf = (scene: Scene, id: string | undefined): number | undefined => {
        const region = [...scene.snapshot.settings.regions.values()].find((each) => each.id === id);
        return region && place && distanceKm(place.coordinates, region.coordinates);
      };
      const [from, to] = [kmOf(before, was?.regions[0]), kmOf(after, is?.regions[0])];
      if (from !== undefined && to !== undefined && to - from > farKm) farther++;
    }
  }
  return { flows, farther, scopesBefore: scopes.before.size, scopesAfter: scopes.after.size };
}

/** Of IPv4 every address, of IPv6 every /64. */
function* addressesOf(prefix: Prefix) {
  const { first, last } = boundsOf(prefix);
  const { family } = prefix.ip;
  const count = family === 4 ? last[0] - first[0] + 1 : last[1] - first[1] + 1;
  for (let i = 0; i < count; i++) {
    yield family === 4 ? addressAt(4, first[0] + i, 0) : addressAt(6, first[0], first[1] + i);
  }
}

/** Networks of few addresses, many of them near one another. */
function arbitraryRows(): fc.Arbitrary<Prefix[]> {
  const row = fc.tuple(arbitraryIp(), fc.nat(7)).map(([ip, more]): Prefix => {
    const length = (ip.family === 4 ? 25 : 57) + more;
    return { ip: maskIp(ip, length), length };
  });
  return fc.array(row, { maxLength: 8 });
}

function crowdOf(prefixes: readonly Prefix[]): Crowd {
  const builder = new CrowdBuilder();
  for (const prefix of prefixes)
    builder.add(prefix, 2 ** ((prefix.ip.family === 4 ? 32 : 64) - prefix.length));
  return builder.finish(1);
}

describe('of any fleet', () => {
  const sides = fc.tuple(arbitrarySnapshot(), arbitrarySnapshot());

  test('a replay says what decide() says, address by address', () => {
    fc.assert(
      fc.property(sides, arbitraryRows(), ([before, after], prefixes) => {
        const scenes = scenesOf({ before, after, service: 'www' });
        const farKm = 3000;
        const truth = naive(prefixes, scenes, farKm);
        const totals = replayAll({
          before,
          after,
          crowd: crowdOf(prefixes),
          farKm,
          service: 'www',
        });
        const { ids } = scenes[0].book;
        const flows = new Map(
          Array.from(new Flows(ids.length, totals.countries).entries(), (flow) => {
            const country =
              flow.place === 0 ? '' : String.fromCharCode(flow.place >>> 8, flow.place & 255);
            return [
              `${country} ${ids[flow.before - 1] ?? ''} ${ids[flow.after - 1] ?? ''}`,
              flow.units,
            ];
          }),
        );
        assert.deepEqual(flows, truth.flows);
        assert.equal(totals.farther, truth.farther);
        const usesSubnet = (snapshot: Snapshot): boolean =>
          [...snapshot.settings.services.values()][0]?.usesSubnet ?? false;
        if (usesSubnet(before)) assert.equal(totals.scopesBefore, truth.scopesBefore);
        if (usesSubnet(after)) assert.equal(totals.scopesAfter, truth.scopesAfter);
      }),
      { numRuns: 40 },
    );
  });

  test('the totals are the same however the population is cut', () => {
    const rows = fc.array(
      fc.tuple(arbitraryIp(), fc.nat(64), fc.nat(1_000_000)).map(([ip, n, units]) => {
        const length = 12 + (n % (ip.family === 4 ? 21 : 53));
        return { prefix: { ip: maskIp(ip, length), length }, units };
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(sides, rows, fc.integer({ min: 2, max: 7 }), ([before, after], networks, of) => {
        const builder = new CrowdBuilder();
        for (const { prefix, units } of networks) builder.add(prefix, units);
        const crowd = builder.finish(1);
        const facts = { before, after, crowd, service: 'www' };
        const parts = emptyTotals();
        for (let index = 0; index < of; index++) {
          addTotals(parts, replayAll({ ...facts, slice: { index, of } }));
        }
        assert.deepEqual(sorted(parts), sorted(replayAll(facts)));
      }),
      { numRuns: 40 },
    );
  });
});

/** Maps in an order of their own. */
function sorted(totals: Totals): unknown {
  return Object.entries(totals).map(([name, value]) => [
    name,
    value instanceof Map ? [...value].sort(([x], [y]) => (x < y ? -1 : 1)) : value,
  ]);
}
