import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapSize, project } from '../../src/page/projection.ts';

test('the middle of the world is in the middle, and its edges at the edges', () => {
  const { x, y } = project({ latitude: 0, longitude: 0 });
  assert.equal(x, mapSize.width / 2);
  assert.ok(y > mapSize.height / 2 && y < mapSize.height * 0.65, 'more of the north is drawn');
  assert.equal(Math.round(project({ latitude: 0, longitude: -180 }).x), 0);
  assert.equal(Math.round(project({ latitude: 0, longitude: 180 }).x), mapSize.width);
  assert.equal(Math.round(project({ latitude: 90, longitude: 0 }).y), 0);
  assert.equal(Math.round(project({ latitude: -90, longitude: 0 }).y), mapSize.height);
});

test('north is up, east is right, and squares near the poles are narrower', () => {
  const [dublin, tokyo] = [
    project({ latitude: 53, longitude: -6 }),
    project({ latitude: 36, longitude: 140 }),
  ];
  assert.ok(dublin.x < tokyo.x && dublin.y < tokyo.y);
  const width = (latitude: number): number =>
    project({ latitude, longitude: 2 }).x - project({ latitude, longitude: 0 }).x;
  assert.ok(width(70) < width(0) * 0.7);
});

test('areas keep their size: a square at 60° has half the area of one at the equator', () => {
  const area = (south: number): number => {
    const [low, high] = [
      project({ latitude: south, longitude: 0 }),
      project({ latitude: south + 1, longitude: 0 }),
    ];
    const middle = south + 0.5;
    const width = project({ latitude: middle, longitude: 1 }).x - mapSize.width / 2;
    return width * (low.y - high.y);
  };
  const wanted = Math.cos((60 * Math.PI) / 180);
  assert.ok(Math.abs(area(59.5) / area(-0.5) - wanted) < 0.01);
});
