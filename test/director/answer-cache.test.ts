// Compiled answers: one taken from the cache is octet for octet what would be made anew.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Settings } from '../../src/model/settings.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { nameOf, rrset } from '../support/answers.ts';
import { createDnsStage, viewOf } from '../support/dns-stage.ts';
import {
  anIp,
  anOverride,
  aRegion,
  aService,
  aSnapshot,
  downHealth,
  upHealth,
  unused,
} from '../support/fleet.ts';
import { buildQuery, type QueryShape } from '../support/query.ts';
import { arbitraryPrefix, arbitrarySnapshot } from '../support/random-fleet.ts';
import { formatPrefix } from '../../src/model/ip.ts';

const records = [
  rrset('mail.example.test', 'A', 300, '192.0.2.25'),
  rrset('mail.example.test', 'TXT', 300, '"x"'),
  rrset('example.test', 'MX', 300, '10 mail.example.test.'),
  rrset('docs.example.test', 'CNAME', 300, 'www.example.test.'),
  rrset('*.dev.example.test', 'A', 300, '192.0.2.80'),
  rrset('a.b.example.test', 'TXT', 300, '"y"'),
];

/** The snapshot with static records, and a service under a wildcard beside its own. */
function furnish(snapshot: Snapshot): Snapshot {
  const { settings, plans } = snapshot;
  const [zone] = settings.zones;
  const [plan] = plans.values();
  assert.ok(zone && plan);
  const wild = { ...plan.service, name: nameOf('*.app.example.test') };
  // These decide as the first one does, and have its findings.
  const twins = [
    { ...plan.service, name: nameOf('a-longer-twin.example.test') },
    { ...plan.service, name: nameOf('alias.example.test'), answers: 'cname' as const },
  ];
  const furnished: Settings = {
    ...settings,
    zones: [{ ...zone, records }],
    services: new Map([
      ...settings.services,
      ...[wild, ...twins].map((service) => [service.name, service] as const),
    ]),
  };
  const more = new Map([
    ...plans,
    [wild.name, unused({ ...plan, service: wild })] as const,
    ...twins.map((service) => [service.name, { ...plan, service }] as const),
  ]);
  return { ...snapshot, settings: furnished, plans: more };
}

const labels = [
  'www',
  'api',
  'mail',
  'docs',
  'b',
  'nobody',
  'no',
  'x.y.nobody',
  'x.dev',
  'long-name.dev',
  'y.app',
  'a-longer-twin',
  'alias',
  'yy.app',
];

/** Random upper case, as resolvers send it against forgery. */
const spelling = fc.tuple(fc.constantFrom(...labels, '@'), fc.nat()).map(([label, bits]) => {
  const name = label === '@' ? 'example.test' : `${label}.example.test`;
  const letters = Array.from(name, (char, i) =>
    (bits >>> (i % 31)) & 1 ? char.toUpperCase() : char,
  );
  return letters.join('');
});

const query: fc.Arbitrary<QueryShape> = fc.record(
  {
    name: spelling,
    type: fc.constantFrom(...(['A', 'AAAA', 'TXT', 'MX', 'NS', 'SOA', 'CNAME', 'ANY'] as const)),
    id: fc.nat(65_535),
    recursionDesired: fc.boolean(),
    edns: fc.constantFrom({}, { udpSize: 512, wantsDnssec: true }),
    subnet: arbitraryPrefix(128).map(formatPrefix),
  },
  { requiredKeys: ['name', 'type'] },
);

describe('an answer from the cache', () => {
  test('is the one that would be made anew, across snapshots that come and return', () => {
    const step = fc.record({
      query,
      snapshot: fc.nat(2),
      later: fc.constantFrom(0, 0, 0, 1000, 3_600_000),
      transport: fc.constantFrom('udp', 'tcp'),
    });
    const snapshots = fc.array(arbitrarySnapshot().map(furnish), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(snapshots, fc.array(step, { minLength: 20, maxLength: 60 }), (states, steps) => {
        const first = states[0];
        assert.ok(first);
        const stage = createDnsStage(first);
        const views = states.map(viewOf);
        for (const { query: shape, snapshot, later, transport } of steps) {
          stage.clock.set(later);
          const view = views[snapshot];
          assert.ok(view);
          stage.view = view;
          const anew = createDnsStage(first, { clock: stage.clock });
          anew.view = view;
          const bytes = buildQuery(shape);
          const expected = anew.send(bytes, { transport });
          assert.deepEqual(stage.send(bytes, { transport }), expected);
          assert.deepEqual(stage.send(bytes, { transport }), expected);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('repeats the letters of the question as they came, twice', () => {
    const stage = createDnsStage(aSnapshot({ regions: [aRegion('ash')] }));
    for (const name of ['WWW.example.test', 'www.EXAMPLE.test', 'www.example.TEST']) {
      const reply = stage.ask({ name });
      assert.equal(reply.questions[0]?.name, name);
      // Compressed owners point at the question and so have its letters.
      assert.equal(reply.answers[0]?.name, `${name}.`);
    }
  });

  test('is not given to a decision of another kind with the same regions', () => {
    const parts = { regions: [aRegion('ash')] };
    const stage = createDnsStage(aSnapshot(parts));
    assert.equal(stage.ask({ edns: true }).edns?.ede, undefined);
    stage.view = viewOf(aSnapshot({ ...parts, health: { ash: downHealth() } }));
    assert.match(stage.ask({ edns: true }).edns?.ede?.text ?? '', /no region is alive/);
    stage.view = viewOf(aSnapshot({ ...parts, health: { ash: downHealth({ isKept: true }) } }));
    assert.match(stage.ask({ edns: true }).edns?.ede?.text ?? '', /no region is alive/);
    stage.view = viewOf(aSnapshot({ ...parts, overrides: [anOverride('ash')] }));
    assert.match(stage.ask({ edns: true }).edns?.ede?.text ?? '', /withheld/);
  });

  test('of a name that answers with a CNAME has each type by itself while addresses stand in', () => {
    const answer = [anIp('198.51.100.1')];
    const services = [
      aService({ regions: ['ash'], answers: 'cname', steps: [{ kind: 'last-resort', answer }] }),
    ];
    const health = { ash: downHealth() };
    const snapshot = aSnapshot({ regions: [aRegion('ash')], services, health });
    const stage = createDnsStage(snapshot);
    assert.equal(stage.ask({ type: 'A' }).answers[0]?.data, '198.51.100.1');
    for (const type of ['AAAA', 'CNAME'] as const) {
      assert.deepEqual(stage.ask({ type }).answers, [], type);
    }
  });

  test('follows the TTL as time passes over one snapshot', async () => {
    const since = aSnapshot({ regions: [aRegion('ash')] }).builtAt;
    const health = { ash: upHealth({ since }) };
    const stage = createDnsStage(aSnapshot({ regions: [aRegion('ash')], health }));
    assert.equal(stage.ask({}).answers[0]?.ttl, 10);
    await stage.clock.advance(600_000);
    assert.equal(stage.ask({}).answers[0]?.ttl, 30);
  });

  test('of a wildcard is made for the length of each name', () => {
    const service = aService({ name: '*.app.example.test', regions: ['ash'] });
    const stage = createDnsStage(aSnapshot({ regions: [aRegion('ash')], services: [service] }));
    for (const name of ['a.app.example.test', 'aaaa.app.example.test', 'a.b.c.app.example.test']) {
      assert.equal(stage.ask({ name }).answers[0]?.name, `${name}.`);
    }
  });
});
