// Plans in files of their own that schedules name: found, checked as the command line checks them, and part of the configuration.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planFilesIn } from '../../src/config/plan-files.ts';
import { faultsOf, settingsOf, shippedText } from '../support/config.ts';

const own = { name: 'weekly', when: ['tue 02:00-04:00'], plan: 'plans/eu.yaml' };

const plan = `region: eu-west
actor: alice
steps:
  - { share: 0.5, hold: 5m }
  - { share: 1, hold: 5m }
objectives: { firstMoved: 30s }
reason: quarterly drill
`;

const withPlan = (text: string, schedule: object = {}) => {
  const shipped = shippedText();
  const block = `\ndrills: { schedules: [${JSON.stringify({ ...own, ...schedule })}] }\n`;
  return { ...shipped, main: shipped.main + block, tables: { 'plans/eu.yaml': { text } } };
};

const scheduled = (...asked: Parameters<typeof withPlan>) => {
  const [schedule] = settingsOf(withPlan(...asked)).drills?.schedules ?? [];
  assert.ok(schedule);
  return schedule;
};

test('files are found where schedules name them, each once', () => {
  const found = (text: string) => planFilesIn({ path: 'meridian.yaml', text });
  assert.deepEqual(found('drills: { schedules: [{ plan: a }, { plan: b }, { plan: a }, 3] }'), [
    'a',
    'b',
  ]);
  for (const text of ['drills: plan', 'plan: [', 'drills: { schedules: [{ plan: [x] }] }', '']) {
    assert.deepEqual(found(text), []);
  }
});

test('a schedule has what its plan says, but for who begins it', () => {
  const { regions, request } = scheduled(plan);
  assert.deepEqual(regions, ['eu-west']);
  assert.deepEqual(request, {
    steps: [
      { share: 0.5, hold: '5m' },
      { share: 1, hold: '5m' },
    ],
    objectives: { firstMoved: '30s' },
    reason: 'quarterly drill',
  });
  assert.deepEqual(settingsOf(withPlan(plan)).tableFiles, ['plans/eu.yaml']);
});

test('what stands beside the plan comes before it', () => {
  const rotate = ['us-east', 'eu-west'];
  const { regions, request } = scheduled(plan, { rotate, reason: 'by turns' });
  assert.deepEqual(regions, rotate);
  assert.equal(request.reason, 'by turns');
  assert.deepEqual(scheduled(plan, { region: 'us-east' }).regions, ['us-east']);
});

test('directors with another plan have another configuration, comments apart', () => {
  const of = (text: string): string => settingsOf(withPlan(text)).configuration;
  assert.equal(of(plan), of(`# the same\n${plan}`));
  assert.notEqual(of(plan), of(plan.replace('5m', '6m')));
});

describe('a plan is refused where it is wrong', () => {
  const refused: readonly (readonly [what: string, text: string, words: RegExp, more?: object])[] =
    [
      [
        'with a key that is none',
        `${plan}until: noon\n`,
        /^plans\/eu\.yaml:8:1: .*\/until: is not/,
      ],
      ['with a step that is none', plan.replace('0.5', '50'), /^plans\/eu\.yaml:4:7: .*share/],
      [
        'with steps that do not grow',
        plan.replace('0.5', '1'),
        /^plans\/eu\.yaml:\d+:\d+: \/steps/,
      ],
      [
        'with a hold that is too short',
        plan.replace('5m', '1s'),
        /^plans\/eu\.yaml:4:.*\/steps\/0\/hold/,
      ],
      [
        'without a notice',
        `${plan}lowerTtl: false\n`,
        /^plans\/eu\.yaml:8:1: .*hear of each other/,
      ],
      ['that is no YAML', 'steps: [', /^plans\/eu\.yaml:1:\d+: .*config\.syntax/],
      ['without a region', plan.replace(/^region.*\n/, ''), /exactly one of region and rotate/],
      ['for a region that there is not', plan.replace('eu-west', 'paris'), /no region "paris"/],
      [
        'without a reason',
        plan.replace(/^reason.*\n/m, ''),
        /steps and a reason, here or in plans/,
      ],
      [
        'for a window that is too short',
        plan,
        /^meridian\.yaml.*shorter than the drill/,
        { when: ['tue 02:00-02:09'] },
      ],
      [
        'with a setting beside it that is wrong',
        plan,
        /^meridian\.yaml.*\/steps\/0\/hold/,
        { steps: [{ share: 1, hold: '1s' }] },
      ],
    ];
  for (const [what, text, words, more] of refused) {
    test(what, () => {
      assert.match(faultsOf(withPlan(text, more)).join('\n'), words);
    });
  }

  test('that cannot be read, where it is named', () => {
    const tables = { 'plans/eu.yaml': { reason: 'no such file' } };
    const faults = faultsOf({ ...withPlan(plan), tables });
    assert.match(
      faults.join('\n'),
      /^meridian\.yaml.*\/plan: cannot read plans\/eu\.yaml: no such file/,
    );
  });
});
