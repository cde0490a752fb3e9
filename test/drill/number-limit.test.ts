// Limits on numbers: what is taken, what is refused with its field, and what words must not tell.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeLimit, readNumbers } from '../../src/drill/number-limit.ts';
import type { NumberWish } from '../../src/model/drill.ts';

const wish: NumberWish = {
  http: 'https://probe:secret@shop.example.net/metrics?key=secret',
  metric: 'errors_total{code="500"}',
  above: 5,
  for: '30s',
};

test('a limit says what is read, how often, and what comes of it', () => {
  const limits = readNumbers([wish, { ...wish, every: '1s', onSilence: 'continue' }], '/n');
  assert.ok(!('code' in limits), JSON.stringify(limits));
  const [first, second] = limits;
  assert.deepEqual(
    [first?.bound, first?.limit, first?.span, first?.every, first?.onSilence],
    ['above', 5, 30_000, 5000, 'abort'],
  );
  assert.equal(first?.page.timeout, 2000);
  assert.deepEqual(first?.page.statuses, [200]);
  assert.deepEqual(
    [second?.every, second?.page.timeout, second?.onSilence],
    [1000, 500, 'continue'],
  );
});

test('passwords and what stands behind a question mark are told to nobody', () => {
  const limits = readNumbers([wish], '/n');
  assert.ok(!('code' in limits) && limits[0] !== undefined);
  const words = 'metric errors_total{code="500"} at https://shop.example.net/metrics';
  assert.equal(describeLimit(limits[0]), `${words} is above 5 for 30s`);
});

test('a plan without numbers has none', () => {
  assert.deepEqual(readNumbers(undefined, '/n'), []);
});

describe('a limit is refused', () => {
  const { metric, above, ...bare } = wish;
  assert.ok(metric !== undefined && above !== undefined);
  const refused: readonly (readonly [what: string, wish: NumberWish, path: string])[] = [
    ['without a place', { ...bare, above }, '/n/0'],
    ['with two places', { ...wish, json: 'a' }, '/n/0'],
    ['at a place that is none', { ...bare, above, metric: '9x' }, '/n/0/metric'],
    ['at a place without end', { ...bare, above, json: 'a'.repeat(3000) }, '/n/0/json'],
    ['without a bound', { ...bare, metric }, '/n/0'],
    ['with two bounds', { ...wish, below: 1 }, '/n/0'],
    ['above what is no number', { ...wish, above: Number.NaN }, '/n/0/above'],
    ['below 0, where nothing lies', { ...bare, metric, below: 0 }, '/n/0/below'],
    ['of a file', { ...wish, http: 'file:///etc/passwd' }, '/n/0/http'],
    ['of what is no URL', { ...wish, http: 'shop' }, '/n/0/http'],
    ['with a header that ends a line', { ...wish, headers: { a: 'b\r\nc: d' } }, '/n/0/headers'],
    [
      'with too many headers',
      { ...wish, headers: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`h${i}`, ''])) },
      '/n/0/headers',
    ],
    ['for what is no time', { ...wish, for: 'soon' }, '/n/0/for'],
    ['for too long', { ...wish, for: '2h' }, '/n/0/for'],
    ['read too often', { ...wish, every: '100ms' }, '/n/0/every'],
  ];
  for (const [what, one, path] of refused) {
    test(what, () => {
      const fault = readNumbers([one], '/n');
      assert.ok('code' in fault, JSON.stringify(fault));
      assert.equal(fault.path, path);
    });
  }

  test('and more than eight are', () => {
    const fault = readNumbers(
      Array.from({ length: 9 }, () => wish),
      '/n',
    );
    assert.ok('code' in fault && fault.path === '/n');
  });
});
