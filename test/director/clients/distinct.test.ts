// How many networks: near the truth for few and for many, and put back as it was written.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Distinct } from '../../../src/director/clients/distinct.ts';
import { Tabulation } from '../../../src/director/clients/tabulation.ts';

const hash = new Tabulation([1, 2, 3, 4]);

function distinctOf(from: number, to: number): Distinct {
  const distinct = new Distinct();
  for (let i = from; i < to; i++) distinct.add(hash.ofNetwork(24, i * 256, 0));
  return distinct;
}

describe('the estimate', () => {
  test('of nothing is 0', () => assert.equal(new Distinct().estimate(), 0));

  for (const count of [1, 10, 1000, 8000, 12_000, 100_000, 1_000_000]) {
    test(`of ${count} networks is near that`, () => {
      const estimate = distinctOf(0, count).estimate();
      // Five times the standard error, and never wrong about one or two.
      assert.ok(Math.abs(estimate - count) <= 0.08 * count, String(estimate));
    });
  }

  test('does not grow with what was seen before', () => {
    const distinct = distinctOf(0, 5000);
    const before = distinct.estimate();
    for (let i = 0; i < 5000; i++) distinct.add(hash.ofNetwork(24, i * 256, 0));
    assert.equal(distinct.estimate(), before);
  });

  test('of two together is that of one who saw everything', () => {
    const both = distinctOf(0, 6000).with(distinctOf(3000, 9000));
    assert.equal(both.estimate(), distinctOf(0, 9000).estimate());
  });
});

test('what is written is read back, and nothing else is read', () => {
  const distinct = distinctOf(0, 50_000);
  const text = distinct.toText();
  assert.equal(Distinct.fromText(text)?.estimate(), distinct.estimate());
  for (const bad of [undefined, 7, '', text.slice(1), `z${text.slice(1)}`, `\n${text.slice(1)}`]) {
    assert.equal(Distinct.fromText(bad), undefined);
  }
});
