// The load of a region: what its settings come to, and each way in which they can be wrong.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HttpProbe, Region, RegionId } from '../../src/model/region.ts';
import { faultsOf, mainText, regionText, settingsOf } from '../support/config.ts';

const probed = `${regionText}probe: { http: "http://192.0.2.10/healthz" }\n`;

function regionOf(text: string): Region {
  const region = settingsOf({ regions: { eu: text } }).regions.get('eu' as RegionId);
  return region ?? assert.fail();
}

function httpOf({ probes }: Region): HttpProbe {
  const spec = probes?.list.find(({ kind }) => kind === 'http');
  return spec?.kind === 'http' ? spec : assert.fail();
}

describe('the load of a region', () => {
  test('is not listened for where nothing is set', () => {
    assert.equal('load' in regionOf(regionText), false);
    assert.equal(httpOf(regionOf(probed)).tells, undefined);
  });

  test('has its defaults in an empty block', () => {
    assert.deepEqual(regionOf(`${regionText}load: {}\n`).load, {
      capacity: undefined,
      connections: undefined,
      low: 0.75,
      high: 0.9,
      lifetime: 30_000,
      token: undefined,
    });
  });

  test('has what is set', () => {
    const token = 'a'.repeat(64);
    const text = `load: { capacity: 2000, connections: 100, low: 60%, high: 80%, lifetime: 5s, token: ${token} }`;
    assert.deepEqual(regionOf(`${regionText}${text}\n`).load, {
      capacity: 2000,
      connections: 100,
      low: 0.6,
      high: 0.8,
      lifetime: 5000,
      token,
    });
  });
});

describe('a place without a page of its own', () => {
  test('is read from the answer of each HTTP probe', () => {
    const region =
      regionOf(`${regionText}load: { from: [{ answerHeader: X-Load, as: load, full: 100 }] }
probes: { list: [{ http: "http://192.0.2.10/" }, { tcp: "192.0.2.10:80" }, { http: "http://192.0.2.11/" }] }\n`);
    const tells = [{ as: 'load', full: 100, place: { kind: 'header', name: 'x-load' } }];
    assert.deepEqual(
      region.probes?.list.map((spec) => 'tells' in spec && spec.tells),
      [tells, false, tells],
    );
    assert.equal(region.probes?.gauges, undefined);
  });
});

describe('a place with a page of its own', () => {
  test('is asked once for all that it tells, with its header', () => {
    const region = regionOf(`${probed}load:
  capacity: 100
  from:
    - { http: "http://192.0.2.10:9113/metrics", metric: nginx_connections_active, as: connections }
    - { http: "http://192.0.2.10:9113/metrics", metric: nginx_http_requests_total, as: requests }
    - { http: "https://192.0.2.11/status", headers: { authorization: x }, verify: false, json: a.0.b, as: load }
`);
    const [nginx, status, ...others] = region.probes?.gauges ?? [];
    assert.equal(others.length, 0);
    assert.deepEqual(
      nginx?.tells?.map(({ as, place }) => [as, place.kind === 'metric' && place.name]),
      [
        ['connections', 'nginx_connections_active'],
        ['requests', 'nginx_http_requests_total'],
      ],
    );
    assert.equal(nginx?.timeout, 2000);
    assert.partialDeepStrictEqual(status, { verify: false, headers: { authorization: 'x' } });
    assert.deepEqual(status?.tells?.[0]?.place, { kind: 'json', path: ['a', '0', 'b'] });
    assert.equal(httpOf(region).tells, undefined);
  });
});

