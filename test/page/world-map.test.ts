import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { looksOf } from '../../src/page/palette.ts';
import { type Spot, worldMapsOf } from '../../src/page/world-map.ts';

const spot = (before: string | null, after: string | null, longitude = 0): Spot => {
  return { latitude: 50, longitude, share: 0.1, before, after };
};

function draw(spots: readonly Spot[]): { before: string; after: string } {
  const { html } = worldMapsOf({
    id: 's0',
    titles: ['Before', 'After'],
    summary: 'clients',
    spots,
    looks: looksOf(['eu', 'us']),
    homes: new Map([
      ['eu', { latitude: 50, longitude: 8 }],
      ['us', { latitude: 50, longitude: 8 }],
      ['gone', { latitude: 0, longitude: 0 }],
    ]),
  });
  const [, before = '', after = ''] = html.split('<figure>');
  return { before, after };
}

describe('world maps', () => {
  test('who stays is drawn once and shown twice, paler beside those who move', () => {
    const { before, after } = draw([spot('eu', 'eu'), spot('eu', 'us', 20)]);
    assert.equal(before.match(/class="c0"/g)?.length, 2, 'those who stay, and those who will move');
    assert.match(after, /<use href="#s0-still" class="pale"\/><path class="c1"/);
  });

  test('where nobody moves nothing is paler', () => {
    assert.match(draw([spot('eu', 'eu')]).after, /class="plain"/);
  });

  test('nowhere, and a region without a look, have a look of their own', () => {
    const { before, after } = draw([spot(null, null), spot('eu', 'unheard', 9)]);
    assert.match(before, /class="cn"/);
    assert.match(after, /<path class="cn"/);
  });

  test('letters of regions at one place stand apart', () => {
    const shifts = [...draw([]).before.matchAll(/translate\((-?\d+) (-?\d+)\)/g)];
    assert.equal(shifts.length, 2, 'regions without a look have no letter');
    const [one, other] = shifts.map(([, x, y]) => [Number(x), Number(y)] as const);
    const apart = Math.hypot(
      (one?.[0] ?? 0) - (other?.[0] ?? 0),
      (one?.[1] ?? 0) - (other?.[1] ?? 0),
    );
    assert.ok(apart >= 18, `${apart}`);
  });

  test('without anybody it is an empty world', () => {
    assert.doesNotMatch(draw([]).before, /NaN|<path/);
  });
});
