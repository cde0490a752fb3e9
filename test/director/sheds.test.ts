// Sheds: who has only just started goes by what the others do, and has a say once it must have heard them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSheds } from '../../src/director/sheds.ts';
import type { HeardClaim, LoadFinding } from '../../src/health/load.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { aRegion, aService, aSettings, noon, upHealth } from '../support/fleet.ts';

const eu = 'eu' as RegionId;
const load = {
  capacity: undefined,
  connections: undefined,
  low: 0.75,
  high: 0.9,
  lifetime: millis(30_000),
  token: undefined,
};
const regions = [aRegion('eu', { load }), aRegion('us')];
const settings = aSettings({ regions, services: [aService({ regions })] });
const health = new Map(regions.map(({ id }) => [id, upHealth()]));

/** A look so many seconds after noon: what others claim to pass on, and how busy `eu` is. */
function scene(seconds: number, shed: number | undefined, share?: number) {
  const now = millis(noon + seconds * 1000);
  const said = { share: undefined, connections: undefined, ago: 0, shed };
  const claims: HeardClaim[] =
    shed === undefined ? [] : [{ observing: 'us', claim: said, at: now }];
  const finding: LoadFinding = { share, connections: undefined, at: now, origin: 'report' };
  const found = new Map(share === undefined ? [] : [[eu, finding]]);
  return { settings, health, found, claims: new Map([[eu, claims]]), now };
}

test('a restart calls nobody back: the others are followed, and nothing is said at first', () => {
  const sheds = createSheds();
  sheds.look(scene(0, 0.4));
  assert.equal(sheds.agreed(eu), 0.4);
  assert.equal(sheds.wish(eu), undefined);
  sheds.look(scene(17, 0.4));
  assert.deepEqual([sheds.agreed(eu), sheds.wish(eu)], [0.4, 0.4]);
});

test('alone it decides by itself from the first report on', () => {
  const sheds = createSheds();
  for (let s = 0; s < 4; s++) sheds.look(scene(s, undefined, 1.5));
  assert.ok(sheds.agreed(eu) > 0);
  assert.equal(sheds.wish(eu), undefined);
});

test('the others are told when it changes its mind, once it has a say', () => {
  const sheds = createSheds();
  const told: number[] = [];
  for (let s = 0; s < 30; s++) if (sheds.look(scene(s, 0, s < 20 ? 0.5 : 4))) told.push(s);
  assert.ok(told.length > 0 && told.every((second) => second >= 20), told.join());
  assert.ok((sheds.wish(eu) ?? 0) > 0);
  assert.equal(sheds.agreed(eu), 0);
});

test('a region for whose load nothing is set passes nobody on', () => {
  const sheds = createSheds();
  sheds.look(scene(0, undefined));
  assert.equal(sheds.agreed('us' as RegionId), 0);
  assert.equal(sheds.wish('us' as RegionId), undefined);
});
