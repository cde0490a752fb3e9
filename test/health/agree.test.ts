// Agreeing: what at least half of the observing regions claim.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { agree } from '../../src/health/agree.ts';

const never = Number.POSITIVE_INFINITY;
const notYet = Number.NEGATIVE_INFINITY;

/** Claims of returns so many seconds ago, without trips. */
function claims(...agos: number[]) {
  return agos.map((ago) => ({ ago, trips: 0 }));
}

test('the middle claim of an odd number counts', () => {
  assert.equal(agree(claims(60, 61, 62), 3)?.ago, 61);
  assert.equal(agree(claims(60), 1)?.ago, 60);
  assert.equal(agree(claims(never, notYet, 5, 6, 7), 5)?.ago, 6);
});

test('of an even number the careful half counts: the later return, the more trips', () => {
  assert.equal(agree(claims(60, never), 2)?.ago, 60);
  assert.equal(agree(claims(60, never, never, 70), 4)?.ago, 70);
  const trips = [
    { ago: 1, trips: 3 },
    { ago: 1, trips: 0 },
  ];
  assert.equal(agree(trips, 2)?.trips, 3);
});

test('who is silent counts as if it knew of no return', () => {
  assert.equal(agree(claims(0, never), 3)?.ago, never);
  assert.equal(agree(claims(0), 3), undefined);
  assert.equal(agree([], 0), undefined);
});

test('one of three or more moves nothing beyond what the others claim', () => {
  const ago = fc.oneof(fc.constant(never), fc.constant(notYet), fc.nat(1_000_000));
  const claim = fc.record({ ago, trips: fc.nat(20) });
  fc.assert(
    fc.property(fc.array(claim, { minLength: 2, maxLength: 8 }), claim, (honest, liar) => {
      const found = agree([...honest, liar], honest.length + 1);
      const agos = honest.map((one) => one.ago);
      const trips = honest.map((one) => one.trips);
      assert.ok(found && found.ago >= Math.min(...agos) && found.ago <= Math.max(...agos));
      assert.ok(found.trips >= Math.min(...trips) && found.trips <= Math.max(...trips));
    }),
  );
});
