// Client subnets (RFC 7871) from end to end: repeated as they came, with the scope that holds.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { anAtlas } from '../support/atlas.ts';
import { createDnsStage, type DnsStage, viewOf } from '../support/dns-stage.ts';
import { anOverride, aRegion, aService, aSnapshot } from '../support/fleet.ts';
import type { QueryShape } from '../support/query.ts';
import type { ReadReply } from '../support/reply.ts';

const regions = [
  aRegion('ash', { latitude: 50, longitude: 0 }),
  aRegion('elm', { latitude: 40, longitude: -75, ipv6: [] }),
];

const atlas = anAtlas([
  { prefix: '0.0.0.0/0', lat: 50, lon: 1 },
  { prefix: '81.2.69.0/24', lat: 40, lon: -74 },
  { prefix: '9.0.0.0/8', lat: 40, lon: -74 },
  { prefix: '2000::/3', lat: 50, lon: 1 },
  { prefix: '2001:470::/32', lat: 40, lon: -74 },
]);

const stage: DnsStage = createDnsStage(
  aSnapshot({
    regions,
    services: [
      aService({ regions }),
      aService({ name: 'deaf', regions, usesSubnet: false }),
      aService({ name: 'spread', regions, steps: [{ kind: 'weight' }] }),
    ],
    atlas,
  }),
);

/** `<regions' first addresses> scope <scope>`. */
function tailored(shape: QueryShape): string {
  const reply = stage.ask(shape);
  const regionOf = new Map(regions.map(({ id }, i) => [answerOf(i), id]));
  const chosen = reply.answers.map(({ data }) => regionOf.get(data) ?? data);
  return `${chosen.join(' ')} scope ${reply.edns?.subnet?.scope}`;
}

function answerOf(i: number): string {
  const reply = createDnsStage(aSnapshot({ regions: regions.slice(i, i + 1) })).ask({});
  return reply.answers[0]?.data ?? '';
}

describe('the scope', () => {
  const cases = [
    ['is the widest block with the same answer', '9.1.2.0/24', 'elm scope 8'],
    ['is as long as the neighbours want', '81.2.69.0/24', 'elm scope 24'],
    ['is no finer than what anybody should send', '81.2.69.142/32', 'elm scope 24'],
    ['is longer than the source where that says too little', '81.2.0.0/16', 'ash scope 18'],
    ['counts in IPv6 for IPv6', '2001:470:1f0b::/48', 'elm scope 32'],
    ['holds for an odd number of octets', '2001:470:1f0b:8500::/56', 'elm scope 32'],
    ['holds beyond /64', '2001:470:1f0b:8500::1/128', 'elm scope 32'],
    ['counts in IPv6 for a mapped IPv4 prefix', '::ffff:5102:4500/120', 'elm scope 120'],
    ['is 0 for a client that opts out', '0.0.0.0/0', 'ash scope 0'],
    ['is 0 for an IPv6 client that opts out', '::/0', 'ash scope 0'],
    ['is that of the block for an address that is not public', '10.1.2.0/24', 'ash scope 8'],
  ] as const;
  for (const [words, subnet, expected] of cases) {
    test(`${words}: ${subnet}`, () => {
      assert.equal(tailored({ subnet }), expected);
      assert.equal(tailored({ subnet }), expected, 'from the cache');
    });
  }

  test('is at least the network that picks are made for', () => {
    assert.match(tailored({ name: 'spread.example.test', subnet: '9.1.2.0/24' }), / scope 20$/);
    assert.match(tailored({ name: 'spread.example.test', subnet: '9.0.0.0/8' }), / scope 20$/);
    assert.match(tailored({ name: 'spread.example.test', subnet: '2001:470::/56' }), / scope 44$/);
  });

  test('is 0 where subnets do not steer', () => {
    assert.equal(tailored({ name: 'deaf.example.test', subnet: '81.2.69.0/24' }), 'ash scope 0');
  });

  test('is 0 for what nobody steers, and for every negative answer', () => {
    const scopes = (
      [
        { name: 'example.test', type: 'SOA' },
        { name: 'www.example.test', type: 'TXT' },
        { name: 'nobody.example.test' },
        { name: 'example.net' },
        { name: 'www.example.test', type: 'ANY' },
        { name: 'www.example.test', type: 'AAAA' },
        { name: 'www.example.test', class: 3 },
      ] as const
    ).map((shape) => stage.ask({ ...shape, subnet: '81.2.69.0/24' }).edns?.subnet?.scope);
    assert.deepEqual(scopes, [0, 0, 0, 0, 0, 0, 0]);
  });

  test('is 0 when an operator withholds every region', () => {
    const overrides = [anOverride('ash'), anOverride('elm')];
    const withheld = createDnsStage(aSnapshot({ regions, atlas, overrides }));
    assert.equal(withheld.ask({ subnet: '81.2.69.0/24' }).edns?.subnet?.scope, 0);
  });
});

describe('the option', () => {
  test('comes back with family, length and address as they were', () => {
    const echo = (subnet: string): ReadReply['edns'] => stage.ask({ subnet }).edns;
    assert.deepEqual(echo('81.2.64.0/19')?.subnet, {
      family: 1,
      source: 19,
      scope: 22,
      address: '510240',
    });
    assert.deepEqual(echo('2001:470:1f0b:8500::/56')?.subnet, {
      family: 2,
      source: 56,
      scope: 32,
      address: '200104701f0b85',
    });
    assert.deepEqual(echo('0.0.0.0/0')?.subnet, { family: 1, source: 0, scope: 0, address: '' });
  });

  test('comes back only to who sent it', () => {
    assert.equal(stage.ask({}).edns, undefined);
    assert.equal(stage.ask({ edns: true }).edns?.subnet, undefined);
  });

  const malformed = [
    ['bits beyond its length', { family: 1, source: 23, address: [81, 2, 69] }],
    ['an address too long', { family: 1, source: 24, address: [81, 2, 69, 0] }],
    ['an address too short', { family: 2, source: 56, address: [32, 1, 4, 112] }],
    ['a length beyond its family', { family: 1, source: 33, address: [81, 2, 69, 0, 0] }],
    ['an unknown family', { family: 3, source: 8, address: [1] }],
    ['a scope in a query', { family: 1, source: 24, scope: 24, address: [81, 2, 69] }],
  ] as const;
  for (const [words, subnet] of malformed) {
    test(`with ${words} is FORMERR`, () => {
      const reply = stage.ask({ subnet });
      assert.equal(reply.rcode, 'FORMERR');
      assert.notEqual(reply.edns, undefined);
      assert.deepEqual(reply.answers, []);
    });
  }
});

test('a drain changes regions and never a scope', () => {
  const parts = { regions, atlas };
  const before = createDnsStage(aSnapshot(parts));
  const after = createDnsStage(aSnapshot(parts));
  after.view = viewOf(aSnapshot({ ...parts, overrides: [anOverride('elm')] }));
  for (const subnet of ['9.1.2.0/24', '81.2.69.0/24', '8.8.8.0/24', '2001:470::/48']) {
    const [one, other] = [before, after].map((each) => each.ask({ subnet }));
    assert.equal(one?.edns?.subnet?.scope, other?.edns?.subnet?.scope);
  }
});