describe('the labels of a metric', () => {
  const read = (metric: string) =>
    httpOf(
      regionOf(
        `${probed}load: { from: [{ metric: ${JSON.stringify(metric)}, as: connections }] }\n`,
      ),
    ).tells?.[0]?.place;

  test('must be, or must not be, what is written', () => {
    assert.deepEqual(read(String.raw`up{ proxy = "a\"b\\c\nd" , state!="}",}`), {
      kind: 'metric',
      name: 'up',
      labels: [
        { name: 'proxy', value: 'a"b\\c\nd', isEqual: true },
        { name: 'state', value: '}', isEqual: false },
      ],
    });
    assert.deepEqual(read('up{}'), { kind: 'metric', name: 'up', labels: [] });
  });

  for (const metric of [
    '',
    '9',
    'a b',
    'a{',
    'a}',
    'a{b}',
    'a{b=c}',
    'a{b=~"c"}',
    'a{b="c"d="e"}',
  ]) {
    test(`are not ${metric === '' ? 'missing' : metric}`, () => {
      const text = `${probed}load: { from: [{ metric: ${JSON.stringify(metric)}, as: load }] }\n`;
      assert.match(faultsOf({ regions: { eu: text } }).join(), /\/load\/from\/0\/metric: /);
    });
  }

  test('are at most sixteen', () => {
    const labels = Array.from({ length: 17 }, (_, i) => `l${i}="x"`).join(',');
    const text = `${probed}load: { from: [{ metric: 'a{${labels}}', as: load }] }\n`;
    assert.match(faultsOf({ regions: { eu: text } }).join(), /names more than 16 labels/);
  });
});

describe('a fault', () => {
  const cases: readonly [load: string, words: RegExp][] = [
    ['{ low: 90%, high: 90% }', /\/load\/low: is 90%, but load.high is 90%/],
    ['{ high: 70% }', /\/load\/high: is 75%, but load.high is 70%/],
    ['{ high: 0.9 }', /\/load\/high: got 0.9, want a share/],
    ['{ high: 101% }', /\/load\/high: got "101%", want a share/],
    ['{ capacity: 0 }', /\/load\/capacity: got 0, want a number from 1/],
    ['{ token: secret }', /\/load\/token: .*want the SHA-256/],
    ['{ from: [{ as: load }] }', /from\/0: want exactly one of answerHeader, json, metric/],
    ['{ from: [{ json: a, metric: b, as: load }] }', /from\/0: want exactly one of/],
    ['{ from: [{ json: a..b, as: load }] }', /from\/0\/json: got "a..b", want at most 16 keys/],
    ['{ from: [{ answerHeader: "a b", as: load }] }', /answerHeader: cannot stand in an HTTP/],
    [
      '{ from: [{ metric: a_total, as: connections }] }',
      /metric: is a counter, from which requests alone/,
    ],
    ['{ from: [{ json: a, as: requests }] }', /from\/0\/as: needs load.capacity/],
    ['{ from: [{ json: a, as: connections, full: 2 }] }', /full: means something for load only/],
    ['{ from: [{ json: a, as: load, headers: {} }] }', /headers: means nothing without http/],
    ['{ from: [{ http: "http://", json: a, as: load }] }', /from\/0\/http: got "http:\/\/"/],
  ];
  for (const [load, words] of cases) {
    test(`of ${load} is told`, () => {
      assert.match(faultsOf({ regions: { eu: `${probed}load: ${load}\n` } }).join('\n'), words);
    });
  }

  test('is a place that nobody would read', () => {
    const from = 'load: { from: [{ json: a, as: load }] }\n';
    const faults = (probe: string): string =>
      faultsOf({ regions: { eu: `${regionText}${probe}${from}` } }).join();
    assert.match(faults(''), /\/load\/from: is read with each round of probes, and there are none/);
    assert.match(faults('probe: { tcp: "192.0.2.1:80" }\n'), /needs an http probe, or an http/);
    assert.match(faults('probe: { http: "http://h/", method: HEAD }\n'), /answer to HEAD has none/);
  });

  test('is a page outside of the networks that probes may go to', () => {
    const main = `${mainText}health: { probeNetworks: [192.0.2.0/24] }\n`;
    const from = '{ from: [{ http: "http://198.51.100.1/", json: a, as: load }] }';
    const faults = faultsOf({ main, regions: { eu: `${probed}load: ${from}\n` } });
    assert.match(faults.join(), /from\/0\/http: 198.51.100.1 lies outside health.probeNetworks/);
  });
});
