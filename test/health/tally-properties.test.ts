// Properties of the tally: what holds for any votes at all.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Verdict } from '../../src/model/health.ts';
import { judge, opinion, view, vote } from '../support/votes.ts';

const places = ['eu', 'us', 'asia', 'sa', 'af', 'au', 'xx'];
const word = fc.constantFrom<Verdict>('up', 'down', 'unknown');
const fleet = fc.record({
  observers: fc.uniqueArray(fc.constantFrom(...places), { minLength: 1 }),
  heard: fc
    .array(
      fc.record({
        region: fc.constantFrom(...places),
        said: word,
        isSuspect: fc.boolean(),
        age: fc.integer({ min: 0, max: 20_000 }),
      }),
      { maxLength: 24 },
    )
    .map((list) =>
      list.map(({ region, said, isSuspect, age }, i) =>
        vote(region, opinion(said, { isSuspect }), `director-${i}`, age),
      ),
    ),
  before: word,
});

test('the order of votes does not matter', () => {
  const shuffled = fleet.chain((one) => {
    const minLength = one.heard.length;
    return fc.tuple(fc.constant(one), fc.shuffledSubarray(one.heard, { minLength }));
  });
  fc.assert(
    fc.property(shuffled, ([{ observers, heard, before }, other]) => {
      const names = observers.join(' ');
      assert.deepEqual(judge(names, heard, view(before)), judge(names, other, view(before)));
    }),
  );
});

test('a verdict changes only by a strict majority of the counted observing regions', () => {
  fc.assert(
    fc.property(fleet, ({ observers, heard, before }) => {
      const health = judge(observers.join(' '), heard, view(before));
      const saying = (verdict: Verdict): number =>
        health.votes.filter((line) => line.verdict === verdict).length;
      const isOwnMissing =
        observers.includes('eu') && !health.votes.some((line) => line.region === 'eu');
      const counted = observers.length - (isOwnMissing ? 1 : 0);
      const hasMajority = saying('up') > counted / 2 || saying('down') > counted / 2;
      assert.equal(health.isKept, !hasMajority);
      if (hasMajority) assert.ok(saying(health.verdict) > counted / 2);
      else assert.equal(health.verdict, before);
    }),
  );
});

test('whatever a minority says, in however many votes, the verdict of the others stands', () => {
  const scene = fc.record({
    size: fc.integer({ min: 1, max: 6 }),
    agreed: fc.constantFrom<Verdict>('up', 'down'),
    before: word,
    noise: fc.array(fc.record({ at: fc.nat(10), said: word }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(scene, ({ size, agreed, before, noise }) => {
      const observers = places.slice(0, size);
      const majority = observers.slice(0, Math.floor(size / 2) + 1);
      const minority = observers.slice(majority.length);
      const heard = majority.map((region) => vote(region, agreed));
      for (const [i, { at, said }] of noise.entries()) {
        const region = minority[at % Math.max(1, minority.length)] ?? 'nowhere';
        heard.push(vote(region, said, `noise-${i}`));
      }
      assert.equal(judge(observers.join(' '), heard, view(before)).verdict, agreed);
    }),
  );
});

test('a minority alone never moves a verdict, whatever the others leave unsaid', () => {
  const scene = fc.record({
    size: fc.integer({ min: 1, max: 6 }),
    before: word,
    loud: fc.array(fc.record({ at: fc.nat(10), said: word }), { maxLength: 20 }),
  });
  fc.assert(
    fc.property(scene, ({ size, before, loud }) => {
      // `eu`, the judged region, does not observe here: silence of any of these counts.
      const observers = places.slice(1, size + 1);
      const minority = observers.slice(0, Math.floor(size / 2));
      const heard = loud.flatMap(({ at, said }, i) => {
        const region = minority[at % Math.max(1, minority.length)];
        return region === undefined ? [] : [vote(region, said, `loud-${i}`)];
      });
      assert.equal(judge(observers.join(' '), heard, view(before)).verdict, before);
    }),
  );
});
