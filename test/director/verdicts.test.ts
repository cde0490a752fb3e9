// Verdicts as text: what was written is read, and what somebody else wrote does no harm.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { openRecovery } from '../../src/health/recover.ts';
import type { Sighting, Verdict } from '../../src/model/health.ts';
import { decodeVerdicts, encodeVerdicts, loadVerdicts } from '../../src/director/verdicts.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { downHealth, noon, upHealth } from '../support/fleet.ts';

describe('verdicts that were written', () => {
  test('come back with their epoch, all of them kept and unproven, none suspect, without votes', () => {
    const health = new Map([
      ['ash' as RegionId, upHealth({ isSuspect: true })],
      ['elm' as RegionId, downHealth()],
      ['oak' as RegionId, upHealth({ verdict: 'unknown' })],
    ]);
    const read = decodeVerdicts(encodeVerdicts({ epoch: 7, health }, noon), noon);
    assert.equal(read?.epoch, 7);
    const since = millis(noon - 86_400_000);
    const kept = (verdict: Verdict, seen: Sighting | undefined) => {
      const recovery = { ...openRecovery, seen };
      const flags = { isKept: true, isUnproven: true, isSuspect: false };
      return { verdict, ...flags, votes: [], since, recovery };
    };
    assert.deepEqual(
      [...(read?.health ?? [])],
      [
        ['ash', kept('up', { upAt: Number.NEGATIVE_INFINITY, trips: 0 })],
        ['elm', kept('down', { upAt: Number.POSITIVE_INFINITY, trips: 0 })],
        ['oak', kept('unknown', undefined)],
      ],
    );
  });

  test('come back with what was seen of returns', () => {
    const seen: Sighting[] = [
      { upAt: noon - 90_000, trips: 2 },
      { upAt: Number.POSITIVE_INFINITY, trips: 4 },
      { upAt: Number.NEGATIVE_INFINITY, trips: 0 },
    ];
    for (const one of seen) {
      const recovery = { ...openRecovery, seen: one };
      const isDown = one.upAt === Number.POSITIVE_INFINITY;
      const health = isDown ? downHealth({ recovery }) : upHealth({ recovery });
      const view = new Map([['ash' as RegionId, health]]);
      const read = decodeVerdicts(encodeVerdicts({ epoch: 7, health: view }, noon), noon);
      assert.deepEqual(read?.health.get('ash' as RegionId)?.recovery.seen, one);
    }
  });

  test('go on as if no time had passed where the clock was set back meanwhile', () => {
    const recovery = { ...openRecovery, seen: { upAt: noon - 90_000, trips: 2 } };
    const health = new Map([['ash' as RegionId, upHealth({ recovery, since: noon })]]);
    const text = encodeVerdicts({ epoch: 7, health }, noon);
    const back = millis(noon - 7_200_000);
    const ash = decodeVerdicts(text, back)?.health.get('ash' as RegionId);
    assert.deepEqual(ash?.recovery.seen, { upAt: back - 90_000, trips: 2 });
    assert.equal(ash.since, back);
    const later = decodeVerdicts(text, millis(noon + 5000))?.health.get('ash' as RegionId);
    assert.deepEqual(later?.recovery.seen, { upAt: noon - 90_000, trips: 2 });
    assert.equal(later.since, noon);
    for (const savedAt of [undefined, null, '5']) {
      const plain = JSON.stringify({ ...(JSON.parse(text) as object), savedAt });
      const read = decodeVerdicts(plain, back)?.health.get('ash' as RegionId);
      assert.equal(read?.recovery.seen?.upAt, noon - 90_000, String(savedAt));
    }
  });

  test('of no region are no trouble', () => {
    assert.deepEqual(decodeVerdicts(encodeVerdicts({ epoch: 0, health: new Map() }, noon), noon), {
      epoch: 0,
      health: new Map(),
    });
  });
});

test('what is on disk is loaded; without a disk, or with another text on it, nothing is known', async () => {
  const health = new Map([['elm' as RegionId, downHealth()]]);
  const disk = (text: string | undefined) => ({
    load: async (name: string) => (name === 'verdicts' ? text : undefined),
    save: async () => undefined,
  });
  const text = encodeVerdicts({ epoch: 7, health }, noon);
  assert.deepEqual(await loadVerdicts(disk(text), noon), decodeVerdicts(text, noon));
  for (const store of [undefined, disk(undefined), disk('{')]) {
    assert.deepEqual(await loadVerdicts(store, noon), { epoch: 0, health: new Map() });
  }
});

describe('another text', () => {
  const nothing = [
    '',
    '{',
    'null',
    '5',
    '[]',
    '{}',
    '{"epoch":1}',
    '{"epoch":"1","regions":[]}',
    '{"epoch":1.5,"regions":[]}',
    '{"epoch":-1,"regions":[]}',
    '{"epoch":1e300,"regions":[]}',
    '{"epoch":1,"regions":{}}',
  ];
  for (const text of nothing) {
    test(`${text === '' ? 'nothing' : text} is none`, () => {
      assert.equal(decodeVerdicts(text, noon), undefined);
    });
  }

  test('loses the regions that make no sense', () => {
    const rows = [
      ['ash', 'up', 1],
      ['elm', 'sideways', 1],
      [5, 'up', 1],
      ['oak', 'up', null],
      'fir',
      ['__proto__', 'down', 2],
    ];
    const read = decodeVerdicts(JSON.stringify({ epoch: 1, regions: rows }), noon);
    assert.deepEqual([...(read?.health.keys() ?? [])], ['ash', '__proto__']);
  });

  test('tells of no return what makes no sense', () => {
    const read = (...more: unknown[]): unknown => {
      const text = JSON.stringify({ epoch: 1, regions: [['ash', ...more]] });
      return decodeVerdicts(text, noon)?.health.get('ash' as RegionId)?.recovery.seen;
    };
    const settled = { upAt: Number.NEGATIVE_INFINITY, trips: 0 };
    assert.deepEqual(read('up', 1), settled);
    assert.deepEqual(read('up', 1, null, 3), settled);
    assert.deepEqual(read('up', 1, '5', 3), settled);
    assert.deepEqual(read('up', 1, 5, -3), { upAt: 5, trips: 0 });
    assert.deepEqual(read('down', 1, 5, 1.5), { upAt: Number.POSITIVE_INFINITY, trips: 0 });
    assert.equal(read('unknown', 1, 5, 1), undefined);
  });

  test('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeVerdicts(text, noon)),
    );
  });
});
