// Parts: small pieces, only of what has changed, and nothing that a thread that answers need not know.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Part, partsBetween, type State } from '../../../src/director/workers/parts.ts';
import { noLoads } from '../../../src/model/load.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { settingsOf, shippedText } from '../../support/config.ts';
import {
  anOverride,
  aRegion,
  aService,
  aSettings,
  downHealth,
  upHealth,
} from '../../support/fleet.ts';

const eu = 'eu' as RegionId;
const us = 'us' as RegionId;

function stateOf(settings = aSettings({ regions: [], services: [] })): State {
  return {
    ground: { settings, atlas: undefined, areas: new Map() },
    motion: { health: new Map(), overrides: new Map(), loads: noLoads },
  };
}

function kindsOf(parts: Iterable<Part>): string[] {
  return Array.from(parts, ({ kind }) => kind);
}

describe('between two states', () => {
  test('that are one there is nothing', () => {
    const state = stateOf();
    assert.deepEqual(kindsOf(partsBetween(state, state)), []);
  });

  test('there is only the region whose health has changed, and which has gone', () => {
    const state = stateOf();
    const up = upHealth();
    const motion = {
      ...state.motion,
      health: new Map([
        [eu, up],
        [us, up],
      ]),
    };
    const down = downHealth();
    const next = { ...motion, health: new Map([[eu, down]]) };
    assert.deepEqual(
      [...partsBetween({ ...state, motion }, { ...state, motion: next })],
      [
        { kind: 'health', changed: [], gone: [us] },
        { kind: 'health', changed: [[eu, down]], gone: [] },
      ],
    );
  });

  test('words and loads come alone', () => {
    const state = stateOf();
    const overrides = new Map([[eu, anOverride('eu')]]);
    const motion = { ...state.motion, overrides, loads: new Map() };
    assert.deepEqual(kindsOf(partsBetween(state, { ...state, motion })), ['overrides', 'loads']);
  });

  test('of which the second has other settings, all of these come, but not the same atlas', () => {
    const before = stateOf();
    const after = {
      ...before,
      ground: { ...before.ground, settings: { ...before.ground.settings } },
    };
    const kinds = kindsOf(partsBetween(before, after));
    assert.deepEqual([kinds[0], kinds.includes('atlas')], ['settings', false]);
  });
});

describe('a part', () => {
  const regions = Array.from({ length: 1000 }, (_, i) => aRegion(`r${i}`));
  const services = Array.from({ length: 1000 }, (_, i) => aService({ name: `s${i}`, regions: [] }));

  test('of many regions, services or records is a small one', () => {
    const parts = [...partsBetween(undefined, stateOf(aSettings({ regions, services })))];
    const most = Math.max(
      ...parts.map((part) => {
        if (part.kind === 'regions') return part.regions.length;
        return part.kind === 'services' ? part.services.length : 0;
      }),
    );
    assert.ok(most > 0 && most <= 100, `${most} at once`);
  });

  test('can go to another thread, whatever the configuration has', () => {
    const parts = [...partsBetween(undefined, stateOf(settingsOf(shippedText())))];
    assert.ok(parts.length > 5);
    for (const part of parts) assert.doesNotThrow(() => structuredClone(part), part.kind);
  });

  test('holds no token, no board and no probe', () => {
    const shipped = shippedText();
    const main = `${shipped.main}
http: { tokens: [{ name: ops, sha256: "${'ab'.repeat(32)}", scope: operate }] }`;
    const text = JSON.stringify([
      ...partsBetween(undefined, stateOf(settingsOf({ ...shipped, main }))),
    ]);
    assert.ok(!text.includes('abab'));
    assert.ok(!text.includes('http://'));
  });
});
