import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CountedVote, Verdict } from '../../../src/model/health.ts';
import { millis } from '../../../src/model/time.ts';
import { prepareFloor } from '../../../src/steering/floor.ts';
import type { ThinningStep } from '../../../src/steering/step.ts';
import { prepareAlive } from '../../../src/steering/steps/alive.ts';
import {
  anOverride,
  aRegion,
  aService,
  downHealth,
  noon,
  returningHealth,
  upHealth,
} from '../../support/fleet.ts';
import { runStep, tellTiers } from '../../support/race.ts';

function aVote(observer: string, verdict: Verdict, reason = ''): CountedVote {
  const region = observer.replace(/-\d+$/, '');
  return { region, observer, verdict, age: millis(1000), latency: undefined, reason };
}

describe('step alive', () => {
  const step = prepareAlive(undefined);
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
      '2 of 2 may serve; too few fresh votes on any, so the last verdict stands',
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

  describe('with a floor', () => {
    const regions = ['ash', 'birch', 'cedar', 'elm'].map((id) => aRegion(id));
    const book = new Map(regions.map((region) => [region.id, region]));
    const stepOf = (least: number): ThinningStep => {
      const floor = { least, unit: 'regions', below: 'keep' } as const;
      return prepareAlive(prepareFloor(floor, aService({ regions }), book));
    };

    test('keeps as many that are down as it lacks, and says whose floor that is', () => {
      const older = downHealth({ since: millis(noon - 3_600_000) });
      const health = { ash: older, birch: downHealth({ since: noon }), cedar: up };
      const { tiers, left, summary, race } = runStep(stepOf(2), 'ash > birch = cedar', { health });
      assert.equal(tiers, 'birch = cedar');
      assert.deepEqual([...race.floored], ['birch']);
      assert.deepEqual(
        left.map(({ region }) => region),
        ['ash'],
      );
      const words = 'the floor is 2 regions, so clients are sent to birch all the same';
      assert.equal(summary, `1 of 3 may serve; ${words}`);
    });

    test('says nothing more than the floor while enough are alive, or nothing is', () => {
      assert.equal(
        runStep(stepOf(2), 'ash > birch > cedar', { health: { ash: down } }).summary,
        '2 of 3 may serve; the floor is 2 regions; ' +
          'too few fresh votes on birch, cedar, so the last verdict stands',
      );
      const dead = runStep(stepOf(2), 'ash', { health: { ash: down } });
      assert.equal(dead.tiers, '');
      assert.equal(dead.summary, '0 of 1 may serve; the floor is 2 regions, but nothing is alive');
    });

    test('has regions on their way back serve all of their clients', () => {
      const health = { ash: down, birch: returningHealth(0.25), cedar: up, elm: up };
      const all = 'ash > birch > cedar > elm';
      const three = runStep(stepOf(3), all, { health });
      assert.equal(three.tiers, 'birch > cedar > elm');
      const early = 'the floor is 3 regions, so birch gets all of its clients at once';
      assert.equal(three.summary, `3 of 4 may serve; ${early}`);
      const four = runStep(stepOf(4), all, { health });
      assert.equal(four.tiers, all);
      assert.equal(
        four.summary,
        '3 of 4 may serve; the floor is 4 regions, ' +
          'so clients are sent to ash all the same and birch gets all of its clients at once',
      );
    });
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
