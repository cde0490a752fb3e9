import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { areaOf } from '../../src/steering/class-list.ts';
import { unmarked } from '../../src/steering/overlay.ts';
import { valueOf } from '../../src/model/ranges.ts';
import type { StepSettings } from '../../src/model/settings.ts';
import { anAtlas } from '../support/atlas.ts';
import { anIp, aPrefix, aRegion, aService, classesOf, compileToEnd } from '../support/fleet.ts';

const atlas = anAtlas([{ prefix: '192.0.2.0/24', country: 'IE', lat: 53, lon: -6 }]);
const rule = { networks: [], countries: [], prefer: [] };

test('areaOf knows no place at index 0 and without an atlas', () => {
  assert.equal(areaOf(atlas, 0, unmarked).place, undefined);
  assert.equal(areaOf(undefined, 1, unmarked).place, undefined);
  assert.equal(areaOf(atlas, 1, unmarked).place?.country, 'IE');
  assert.equal(areaOf(atlas, 1, { ...unmarked, rule }).networkRule, rule);
});

describe('the classes of a map', () => {
  const regions = [
    aRegion('dublin', { latitude: 53, longitude: -6 }),
    aRegion('tokyo', { latitude: 36, longitude: 140 }),
    aRegion('lima', { latitude: -12, longitude: -77 }),
  ];
  const ids = regions.map(({ id }) => id);
  const byId = new Map(regions.map((region) => [region.id, region]));
  const ruled = { networks: [aPrefix('9.0.0.0/8')], countries: [], prefer: ids.slice(2) };
  const steps: StepSettings[] = [
    { kind: 'rules', rules: [ruled] },
    { kind: 'nearest', withinKm: 0 },
  ];

  function classesWith(chain: StepSettings[]) {
    const service = aService({ regions, steps: chain });
    const map = compileToEnd(service, byId, anAtlas([{ prefix: '9.0.0.0/8', lat: 36, lon: 139 }]));
    const at = valueOf(map.ranges, anIp('9.1.1.1'));
    return { classes: classesOf(map, service, byId), at };
  }

  test('are ordered by what their networks and places say, each time alike', () => {
    const { classes, at } = classesWith(steps);
    assert.deepEqual(classes.at(at).tiers, [['lima'], ['tokyo'], ['dublin']]);
    assert.equal(classes.at(at), classes.at(at));
  });

  test('are cut to the first of some regions, in their own order', () => {
    const { classes, at } = classesWith(steps);
    assert.equal(classes.canCut, true);
    assert.deepEqual(classes.cut(at, ids, 1), [['lima']]);
    assert.deepEqual(classes.cut(at, ids, 2), [['lima'], ['tokyo']]);
    assert.deepEqual(classes.cut(at, ids.slice(0, 2), 1), [['tokyo']]);
    assert.deepEqual(classes.cut(at, [], 1), []);
  });

  test('are not cut where one region sways the place of another', () => {
    for (const step of [
      { kind: 'nearest', withinKm: 100 },
      { kind: 'nearest', withinKm: 0, whenVague: 'equal' },
      { kind: 'latency', rows: [], withinMs: 5 },
      { kind: 'fence', fences: [] },
    ]) {
      assert.equal(classesWith([step]).classes.canCut, false, JSON.stringify(step));
    }
  });
});
