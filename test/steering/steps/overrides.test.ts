import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { prepareOverrides } from '../../../src/steering/steps/overrides.ts';
import { anOverride } from '../../support/fleet.ts';
import { runStep, tellTiers } from '../../support/race.ts';

describe('step overrides', () => {
  const step = prepareOverrides();

  test('leaves the race alone while no operator speaks', () => {
    const { tiers, left, summary } = runStep(step, 'ash > birch = cedar');
    assert.equal(tiers, 'ash > birch = cedar');
    assert.deepEqual(left, []);
    assert.equal(summary, 'no operator has spoken');
  });

  test('takes out what is drained or declared down, and says by whom, how long and why', () => {
    const overrides = [
      anOverride('ash'),
      anOverride('birch', { kind: 'down', actor: 'bob', reason: 'flood' }),
    ];
    const { tiers, left, summary } = runStep(step, 'ash = birch > cedar', { overrides });
    assert.equal(tiers, 'cedar');
    assert.equal(summary, '2 of 3 taken out by hand');
    assert.deepEqual(left, [
      {
        region: 'ash',
        code: 'drained',
        detail: 'drained by alice until 2026-05-01 14:00:00 UTC: disk swap',
      },
      {
        region: 'birch',
        code: 'overridden-down',
        detail: 'declared down by bob until 2026-05-01 14:00:00 UTC: flood',
      },
    ]);
  });

  test('keeps a region that is held up, and says so', () => {
    const overrides = [anOverride('ash', { kind: 'up', reason: 'probe is wrong' })];
    const { tiers, summary } = runStep(step, 'ash > birch', { overrides });
    assert.equal(tiers, 'ash > birch');
    assert.equal(summary, 'ash is held up by alice until 2026-05-01 14:00:00 UTC: probe is wrong');
  });

  test('tells of both when one region is out and another held up', () => {
    const overrides = [anOverride('ash'), anOverride('birch', { kind: 'up' })];
    assert.equal(
      runStep(step, 'ash > birch', { overrides }).summary,
      '1 of 2 taken out by hand; birch is held up by alice until 2026-05-01 14:00:00 UTC: disk swap',
    );
  });

  test('takes the same regions out of the reserve, so that no last resort brings them back', () => {
    const { race } = runStep(step, 'ash > birch', { overrides: [anOverride('ash')] });
    assert.equal(tellTiers(race.reserve), 'birch');
  });

  test('ignores what is said of regions that are not in the race', () => {
    const { tiers, summary } = runStep(step, 'ash', { overrides: [anOverride('oak')] });
    assert.equal(tiers, 'ash');
    assert.equal(summary, 'no operator has spoken');
  });
});
