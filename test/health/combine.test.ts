// Several probes of one region: what their samples come to.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { combineSamples } from '../../src/health/combine.ts';
import type { Sample } from '../../src/model/health.ts';
import type { ProbeSpec, RegionProbes } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { httpProbe } from '../support/probed.ts';
import { tcp } from '../support/watch-stage.ts';

const fine = (latency: number): Sample => ({
  isHealthy: true,
  latency: millis(latency),
  reason: '',
});

const bad = (reason: string, latency = 1): Sample => ({
  isHealthy: false,
  latency: millis(latency),
  reason,
});

function combine(
  need: number,
  samples: readonly Sample[],
  list?: readonly ProbeSpec[],
  weights?: readonly number[],
): Sample {
  const probes: RegionProbes = {
    interval: millis(5000),
    downAfter: 3,
    upAfter: 5,
    holdDown: millis(0),
    flapHalfLife: millis(0),
    need,
    list: list ?? samples.map((_, i) => tcp(`host-${i}`)),
    ...(weights && { weights }),
  };
  return combineSamples(probes, samples);
}

test('one probe speaks for itself', () => {
  const sample = bad('connection refused');
  assert.equal(combine(1, [sample]), sample);
});

test('as many as are needed make a healthy sample, as slow as the slowest healthy one', () => {
  const samples = [fine(20), bad('timed out', 2000), fine(30)];
  assert.deepEqual(combine(2, samples), fine(30));
  assert.deepEqual(combine(1, samples), fine(30));
});

test('too few make one that lists which failed and why', () => {
  const samples = [fine(20), bad('timed out', 2000), bad('connection refused')];
  assert.deepEqual(combine(2, samples), {
    isHealthy: false,
    latency: 2000,
    reason:
      '1 of 3 probes healthy, want 2; tcp host-1:80: timed out; tcp host-2:80: connection refused',
  });
});

describe('probes that have weights', () => {
  const weighted = (need: number, weights: readonly number[], samples: readonly Sample[]): Sample =>
    combine(need, samples, undefined, weights);

  test('are healthy while enough of the weight is, however many fail', () => {
    const samples = [fine(20), bad('timed out', 2000), bad('connection refused')];
    assert.deepEqual(weighted(50, [60, 20, 20], samples), fine(20));
    assert.deepEqual(weighted(60, [60, 20, 20], samples), fine(20));
  });

  test('else tell how much is, and which of what weight failed', () => {
    const samples = [bad('timed out', 2000), fine(20), fine(30)];
    assert.deepEqual(weighted(50, [60, 20, 20], samples), {
      isHealthy: false,
      latency: 2000,
      reason: '40 of 100 of the weight is healthy, want 50; tcp host-0:80 (weight 60): timed out',
    });
  });

  test('are blind or final by weight as well', () => {
    const blind: Sample = { ...bad('no report'), isBlind: true };
    const final: Sample = { ...bad('leaves'), isFinal: true };
    assert.equal(weighted(50, [60, 40], [blind, fine(1)]).isBlind, true);
    assert.equal(weighted(50, [20, 40, 40], [blind, fine(1), bad('x')]).isBlind, true);
    assert.equal(weighted(50, [5, 40, 55], [blind, fine(1), bad('x')]).isBlind, undefined);
    assert.equal(weighted(50, [60, 40], [final, bad('x')]).isFinal, true);
    assert.equal(weighted(50, [50, 50], [final, bad('x')]).isFinal, undefined);
  });
});

test('the reason keeps to itself what a URL holds of secrets', () => {
  const url = 'https://user:pass@h.example/z?token=abc';
  const { reason } = combine(2, [bad('status 503'), fine(1)], [httpProbe(url), tcp('h')]);
  assert.equal(reason, '1 of 2 probes healthy, want 2; https://h.example/z: status 503');
});

test('what saw nothing decides where it could turn the result, and is left out where it could not', () => {
  const blind: Sample = { ...bad('cut off'), isBlind: true };
  const cases: readonly [need: number, samples: readonly Sample[], isBlind: boolean][] = [
    [1, [fine(1), blind], false],
    [2, [fine(1), blind], true],
    [1, [bad('timed out'), blind], true],
    [2, [bad('timed out'), blind], false],
    [2, [bad('timed out'), blind, blind], true],
    [3, [bad('timed out'), blind, blind], false],
  ];
  for (const [need, samples, isBlind] of cases) {
    assert.equal(combine(need, samples).isBlind === true, isBlind, `${need} of ${samples.length}`);
  }
  assert.equal(combine(1, [fine(1), blind]).isHealthy, true);
  assert.equal(combine(2, [bad('timed out'), blind]).isHealthy, false);
});

test('a final word is final where the other probes could not make up for it', () => {
  const final: Sample = { ...bad('draining'), isFinal: true };
  const cases: readonly [need: number, samples: readonly Sample[], isFinal: boolean][] = [
    [2, [fine(1), final], true],
    [2, [bad('timed out'), final], true],
    [1, [fine(1), final], false],
    [1, [bad('timed out'), final], false],
    [1, [final, final], true],
  ];
  for (const [need, samples, isFinal] of cases) {
    assert.equal(combine(need, samples).isFinal === true, isFinal, `${need} of ${samples.length}`);
  }
});

test('of several certificates the one that ends first counts', () => {
  const ending = (span: number): Sample => ({ ...fine(1), expiresIn: millis(span) });
  assert.equal(combine(2, [ending(9000), fine(1), ending(7000)]).expiresIn, 7000);
  assert.equal('expiresIn' in combine(2, [fine(1), fine(1)]), false);
});
