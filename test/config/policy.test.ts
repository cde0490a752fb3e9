// Policies: ready-made ones by name, and chains written out.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatIp, type Ip } from '../../src/model/ip.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { rulesIn } from '../../src/steering/steps/rules.ts';
import { faultsOf, regionText, settingsOf, zoneText } from '../support/config.ts';

const regions = { eu: regionText, us: regionText.replace(/nameserver.*\n/, '') };

const mainWith = (policy: string): string =>
  zoneText({ services: [`{ name: www, regions: [eu, us], policy: ${policy} }`] });

function stepsOf(policy: string): readonly StepSettings[] {
  const [service] = settingsOf({ main: mainWith(policy), regions }).services.values();
  return service?.steps ?? [];
}

describe('a policy', () => {
  test('by name is a chain', () => {
    assert.deepEqual(stepsOf('nearest'), [
      { kind: 'nearest', withinKm: 0 },
      { kind: 'take', count: 1 },
    ]);
    assert.deepEqual(stepsOf('multivalue'), [
      { kind: 'nearest', withinKm: 0 },
      { kind: 'take', count: 3 },
    ]);
    assert.deepEqual(stepsOf('weighted'), [{ kind: 'weight' }, { kind: 'take', count: 1 }]);
    assert.deepEqual(stepsOf('failover'), [{ kind: 'priority' }, { kind: 'take', count: 1 }]);
    assert.deepEqual(stepsOf('round-robin'), [{ kind: 'round-robin' }, { kind: 'take', count: 1 }]);
    assert.deepEqual(stepsOf('least-load'), [
      { kind: 'nearest', withinKm: 1000 },
      { kind: 'least-load' },
      { kind: 'take', count: 1 },
    ]);
    const kinds = stepsOf('geo-map').map(({ kind }) => kind);
    assert.deepEqual(kinds, ['geo-map', 'nearest', 'take']);
    assert.deepEqual(stepsOf('geo-map')[0], stepsOf('[geo-map]')[0]);
    assert.deepEqual(stepsOf('sticky'), [
      { kind: 'nearest', withinKm: 1000 },
      { kind: 'consistent-hash' },
      { kind: 'take', count: 1 },
    ]);
  });

  test('written out has all steps in their order, with their settings', () => {
    const networks = '["192.0.2.0/24", "2001:db8::/32"]';
    const steps = stepsOf(
      `[{ rules: [{ networks: ${networks}, countries: [CH], prefer: [us, eu] }] }, { nearest: { withinKm: 200 } }, overrides, alive, half-open, last-resort, weight, { take: 16 }]`,
    );
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['rules', 'nearest', 'overrides', 'alive', 'half-open', 'last-resort', 'weight', 'take'],
    );
    const nearest = steps[1];
    const [rule] = rulesIn(steps);
    assert.deepEqual(rule?.prefer, ['us', 'eu']);
    assert.deepEqual(rule.countries, ['CH']);
    assert.deepEqual(
      rule.networks.map(({ length }) => length),
      [24, 32],
    );
    assert.deepEqual(nearest, { kind: 'nearest', withinKm: 200 });
    assert.deepEqual(steps.at(-1), { kind: 'take', count: 16 });
  });

  test('may order regions by groups', () => {
    assert.deepEqual(stepsOf('[{ priority: { groups: [[us], [eu]] } }]'), [
      { kind: 'priority', groups: [['us'], ['eu']] },
    ]);
  });

  test('may answer with all that are equally good as the best', () => {
    assert.deepEqual(stepsOf('[{ take: best }]'), [{ kind: 'take' }]);
  });

  test('may have a floor under what automation removes', () => {
    assert.deepEqual(stepsOf('[{ alive: {} }]'), [{ kind: 'alive' }]);
    assert.deepEqual(stepsOf('[{ alive: { floor: 2 } }]'), [
      { kind: 'alive', floor: { least: 2, unit: 'regions', below: 'keep' } },
    ]);
    assert.deepEqual(stepsOf('[{ alive: { floor: "30%", below: fail-open } }]'), [
      { kind: 'alive', floor: { least: 30, unit: 'percent', below: 'fail-open' } },
    ]);
  });

  test('may say where clients are sent, and where they must stay', () => {
    const map =
      '{ countries: { DE: [eu, [us]] }, cities: { "US-CA/San Jose": [us] }, default: [us], only: true }';
    const fence = '{ continents: [EU], subdivisions: [US-CA], regions: [eu] }';
    assert.deepEqual(stepsOf(`[{ fence: [${fence}] }, { geo-map: ${map} }]`), [
      {
        kind: 'fence',
        fences: [{ continents: ['EU'], countries: [], subdivisions: ['US-CA'], regions: ['eu'] }],
      },
      {
        kind: 'geo-map',
        cities: { 'US-CA/San Jose': [['us']] },
        subdivisions: {},
        countries: { DE: [['eu'], ['us']] },
        continents: {},
        standard: [['us']],
        only: true,
      },
    ]);
  });

  test('may say what is answered when no region is left', () => {
    assert.deepEqual(stepsOf('[last-resort]'), [{ kind: 'last-resort', answer: 'fail-open' }]);
    assert.deepEqual(stepsOf('[{ last-resort: { answer: nodata } }]'), [
      { kind: 'last-resort', answer: 'nodata' },
    ]);
    const addresses = '{ ipv4: [192.0.2.9], ipv6: ["2001:db8::9"] }';
    const [step] = stepsOf(`[{ last-resort: { answer: ${addresses} } }]`);
    const answer = (step?.['answer'] ?? []) as readonly Ip[];
    assert.deepEqual(answer.map(formatIp), ['192.0.2.9', '2001:db8::9']);
  });

  test('may stand under a name of its own, for many services', () => {
    const text = (rest: string): string =>
      `${mainWith('shared')}\npolicies: { shared: [{ rules: [{ countries: [CH], prefer: [us] }] }, weight]${rest} }\n`;
    const [service] = settingsOf({ main: text(''), regions }).services.values();
    assert.deepEqual(
      service?.steps.map(({ kind }) => kind),
      ['rules', 'weight'],
    );
    assert.deepEqual(settingsOf({ main: text(', unused: [nearest]'), regions }).services.size, 1);
  });

  test('may be no step at all', () => {
    assert.deepEqual(stepsOf('[]'), []);
  });
});

