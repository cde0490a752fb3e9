// Figures: what is known of a load while answers come, stay away, and counters start anew.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type FigureBook,
  startFigures,
  sumFigures,
  takeFigures,
} from '../../src/health/figures.ts';
import type { Figure, FigureKind } from '../../src/model/figure.ts';
import { millis } from '../../src/model/time.ts';
import { httpProbe } from '../support/probed.ts';

const lifetime = millis(30_000);
const figure = (as: FigureKind, value: number, isCounter = false): Figure => ({
  as,
  value,
  isCounter,
});

type Told = readonly [at: number, ...told: readonly (Figure | undefined)[]];

/** What the first probe tells at moments one after the other. */
function told(...answers: readonly Told[]): FigureBook {
  return answers.reduce<FigureBook>(
    (book, [at, ...figures]) => takeFigures(book, ['probe', 0], figures, millis(at)),
    startFigures([]),
  );
}

describe('figures', () => {
  test('are none before an answer', () => {
    assert.equal(sumFigures(startFigures([]), lifetime, millis(0)), undefined);
  });

  test('of load count by the highest, others by their sum, over all probes', () => {
    const one = told([1000, figure('load', 0.3), figure('connections', 10)]);
    const both = takeFigures(
      one,
      ['probe', 1],
      [figure('load', 0.5), figure('connections', 2.6)],
      millis(2000),
    );
    assert.deepEqual(sumFigures(both, lifetime, millis(3000)), {
      load: 0.5,
      connections: 13,
      requests: undefined,
      at: 2000,
    });
  });

  test('stay until their lifetime is over, and then nothing is known of their kind', () => {
    const book = told([0, figure('load', 0.3)], [1000, undefined]);
    assert.equal(sumFigures(book, lifetime, millis(30_000))?.load, 0.3);
    assert.equal(sumFigures(book, lifetime, millis(30_001)), undefined);
  });

  test('are not known while a part of a sum is not, so that a silent page is no relief', () => {
    const tells = [{ as: 'connections', full: 1, place: { kind: 'json', path: ['a'] } }] as const;
    const page = httpProbe('http://h/', { tells });
    const one = takeFigures(
      startFigures([page, page]),
      ['gauge', 0],
      [figure('connections', 10)],
      millis(0),
    );
    assert.equal(sumFigures(one, lifetime, millis(0)), undefined);
    const both = takeFigures(one, ['gauge', 1], [figure('connections', 5)], millis(20_000));
    assert.equal(sumFigures(both, lifetime, millis(20_000))?.connections, 15);
    assert.equal(sumFigures(both, lifetime, millis(40_000)), undefined);
  });
});

describe('a counter', () => {
  const count = (value: number): Figure => figure('requests', value, true);
  const rate = (...answers: readonly Told[]): number | undefined =>
    sumFigures(told(...answers), lifetime, millis(answers.at(-1)?.[0] ?? 0))?.requests;

  test('is a rate from the second answer on', () => {
    assert.equal(rate([0, count(1000)]), undefined);
    assert.equal(rate([0, count(1000)], [5000, count(1500)]), 100);
    assert.equal(rate([0, count(1000)], [5000, undefined], [10_000, count(1500)]), 50);
    assert.equal(rate([0, count(1000)], [5000, count(1000)]), 0);
  });

  test('that starts anew, or a clock that does, has no rate until the next answer', () => {
    assert.equal(rate([0, count(1000)], [5000, count(10)]), undefined);
    assert.equal(rate([0, count(1000)], [5000, count(10)], [10_000, count(510)]), 100);
    assert.equal(rate([5000, count(1000)], [5000, count(2000)]), undefined);
    assert.equal(rate([5000, count(1000)], [1000, count(2000)]), undefined);
  });
});
