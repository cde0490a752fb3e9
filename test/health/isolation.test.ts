// Isolation: who has lost its own way to the world, and who must not be taken for that.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { findIsolated } from '../../src/health/isolation.ts';
import type { HeardVote, Verdict } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { lifetime, now, opinion } from '../support/votes.ts';

/** `eu-1: eu up, us down`: the vote of a director that stands in the region before the hyphen. */
function voteOf(line: string, age = 1000): HeardVote {
  const [observer = '', words = ''] = line.split(': ');
  const opinions = words.split(', ').map((word) => {
    const [region = '', verdict = ''] = word.split(' ');
    return [region as RegionId, opinion(verdict as Verdict)] as const;
  });
  const [region = ''] = observer.split('-');
  const vote = { observer, region, incarnation: 1, sequence: 1, opinions: new Map(opinions) };
  return { vote, freshAt: millis(now - age) };
}

interface Fleet {
  readonly regions?: string;
  readonly observers?: string;
}

function isolated(
  votes: readonly (string | HeardVote)[],
  { regions = 'eu us ap', observers = 'eu us ap' }: Fleet = {},
): string {
  const found = findIsolated({
    regions: regions.split(' ') as RegionId[],
    observers: observers.split(' '),
    votes: votes.map((each) => (typeof each === 'string' ? voteOf(each) : each)),
    voteLifetime: lifetime,
    now,
  });
  return [...found].join(' ');
}

const blind = 'eu-1: eu up, us down, ap down';
const us = 'us-1: eu up, us up, ap up';
const ap = 'ap-1: eu up, us up, ap up';

describe('an observer is isolated', () => {
  test('when all it sees down is up by the others', () => {
    assert.equal(isolated([blind, us, ap]), 'eu-1');
  });

  test('also when it sees its own region down, or says nothing of it', () => {
    assert.equal(isolated(['eu-1: eu down, us down, ap down', us, ap]), 'eu-1');
    assert.equal(isolated(['eu-1: us down, ap down', us, ap]), 'eu-1');
  });

  test('by the word of the one other observing region that is heard', () => {
    assert.equal(isolated([blind, us]), 'eu-1');
    assert.equal(isolated([blind, us], { observers: 'eu us' }), 'eu-1');
  });

  test('where it serves nothing, and where it does not count', () => {
    const lab = 'lab-1: eu down, us down, ap down';
    assert.equal(isolated([lab, us, ap], { observers: 'eu us lab' }), 'lab-1');
    assert.equal(isolated([lab, us, ap]), 'lab-1');
  });

  test('although its neighbour in the same region is not, and the other way round', () => {
    assert.equal(isolated([blind, 'eu-2: eu up, us up, ap up', us, ap]), 'eu-1');
    assert.equal(isolated([blind, 'eu-2: us down, ap down', us, ap]), 'eu-1 eu-2');
  });

  test('together with another one, while most of the others see the world', () => {
    const observers = { observers: 'eu us ap sa af' };
    const sa = 'sa-1: eu down, us down, ap down';
    assert.equal(isolated([blind, sa, us, ap], observers), 'eu-1 sa-1');
  });

  test('also while one region is really down, when most others are seen up', () => {
    const four = { regions: 'eu us ap sa' };
    const votes = [`${blind}, sa down`, `${us}, sa down`, `${ap}, sa down`];
    assert.equal(isolated(votes, four), 'eu-1');
  });
});

describe('an observer is not isolated', () => {
  const cases: Readonly<Record<string, readonly [readonly (string | HeardVote)[], Fleet?]>> = {
    'that is alone': [[blind]],
    'that sees one other region alive': [['eu-1: eu up, us up, ap down', us, ap]],
    'that has not made up its mind': [['eu-1: us down, ap unknown', us, ap]],
    'that says nothing of one region': [['eu-1: eu up, us down', us, ap]],
    'whose only other region it sees down': [[blind, us], { regions: 'eu us', observers: 'eu us' }],
    'when others say the same': [[blind, 'us-1: us up, ap down', 'ap-1: us down, ap up']],
    'when half of the others do': [
      [blind, us, 'ap-1: eu up, us down, ap down'],
      { observers: 'eu us ap' },
    ],
    'when as many regions are really down as up': [
      [blind, 'us-1: eu up, us up, ap down', 'ap-1: eu up, us up, ap down'],
    ],
    'by the word of those that do not count': [[blind, us, ap], { observers: 'eu sa af' }],
    'by the word of those whose votes are stale': [[blind, voteOf(us, 17_001), voteOf(ap, 60_000)]],
    'when its own vote is stale': [[voteOf(blind, 17_001), us, ap]],
    'by those who know nothing': [[blind, 'us-1: us unknown, ap unknown']],
  };
  for (const [which, [votes, fleet]] of Object.entries(cases)) {
    test(which, () => assert.equal(isolated(votes, fleet), ''));
  }

  // One other region is really down with its director, and its own way is broken: two faults.
  test('when those left are too few to tell, so that it still helps to see what is down', () => {
    assert.equal(isolated([blind, 'ap-1: eu up, us down, ap up']), '');
  });
});

test('two observers that contradict each other are never both isolated by each other alone', () => {
  const regions = ['eu', 'us', 'ap', 'sa'];
  const verdicts = fc.array(fc.constantFrom('up', 'down', 'unknown'), {
    minLength: regions.length,
    maxLength: regions.length,
  });
  fc.assert(
    fc.property(verdicts, verdicts, (one, other) => {
      const line = (id: string, said: readonly string[]): string =>
        `${id}: ${regions.map((region, i) => `${region} ${said[i]}`).join(', ')}`;
      const votes = [line('eu-1', one), line('us-1', other)];
      const fleet = { regions: regions.join(' '), observers: 'eu us' };
      assert.notEqual(isolated(votes, fleet), 'eu-1 us-1');
    }),
  );
});
