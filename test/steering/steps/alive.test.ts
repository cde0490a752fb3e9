import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CountedVote, Verdict } from '../../../src/model/health.ts';
import { millis } from '../../../src/model/time.ts';
import { prepareAlive } from '../../../src/steering/steps/alive.ts';
import { anOverride, downHealth, upHealth } from '../../support/fleet.ts';
import { runStep, tellTiers } from '../../support/race.ts';

function aVote(observer: string, verdict: Verdict, reason = ''): CountedVote {
  const region = observer.replace(/-\d+$/, '');
  return { region, observer, verdict, age: millis(1000), latency: undefined, reason };
}

describe('step alive', () => {
  const step = prepareAlive();
  const up = upHealth();
  const down = downHealth();

  test('skips regions that are down, in their order, and names the votes', () => {
    const votes = [aVote('ap-1', 'up'), aVote('eu-1', 'down'), aVote('us-1', 'down', 'HTTP 503')];
    const health = { ash: downHealth({ votes }), birch: up, cedar: up };
    const { tiers, left, summary } = runStep(step, 'ash > birch = cedar', { health });
    assert.equal(tiers, 'birch = cedar');
    assert.equal(summary, '2 of 3 may serve');
    assert.deepEqual(left, [
      {
        region: 'ash',
        code: 'verdict-down',
        detail: 'voted down by 2 of 3 observing regions (us-1: HTTP 503)',
      },
    ]);
  });

  test('leaves out the reason when no vote gives one', () => {
    const health = { ash: downHealth({ votes: [aVote('eu-1', 'down')] }) };
    const [gone] = runStep(step, 'ash', { health }).left;
    assert.equal(gone?.detail, 'voted down by 1 of 1 observing regions');
  });

  test('a region that nobody can judge any more stays down as it was', () => {
    const health = { ash: downHealth({ votes: [], isKept: true }), birch: up };
    const { tiers, left, summary } = runStep(step, 'ash > birch', { health });
    assert.equal(tiers, 'birch');
    assert.equal(left[0]?.detail, 'down when it could last be judged');
    assert.equal(
      summary,
      '1 of 2 may serve; too few fresh votes on ash, so the last verdict stands',
    );
  });

  test('unknown is not down, and neither is a region that nobody has spoken of', () => {
    const health = { ash: upHealth({ verdict: 'unknown', isKept: true }) };
    const { tiers, summary } = runStep(step, 'ash > birch', { health });
    assert.equal(tiers, 'ash > birch');
    assert.equal(
      summary,
      '2 of 2 may serve; too few fresh votes on ash, birch, so the last verdict stands',
    );
  });

  test('a region that an operator holds up stays, whatever the votes say', () => {
    const health = { ash: down, birch: up };
    const overrides = [anOverride('ash', { kind: 'up' })];
    const { tiers, left, summary } = runStep(step, 'ash > birch', { health, overrides });
    assert.equal(tiers, 'ash > birch');
    assert.deepEqual(left, []);
    assert.equal(summary, '2 of 2 may serve; ash voted down, but held up');
  });

  test('has nothing to judge when operators took out every region', () => {
    assert.equal(runStep(step, '').summary, 'no region is left to judge');
  });

  test('leaves the reserve alone', () => {
    const { tiers, race } = runStep(step, 'ash > birch', { health: { ash: down, birch: down } });
    assert.equal(tiers, '');
    assert.equal(tellTiers(race.reserve), 'ash > birch');
  });
});
