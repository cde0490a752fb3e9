import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mixHash } from '../../src/steering/hash.ts';
import { drawByNetwork, ticketsOf } from '../../src/steering/rendezvous.ts';
import { aRegion } from '../support/fleet.ts';

const fleet = Array.from({ length: 10 }, (_, i) => aRegion(`r${i}`));
const tickets = ticketsOf(new Map(fleet.map((region) => [region.id, region])));
const ids = fleet.map(({ id }) => id);

test('one region in ten that leaves moves a tenth of the networks, and they alone come back', () => {
  const count = 100_000;
  let moved = 0;
  for (let n = 0; n < count; n++) {
    const hash = mixHash(n, 4);
    const [before] = drawByNetwork(ids, tickets, hash);
    const [after] = drawByNetwork(ids.slice(1), tickets, hash);
    if (before === after) continue;
    assert.equal(before, 'r0');
    moved++;
  }
  assert.ok(moved / count < 1 / 10 + 0.01, `${moved} of ${count}`);
});

test('a region of weight 0, or one that nobody knows, is not drawn', () => {
  const some = new Map(
    [aRegion('ash'), aRegion('none', { weight: 0 })].map((one) => [one.id, one]),
  );
  const drawn = drawByNetwork([...some.keys(), ...ids.slice(0, 1)], ticketsOf(some), 1);
  assert.deepEqual(drawn, ['ash']);
});
