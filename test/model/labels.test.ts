import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { LabelBuilder, labelAt } from '../../src/model/labels.ts';

const empty = { subdivision: '', city: '' };

describe('labels of places', () => {
  test('read back as they were added, in the order of their numbers', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    const label = fc.record({ subdivision: text, city: text }, { noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 50 }), (wanted) => {
        const builder = new LabelBuilder();
        const numbers = wanted.map(({ subdivision, city }) =>
          builder.add(Buffer.from(subdivision), Buffer.from(city)),
        );
        assert.deepEqual(
          numbers,
          wanted.map((_, i) => i + 1),
        );
        const labels = builder.finish(Uint32Array.from([0, ...numbers]));
        assert.deepEqual(
          wanted.map((_, i) => labelAt(labels, i + 1)),
          wanted,
        );
      }),
    );
  });

  test('are many', () => {
    const builder = new LabelBuilder();
    const city = (i: number): string => `city ${i}`.padEnd(100, '.');
    for (let i = 1; i <= 10_000; i++) builder.add(Buffer.from(`${i}`), Buffer.from(city(i)));
    const labels = builder.finish(Uint32Array.of(0, 1, 10_000));
    assert.deepEqual(labelAt(labels, 1), { subdivision: '1', city: city(1) });
    assert.deepEqual(labelAt(labels, 2), { subdivision: '10000', city: city(10_000) });
  });

  test('are empty for what has none, and for a place that there is not', () => {
    const labels = new LabelBuilder().finish(Uint32Array.of(0));
    assert.deepEqual([labelAt(labels, 0), labelAt(labels, 7)], [empty, empty]);
  });
});
