import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type LastWord, prepareLastResort } from '../../../src/steering/steps/last-resort.ts';
import { anIp } from '../../support/fleet.ts';
import { readTiers, runOn, startRace } from '../../support/race.ts';

describe('step last-resort', () => {
  const step = prepareLastResort();
  const after = (tiers: string, reserve: string): ReturnType<typeof runOn> =>
    runOn(step, { ...startRace(tiers), reserve: readTiers(reserve) });

  test('does nothing while a region is left', () => {
    const { tiers, race, summary } = after('birch', 'ash > birch');
    assert.equal(tiers, 'birch');
    assert.equal(race.isFailOpen, false);
    assert.equal(summary, 'not needed');
  });

  test('brings back the reserve when none is', () => {
    const { tiers, race, summary } = after('', 'ash = birch > cedar');
    assert.equal(tiers, 'ash = birch > cedar');
    assert.equal(race.isFailOpen, true);
    assert.equal(summary, 'nothing is alive, so geography alone decides');
  });

  test('cannot bring back what operators have taken out', () => {
    const { tiers, summary } = after('', '');
    assert.equal(tiers, '');
    assert.equal(summary, 'operators have taken out every region');
  });

  const word = (answer: LastWord, reserve: string): ReturnType<typeof runOn> =>
    runOn(prepareLastResort(answer), { ...startRace(''), reserve: readTiers(reserve) });

  test('answers nothing where the policy wants nothing', () => {
    const { tiers, race, summary } = word('nodata', 'ash > birch');
    assert.deepEqual([tiers, race.lastWord, race.isFailOpen], ['', 'nodata', false]);
    assert.equal(summary, 'nothing is alive, and the policy answers nothing then');
    // That operators took out all is the better reason.
    assert.equal(word('nodata', '').race.lastWord, undefined);
  });

  test('gives addresses of the policy, also where operators took out every region', () => {
    const addresses = ['192.0.2.9', '2001:db8::9'].map(anIp);
    for (const reserve of ['ash', '']) {
      const { tiers, race, summary } = word(addresses, reserve);
      assert.deepEqual([tiers, race.lastWord, race.isFailOpen], ['', addresses, false]);
      assert.equal(summary, 'no region is left, so the policy answers with 192.0.2.9, 2001:db8::9');
    }
  });

  test('says none of that while a region is left', () => {
    for (const answer of ['nodata', [anIp('192.0.2.9')]] as const) {
      const { race, summary } = runOn(prepareLastResort(answer), startRace('ash'));
      assert.deepEqual([race.lastWord, summary], [undefined, 'not needed']);
    }
  });
});
