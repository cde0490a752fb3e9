// Values as people write them: endpoints here, spans, names and networks through the settings they make.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEndpoint } from '../../src/config/values.ts';
import { faultsOf, mainText, settingsOf, zoneText } from '../support/config.ts';

describe('an endpoint', () => {
  const cases: [string, string | undefined][] = [
    ['127.0.0.1:53', '127.0.0.1 53'],
    ['0.0.0.0:0', '0.0.0.0 0'],
    ['[::1]:5300', '::1 5300'],
    ['[::]:65535', ':: 65535'],
    ['127.0.0.1', undefined],
    ['127.0.0.1:', undefined],
    ['127.0.0.1:65536', undefined],
    ['127.0.0.1:053000', undefined],
    ['127.0.0.1:-1', undefined],
    ['::1:53', undefined],
    ['[::1]', undefined],
    ['localhost:53', undefined],
    ['1.2.3:53', undefined],
    [':53', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of cases) {
    test(`"${text}" is ${expected === undefined ? 'none' : 'one'}`, () => {
      const endpoint = parseEndpoint(text);
      assert.equal(endpoint && `${endpoint.host} ${endpoint.port}`, expected);
    });
  }
});

describe('a span', () => {
  const settle = (text: string): string => `${mainText}health: { settle: ${text} }\n`;

  test('has a unit, and fractions of it', () => {
    const read = ['0s', '1500ms', '1.5s', '2m', '1.25h', '1d'].map(
      (text) => settingsOf({ main: settle(text) }).health.settle,
    );
    assert.deepEqual(read, [0, 1500, 1500, 120_000, 4_500_000, 86_400_000]);
  });

  for (const text of ['5', '"5"', '5 s', '-5s', '1e3s', '5S', '5w', 's', '""']) {
    test(`${text} is none`, () => {
      assert.match(
        faultsOf({ main: settle(text) })[0] ?? '',
        /^meridian\.yaml:6:11: .* want a time with its unit/,
      );
    });
  }

  test('of more digits than a clock has is refused all the same', () => {
    assert.deepEqual(faultsOf({ main: settle(`${'9'.repeat(40)}s`) }), [
      `meridian.yaml:6:11: /health/settle: got ${'9'.repeat(40)}s, want a time from 0ms to 1d (config.value)`,
    ]);
  });
});

test('a TTL has no unit below the second', () => {
  const main = zoneText({ zone: ['ttl: 1500ms'], services: ['{ name: www, regions: [eu] }'] });
  assert.deepEqual(faultsOf({ main }), [
    'meridian.yaml:4:5: /zones/0/ttl: got 1500ms, want whole seconds: a TTL has no smaller unit (config.value)',
  ]);
});

test('a network has no bit beyond its length, and no more than 64 bits in IPv6', () => {
  const networks = '[192.0.2.0/24, 192.0.2.1/24, 192.0.2.1, "2001:db8::/65", "2001:db8::/64", x]';
  const main = `${mainText}http: { trustedProxies: ${networks} }\n`;
  assert.deepEqual(
    faultsOf({ main }).map((fault) => fault.split(',')[0]),
    [
      'meridian.yaml:6:40: /http/trustedProxies/1: got "192.0.2.1/24"',
      'meridian.yaml:6:65: /http/trustedProxies/3: got "2001:db8::/65"',
      'meridian.yaml:6:99: /http/trustedProxies/5: got "x"',
    ],
  );
});