describe('a policy is refused', () => {
  const order =
    'fence, rules, geo-map, priority, latency, nearest, overrides, alive, half-open, shed, last-resort, weight, least-load, least-connections, round-robin, ip-hash, consistent-hash, take';
  const cases = [
    [
      'fastest',
      '/policy: got "fastest", want one of nearest, multivalue, failover, round-robin, weighted, latency, geo-map, least-load, sticky, or a list of steps (config.value)',
    ],
    [
      'constructor',
      '/policy: got "constructor", want one of nearest, multivalue, failover, round-robin, weighted, latency, geo-map, least-load, sticky, or a list of steps (config.value)',
    ],
    ['5', '/policy: got 5, want the name of a policy or a list of steps (config.shape)'],
    ['', '/policy: got nothing, want the name of a policy or a list of steps (config.shape)'],
    [
      '{ nearest: {} }',
      '/policy: got a block of settings, want the name of a policy or a list of steps (config.shape)',
    ],
    [
      '[nearst]',
      `/policy/0/nearst: is not a setting here, want one of ${order} (config.unknown-key)`,
    ],
    [
      '[__proto__]',
      `/policy/0/__proto__: is not a setting here, want one of ${order} (config.unknown-key)`,
    ],
    ['[take]', '/policy/0/take: got nothing, want a number from 1 to 16, or best (config.shape)'],
    ['[{ take: 0 }]', '/policy/0/take: got 0, want a number from 1 to 16, or best (config.shape)'],
    ['[rules]', '/policy/0/rules: got nothing, want a list of rules (config.shape)'],
    [
      '[{ nearest: { withinKm: -1 } }]',
      '/policy/0/nearest/withinKm: got -1, want km from 0 to 20000 (config.shape)',
    ],
    [
      '[{ alive: { floor: 3 } }]',
      '/policy/0/alive/floor: wants 3 regions, but the service has 2 (config.value)',
    ],
    [
      '[{ alive: { floor: "130%" } }]',
      '/policy/0/alive/floor: got "130%", want a number of regions, or a share from "1%" to "100%" (config.shape)',
    ],
    [
      '[{ alive: { floor: 0 } }]',
      '/policy/0/alive/floor: got 0, want a number of regions, or a share from "1%" to "100%" (config.shape)',
    ],
    [
      '[{ alive: { below: keep } }]',
      '/policy/0/alive/below: means nothing without a floor (config.value)',
    ],
    [
      '[{ alive: { floor: 1, below: panic } }]',
      '/policy/0/alive/below: got "panic", want keep or fail-open (config.shape)',
    ],
    [
      '[{ priority: { groups: [[eu], [mars]] } }]',
      '/policy/0/priority/groups/1/0: region "mars" is not one of this service\'s (config.reference)',
    ],
    [
      '[{ priority: { groups: [[eu], [us, eu]] } }]',
      '/policy/0/priority/groups/1/1: names eu a second time (config.value)',
    ],
    [
      '[{ nearest: {}, take: 1 }]',
      '/policy/0: want exactly one step in each entry of the list (config.value)',
    ],
    ['[{}]', '/policy/0: want exactly one step in each entry of the list (config.value)'],
    [
      '[{ take: 1 }, nearest]',
      `/policy/1: step nearest is in the wrong place: steps run in the order ${order}, each once (config.value)`,
    ],
    [
      '[nearest, nearest]',
      `/policy/1: step nearest is in the wrong place: steps run in the order ${order}, each once (config.value)`,
    ],
    [
      '[{ rules: [{ prefer: [eu] }] }]',
      '/policy/0/rules/0: applies to nobody: give it networks, asns, subdivisions, countries or continents (config.value)',
    ],
    [
      '[{ rules: [{ networks: [], prefer: [eu] }] }]',
      '/policy/0/rules/0: applies to nobody: give it networks, asns, subdivisions, countries or continents (config.value)',
    ],
    [
      '[{ rules: [{ countries: [ch], prefer: [eu] }] }]',
      '/policy/0/rules/0/countries/0: got "ch", want two capital letters (ISO 3166-1) (config.shape)',
    ],
    [
      '[{ rules: [{ countries: [CH], prefer: [mars] }] }]',
      '/policy/0/rules/0/prefer/0: region "mars" is not one of this service\'s (config.reference)',
    ],
    [
      '[{ rules: [{ countries: [CH], prefer: [eu, us, eu] }] }]',
      '/policy/0/rules/0/prefer/2: names eu twice (config.value)',
    ],
    [
      '[{ rules: [{ networks: [192.0.2.1/24], prefer: [eu] }] }]',
      '/policy/0/rules/0/networks/0: got "192.0.2.1/24", want a network such as 192.0.2.0/24 or 2001:db8::/32 (IPv6: at most /64), with no bit set beyond its length (config.value)',
    ],
    [
      '[{ rules: [{ countries: [ZZ], prefer: [eu] }] }]',
      '/policy/0/rules/0/countries/0: ZZ is no country (ISO 3166-1) (config.value)',
    ],
    [
      '[{ rules: [{ continents: [XX], prefer: [eu] }] }]',
      '/policy/0/rules/0/continents/0: got "XX", want AF, AN, AS, EU, NA, OC or SA (config.shape)',
    ],
    [
      '[{ rules: [{ subdivisions: [California], prefer: [eu] }] }]',
      '/policy/0/rules/0/subdivisions/0: got "California", want a country and its subdivision, such as US-CA (ISO 3166-2) (config.shape)',
    ],
    [
      '[{ rules: [{ asns: [64500], prefer: [eu] }] }]',
      '/policy/0/rules/0/asns: needs geo.asn: without that file nobody knows which networks are theirs (config.value)',
    ],
    [
      '[{ fence: [{ regions: [eu] }] }]',
      '/policy/0/fence/0: is around nothing: give it subdivisions, countries or continents (config.value)',
    ],
    [
      '[{ fence: [{ countries: [DE], regions: [mars] }] }]',
      '/policy/0/fence/0/regions/0: region "mars" is not one of this service\'s (config.reference)',
    ],
    [
      '[{ fence: [{ countries: [DE], regions: [eu] }, { countries: [FR, DE], regions: [us] }] }]',
      '/policy/0/fence/1/countries/1: fences DE a second time (config.value)',
    ],
    [
      '[{ geo-map: { default: [eu] } }]',
      '/policy/0/geo-map: maps nothing: give it cities, subdivisions, countries or continents (config.value)',
    ],
    [
      '[{ geo-map: { countries: { XX: [eu] } } }]',
      '/policy/0/geo-map/countries/XX: XX is no country (ISO 3166-1) (config.value)',
    ],
    [
      '[{ geo-map: { continents: { Europe: [eu] } } }]',
      '/policy/0/geo-map/continents/Europe: want AF, AN, AS, EU, NA, OC or SA (config.value)',
    ],
    [
      '[{ geo-map: { cities: { Berlin: [eu] } } }]',
      '/policy/0/geo-map/cities/Berlin: want a country or subdivision, a slash and a city, such as US-CA/San Francisco (config.value)',
    ],
    [
      '[{ geo-map: { countries: { DE: [eu, [us, eu]] } } }]',
      '/policy/0/geo-map/countries/DE/1: names eu a second time (config.value)',
    ],
    [
      '[{ geo-map: { countries: { DE: [us, mars] } } }]',
      '/policy/0/geo-map/countries/DE/1: region "mars" is not one of this service\'s (config.reference)',
    ],
    [
      '[{ geo-map: { countries: { DE: [eu] }, only: true } }]',
      '/policy/0/geo-map/only: needs a default, for clients of whom no area is mapped (config.value)',
    ],
    [
      '[{ latency: { file: rtt.csv } }]',
      '/policy/0/latency/file: cannot read rtt.csv: nobody has read it (config.value)',
    ],
    [
      '[{ nearest: { whenVague: guess } }]',
      '/policy/0/nearest/whenVague: got "guess", want distance, country or equal (config.shape)',
    ],
    [
      '[{ last-resort: { answer: servfail } }]',
      '/policy/0/last-resort/answer: got "servfail", want fail-open, nodata, or a block of ipv4 and ipv6 (config.shape)',
    ],
    [
      '[{ last-resort: { answer: {} } }]',
      '/policy/0/last-resort/answer: names no address: give it ipv4 or ipv6, or say nodata (config.value)',
    ],
    [
      '[{ last-resort: { answer: { ipv4: [192.0.2.1, "::1"] } } }]',
      '/policy/0/last-resort/answer/ipv4/1: got "::1", want an IPv4 address (config.value)',
    ],
  ] as const;
  for (const [policy, words] of cases) {
    test(policy === '' ? 'nothing' : policy, () => {
      const [fault, ...more] = faultsOf({ main: mainWith(policy), regions });
      assert.equal(fault?.replace(/^\S+ /, ''), `/zones/0/services/0${words}`);
      assert.deepEqual(more, []);
    });
  }

  test('at the step that is at fault', () => {
    const main = mainWith('[nearest, { take: 17 }]');
    const column = 1 + (main.split('\n')[4]?.indexOf('take:') ?? 0);
    assert.match(faultsOf({ main, regions })[0] ?? '', new RegExp(`^meridian.yaml:5:${column}:`));
  });
});

