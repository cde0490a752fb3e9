// Verdicts as text: what was written is read, and what somebody else wrote does no harm.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeVerdicts, encodeVerdicts } from '../../src/director/verdicts.ts';
import type { RegionId } from '../../src/model/region.ts';
import { downHealth, noon, upHealth } from '../support/fleet.ts';

describe('verdicts that were written', () => {
  test('come back with their epoch, all of them kept, none suspect, without votes', () => {
    const health = new Map([
      ['ash' as RegionId, upHealth({ isSuspect: true })],
      ['elm' as RegionId, downHealth()],
      ['oak' as RegionId, upHealth({ verdict: 'unknown' })],
    ]);
    const read = decodeVerdicts(encodeVerdicts({ epoch: 7, health }));
    assert.equal(read?.epoch, 7);
    const kept = { isKept: true, isSuspect: false, votes: [], since: noon - 86_400_000 };
    assert.deepEqual(
      [...(read?.health ?? [])],
      [
        ['ash', { verdict: 'up', ...kept }],
        ['elm', { verdict: 'down', ...kept }],
        ['oak', { verdict: 'unknown', ...kept }],
      ],
    );
  });

  test('of no region are no trouble', () => {
    assert.deepEqual(decodeVerdicts(encodeVerdicts({ epoch: 0, health: new Map() })), {
      epoch: 0,
      health: new Map(),
    });
  });
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
      assert.equal(decodeVerdicts(text), undefined);
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
    const read = decodeVerdicts(JSON.stringify({ epoch: 1, regions: rows }));
    assert.deepEqual([...(read?.health.keys() ?? [])], ['ash', '__proto__']);
  });

  test('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void decodeVerdicts(text)));
  });
});
