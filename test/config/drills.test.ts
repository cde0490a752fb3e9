// The block `drills`: schedules whose plans a director would take, and windows that they fit into.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultsOf, settingsOf, shippedText } from '../support/config.ts';

const schedule = (change: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    name: 'weekly',
    region: 'eu-west',
    when: ['tue 02:00-04:00'],
    steps: [{ share: 1, hold: '5m' }],
    reason: 'weekly drill',
    ...change,
  });

const withDrills = (...schedules: readonly string[]) => {
  const text = shippedText();
  const block = `\ndrills: { remindAfter: 90d, schedules: [${schedules.join(', ')}] }\n`;
  return { ...text, main: text.main + block };
};

test('a schedule has regions, windows and what a plan has', () => {
  const every = { region: undefined, rotate: ['eu-west', 'us-east'], every: '28d' };
  const { drills } = settingsOf(withDrills(schedule(every)));
  assert.equal(drills?.remindAfter, 90 * 86_400_000);
  const [one] = drills?.schedules ?? [];
  assert.deepEqual(one?.regions, ['eu-west', 'us-east']);
  assert.equal(one?.every, 28 * 86_400_000);
  assert.deepEqual(one?.request, { steps: [{ share: 1, hold: '5m' }], reason: 'weekly drill' });
  assert.equal(one?.windows.length, 1);
  assert.deepEqual(structuredClone(drills), drills);
});

describe('a schedule is refused', () => {
  const refused: readonly (readonly [what: string, change: object, words: RegExp])[] = [
    ['without a region', { region: undefined }, /exactly one of region and rotate/],
    ['with two ways to name regions', { rotate: ['us-east', 'eu-west'] }, /exactly one of region/],
    ['for a region that there is not', { region: 'paris' }, /there is no region "paris"/],
    ['in no window', { when: ['soon'] }, /want days and times/],
    ['in a window that is too short', { when: ['tue 02:00-02:05'] }, /shorter than the drill/],
    ['with steps that do not grow', { steps: [{ share: 1, hold: '1s' }] }, /steps\/0\/hold/],
    ['without a notice', { lowerTtl: false }, /hear of each other/],
    [
      'with a number that is none',
      { abortIf: { numbers: [{ http: 'http://h/', above: 1 }] } },
      /exactly one of answerHeader/,
    ],
    ['with what it does not have', { at: 'noon' }, /is not a setting here/],
  ];
  for (const [what, change, words] of refused) {
    test(what, () => {
      assert.match(faultsOf(withDrills(schedule({ ...change }))).join('\n'), words);
    });
  }

  test('by the name of another', () => {
    assert.match(faultsOf(withDrills(schedule(), schedule())).join('\n'), /listed twice/);
  });
});