describe('a policy of one’s own is refused', () => {
  const two = `{ name: www, regions: [eu, us], policy: own }`;
  const one = `{ name: near, regions: [eu], policy: own }`;
  const withOwn = (policies: string, services: string[] = [two]): string[] =>
    faultsOf({ main: `${zoneText({ services })}\npolicies: ${policies}\n`, regions }).map((fault) =>
      fault.replace(/^\S+ /, ''),
    );

  test('where it stands, and once, however many services name it', () => {
    assert.deepEqual(withOwn('{ own: [weight, nearest] }', [two, one]), [
      '/policies/own/1: step nearest is in the wrong place: steps run in the order fence, rules, geo-map, priority, latency, nearest, overrides, alive, half-open, shed, last-resort, weight, least-load, least-connections, round-robin, ip-hash, consistent-hash, take, each once (config.value)',
    ]);
    assert.deepEqual(withOwn('{ own: [{ take: 99 }] }', [two, one]), [
      '/policies/own/0/take: got 99, want a number from 1 to 16, or best (config.shape)',
    ]);
  });

  test('when it prefers a region that one of its services does not have', () => {
    const own = '{ own: [{ rules: [{ countries: [CH], prefer: [us] }] }] }';
    assert.deepEqual(withOwn(own, [two]), []);
    assert.deepEqual(withOwn(own, [two, one]), [
      '/policies/own/0/rules/0/prefer/0: region "us" is not one of this service\'s (config.reference)',
    ]);
  });

  test('though no service names it', () => {
    assert.deepEqual(withOwn('{ own: [], other: [{ take: 0 }] }'), [
      '/policies/other/0/take: got 0, want a number from 1 to 16, or best (config.shape)',
    ]);
  });

  test('under the name of a ready-made one, or what is no name', () => {
    assert.deepEqual(withOwn('{ own: [], nearest: [weight] }'), [
      '/policies/nearest: is the name of a ready-made policy: choose another (config.value)',
    ]);
    assert.deepEqual(withOwn('{ own: [], "a b": [weight] }'), [
      '/policies/a b: want small letters, digits and hyphens as a name, at most 64 (config.value)',
    ]);
    assert.deepEqual(withOwn('[own]', ['{ name: www, regions: [eu] }']), [
      '/policies: got a list, want policies by name (config.shape)',
    ]);
  });
});
