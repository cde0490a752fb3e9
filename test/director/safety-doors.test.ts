// Safety rules, each tried through every door by somebody who wants to get around it, and by automation.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Door, handRound } from '../../src/cli/hand-round.ts';
import { createSafety } from '../../src/director/safety.ts';
import type { DrillRequest } from '../../src/model/drill.ts';
import type { OverrideRequest } from '../../src/model/override-request.ts';
import type { RuleSettings } from '../../src/model/safety.ts';
import type { Settings } from '../../src/model/settings.ts';
import { readWindows } from '../../src/model/window.ts';
import type { DirectorStage } from '../support/director-stage.ts';
import { aService, aSettings } from '../support/fleet.ts';
import {
  active,
  give,
  type GuardedStage,
  guardedStage,
  isRefused,
  made,
  regions,
  request,
  settingsWith,
} from '../support/guarded-stage.ts';

/** With one of three regions out, none of these lets another one go. */
const onWhoServes: readonly RuleSettings[] = [
  { kind: 'minRegions', fleet: 2, service: 2 },
  { kind: 'notTogether', groups: [['eu', 'us']], isByContinent: false },
  { kind: 'minCapacity', declared: 0.6, load: 0 },
];

const today = readWindows('2026-05-01T00:00Z/2026-05-02T00:00Z');

/** Each forbids every change once eu was drained at noon. */
const onTime: readonly RuleSettings[] = [
  { kind: 'gate', isClosed: true },
  { kind: 'windows', maintenance: [], blocked: today },
  { kind: 'windows', maintenance: readWindows('sat 02:00-04:00'), blocked: [] },
  { kind: 'minInterval', interval: 600_000 },
];

type Attempt = (stage: GuardedStage) => Promise<object | undefined>;

const word =
  (change: Partial<OverrideRequest>): Attempt =>
  (stage) =>
    give(stage, stage.one, { region: 'us', ...change });

const otherRules = (kind: string): string[] =>
  ['minRegions', 'notTogether', 'minCapacity', 'gate', 'windows', 'minInterval'].filter(
    (each) => each !== kind,
  );

/** Words that another director gave, which knows of no rule. */
const carried =
  (change: Partial<OverrideRequest>): Attempt =>
  async (stage) => {
    const { id, signed = '' } = made(await give(stage, stage.lax, { region: 'us', ...change }));
    return stage.one.api.takeOverride(id, signed, { door: 'loopback' });
  };

async function direct({ one, lax, clock }: GuardedStage): Promise<object | undefined> {
  const asked = { ...request, region: 'us' };
  const doorOf = (name: string, { api }: DirectorStage): Door => ({
    name,
    make: () => api.addOverride(asked),
    take: ({ id, signed = '' }) => api.takeOverride(id, signed),
  });
  const round = handRound([doorOf('one', one), doorOf('lax', lax)]);
  await clock.advance(100);
  const { answers, word: given } = await round;
  assert.equal(given, undefined, 'nobody else is asked for it');
  return answers.get('one');
}

const drill =
  (change: Partial<DrillRequest>): Attempt =>
  async ({ one, clock }) => {
    const plan = { steps: [{ share: 0.25, hold: '10s' }], lowerTtl: false, region: 'us' };
    const starting = one.api.startDrill({ ...plan, actor: 'alice', reason: 'why not', ...change });
    await clock.advance(1000);
    const answer = await starting;
    if ('code' in answer) return answer;
    // It began, and its first word was refused.
    assert.equal(answer.abort?.code, 'refused');
    const [rule = ''] = answer.abort.message.split(':');
    return { code: 'safety.refused', message: answer.abort.message, rules: [{ rule }] };
  };

const files =
  (change: (settings: Settings) => Settings): Attempt =>
  async ({ one, clock }) => {
    const safety = createSafety({ ...one, clock, tell: () => undefined });
    const next = change(settingsWith(one.cell.view.snapshot.settings.safety));
    return safety.judgeReload({ ...next, configuration: 'ffffffffffff' });
  };

const withoutUs = aSettings({
  regions: regions.filter(({ id }) => id !== 'us'),
  services: ['www', 'api'].map((name) => aService({ name, regions: ['eu', 'ap'] })),
});
const wwwWithoutUs = aSettings({
  regions,
  services: [aService({ regions: ['eu', 'ap'] }), aService({ name: 'api', regions })],
});
const wrongGlass = { rules: ['gate'], reason: 'the water rises' };

/** Each takes us out, for some of its clients at least. */
const doors: Readonly<Record<string, Attempt>> = {
  'a drain': word({}),
  'the word that it is down': word({ kind: 'down' }),
  'a drain of a share': word({ share: 0.25 }),
  'a drain within one service': word({ service: 'www.example.test' }),
  'the word that it is down within the other service': word({
    service: 'api.example.test',
    kind: 'down',
  }),
  'a drain of a share within a service': word({ service: 'api.example.test', share: 0.3 }),
  'a drain of one of its addresses': word({ endpoint: '198.51.100.2' }),
  'a drain of a second': word({ for: '1s' }),
  'a drain of a week': word({ for: '7d' }),
  'a drain for good': word({ permanent: true, confirm: 'us' }),
  'a word that another director signed': carried({}),
  'a word of a share that another director signed': carried({ share: 0.25 }),
  'a word for good that another director signed': carried({ permanent: true, confirm: 'us' }),
  'a word that is handed round directly': direct,
  'a drill': drill({}),
  'a drill within one service': drill({ service: 'www.example.test' }),
  'files without the region': files(() => withoutUs),
  'files in which one service has it no more': files(() => wwwWithoutUs),
  'files without the region and without rules': files(() => ({ ...withoutUs, safety: undefined })),
  'files without it and with other rules': files(() => ({ ...withoutUs, safety: { rules: [] } })),
  'files with break-glass for another configuration': files(() => ({
    ...withoutUs,
    safety: { rules: [], breakGlass: { ...wrongGlass, configuration: '000000000000' } },
  })),
};

const glassDoors = (kind: string): Readonly<Record<string, Attempt>> => {
  const breakGlass = { rules: otherRules(kind), reason: 'the water rises' };
  const configuration = '0123456789ab';
  return {
    'break-glass that names every other rule': word({ breakGlass }),
    'break-glass for every other rule, signed by another director': carried({ breakGlass }),
    'files with break-glass for every other rule': files(() => ({
      ...withoutUs,
      safety: { rules: [], breakGlass: { ...breakGlass, configuration } },
    })),
  };
};

const named = ({ kind, maintenance }: RuleSettings): string =>
  Array.isArray(maintenance) && maintenance.length > 0 ? `${kind} of maintenance` : kind;

for (const rule of [...onWhoServes, ...onTime]) {
  describe(`the rule ${named(rule)} is not got around`, () => {
    const isOnTime = onTime.includes(rule);
    const scene = async (): Promise<GuardedStage> => {
      const stage = await guardedStage([rule]);
      const breakGlass = { rules: [rule.kind], reason: 'to begin with' };
      const isNeeded = isOnTime && rule.kind !== 'minInterval';
      made(await give(stage, stage.one, isNeeded ? { breakGlass } : {}));
      return stage;
    };
    for (const [door, attempt] of Object.entries({ ...doors, ...glassDoors(rule.kind) })) {
      test(`by ${door}`, async () => {
        const stage = await scene();
        isRefused(await attempt(stage), rule.kind);
        assert.deepEqual(
          active(stage.one).filter((key) => key.startsWith('us')),
          [],
        );
      });
    }

    test('by somebody who passes for a drill', async () => {
      const stage = await scene();
      const actor = 'drill 20260501T115900000Z-eu';
      const answer = await give(stage, stage.one, { region: 'us', actor });
      assert.ok('code' in answer && answer.path === '/actor', JSON.stringify(answer));
      assert.deepEqual(active(stage.one), ['eu']);
    });

    test('by many words at once, of which no more are taken than may be', async () => {
      const stage = await guardedStage([rule]);
      const wishes: Partial<OverrideRequest>[] = [
        { region: 'eu' },
        { region: 'us' },
        { region: 'ap', share: 0.5 },
        { region: 'us', service: 'www.example.test' },
        { region: 'us', endpoint: '198.51.100.1' },
        { region: 'ap', kind: 'down', service: 'api.example.test' },
      ];
      const giving = wishes.map((wish) => stage.one.api.addOverride({ ...request, ...wish }));
      await stage.clock.advance(1000);
      const answers = await Promise.all(giving);
      const refused = answers.filter((answer) => 'code' in answer);
      for (const fault of refused) assert.equal(fault.code, 'safety.refused');
      if (rule.kind === 'notTogether') {
        assert.deepEqual(active(stage.one).toSorted(), ['ap', 'ap/api.example.test', 'eu']);
      } else {
        assert.deepEqual(active(stage.one), isOnTime && rule.kind !== 'minInterval' ? [] : ['eu']);
      }
      assert.deepEqual(stage.one.api.health().broken, undefined);
    });
  });
}

describe('rules on who serves are not got around', () => {
  for (const rule of onWhoServes) {
    const { kind } = rule;

    test(`by shares that add up: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      const shares: Partial<OverrideRequest>[] = [
        { region: 'eu', share: 0.25 },
        { region: 'us', share: 0.75 },
        { region: 'ap', share: 0.25 },
        { region: 'eu', share: 0.75 },
        { region: 'eu' },
      ];
      const answers = [];
      for (const share of shares) answers.push(await give(stage, stage.one, share));
      assert.ok(answers.some((answer) => 'code' in answer));
      for (const answer of answers) if ('code' in answer) isRefused(answer, kind);
      assert.equal(stage.one.api.health().broken, undefined);
    });

    test(`by a word on a service and one on another region of it: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      made(await give(stage, stage.one, { service: 'www.example.test' }));
      isRefused(await give(stage, stage.one, { region: 'us' }), kind);
      isRefused(await give(stage, stage.one, { region: 'us', service: 'www.example.test' }), kind);
      // The other service has all of its regions.
      made(await give(stage, stage.one, { region: 'us', service: 'api.example.test' }));
    });

    test(`by an \`up\` on all of a region above a drain within a service: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      made(await give(stage, stage.one, { service: 'www.example.test' }));
      made(await give(stage, stage.one, { kind: 'up' }));
      isRefused(await give(stage, stage.one, { region: 'us' }), kind);
    });

    test(`by the address in one word and the region in the next: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      made(await give(stage, stage.one, { region: 'us', endpoint: '198.51.100.1' }));
      made(await give(stage, stage.one, { region: 'us', endpoint: '198.51.100.2' }));
      isRefused(await give(stage, stage.one, {}), kind);
    });

    test(`by a drain that outlives what holds the others up: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      stage.one.say('eu up, us down, ap up');
      await stage.clock.advance(1000);
      made(await give(stage, stage.one, { region: 'us', kind: 'up', for: '10m' }));
      const fault = isRefused(await give(stage, stage.one, {}), kind);
      assert.match(fault.message, /from 2026-05-01 12:10:01/);
      made(await give(stage, stage.one, { for: '5m' }));
    });

    test(`by taking back, or shortening, what holds the others up: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      stage.one.say('eu up, us down, ap up');
      await stage.clock.advance(1000);
      const up = made(await give(stage, stage.one, { region: 'us', kind: 'up' }));
      made(await give(stage, stage.one, { for: '30m' }));
      isRefused(await stage.one.api.endOverride(up.id, 'bob'), kind);
      const breakGlass = { rules: otherRules(kind), reason: 'us is on fire' };
      isRefused(await stage.one.api.endOverride(up.id, 'bob', undefined, breakGlass), kind);
      isRefused(await give(stage, stage.one, { region: 'us', kind: 'up', for: '1m' }), kind);
      isRefused(await give(stage, stage.one, { region: 'us', for: '1m' }), kind);
    });

    test(`by the end of a word, signed by a director without rules: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      for (const each of [stage.one, stage.lax]) each.say('eu up, us down, ap up');
      await stage.clock.advance(1000);
      const up = made(await give(stage, stage.one, { region: 'us', kind: 'up' }));
      const taking = stage.lax.api.takeOverride(up.id, up.signed ?? '');
      await stage.clock.advance(100);
      made(await taking);
      made(await give(stage, stage.one, { for: '30m' }));
      const ending = stage.lax.api.endOverride(up.id, 'mallory');
      await stage.clock.advance(100);
      const { id, signed = '' } = made(await ending);
      isRefused(await stage.one.api.takeOverride(id, signed), kind);
    });

    test(`by a word that comes over boards: it is taken, alarmed, and counts: ${kind}`, async () => {
      const stage = await guardedStage([rule], { isShared: true });
      made(await give(stage, stage.lax, {}));
      made(await give(stage, stage.lax, { region: 'us' }));
      await stage.clock.advance(3000);
      assert.deepEqual(active(stage.one).toSorted(), ['eu', 'us']);
      assert.deepEqual(brokenAt(stage.one), [kind]);
      assert.match(stage.one.log.lines.join('\n'), /safety\.broken/);
      assert.ok(stage.told.some((event) => event.type === 'safety' && event.state === 'broken'));
      if (kind !== 'notTogether') isRefused(await give(stage, stage.one, { region: 'ap' }), kind);
    });

    test(`by failures: they are not refused, but alarmed, and count against people: ${kind}`, async () => {
      const stage = await guardedStage([rule]);
      stage.one.say('eu down, us down, ap up');
      await stage.clock.advance(1000);
      assert.deepEqual(brokenAt(stage.one), [kind]);
      assert.match(stage.one.log.lines.join('\n'), /safety\.broken/);
      if (kind !== 'notTogether') isRefused(await give(stage, stage.one, { region: 'ap' }), kind);
      stage.one.say('eu down, us up, ap up');
      await stage.clock.advance(1000);
      assert.deepEqual(brokenAt(stage.one), []);
      isRefused(await give(stage, stage.one, { region: 'us' }), kind);
    });
  }
});

describe('rules on when anything may be changed are not got around', () => {
  for (const rule of onTime.filter(({ kind }) => kind !== 'minInterval')) {
    test(`by an end, given or carried: ${named(rule)}`, async () => {
      const stage = await guardedStage([rule]);
      const breakGlass = { rules: [rule.kind], reason: 'to begin with' };
      const first = made(await give(stage, stage.one, { breakGlass }));
      isRefused(await stage.one.api.endOverride(first.id, 'bob'), rule.kind);
      const taking = stage.lax.api.takeOverride(first.id, first.signed ?? '');
      await stage.clock.advance(100);
      made(await taking);
      const ending = stage.lax.api.endOverride(first.id, 'mallory');
      await stage.clock.advance(100);
      const { id, signed = '' } = made(await ending);
      isRefused(await stage.one.api.takeOverride(id, signed), rule.kind);
      assert.deepEqual(active(stage.one), ['eu']);
    });
  }

  test('by a word that ends in a blocked window, or after maintenance', async () => {
    const evening = readWindows('2026-05-01T18:00Z/2026-05-01T19:00Z');
    const blocked = { kind: 'windows', maintenance: [], blocked: evening };
    const stage = await guardedStage([blocked]);
    isRefused(await give(stage, stage.one, { for: '390m' }), 'windows');
    const maintenance = readWindows('fri 11:00-13:00');
    const other = await guardedStage([{ kind: 'windows', maintenance, blocked: [] }]);
    isRefused(await give(other, other.one, { for: '2h' }), 'windows');
    made(await give(other, other.one, { for: '30m' }));
  });

  test('nor do they stand in the way of automation', async () => {
    for (const rule of onTime) {
      const stage = await guardedStage([rule]);
      stage.one.say('eu down, us up, ap up');
      await stage.clock.advance(1000);
      const eu = stage.one.api.health().regions.find(({ region }) => region === 'eu');
      assert.equal(eu?.verdict, 'down');
    }
  });
});

function brokenAt({ api }: DirectorStage): string[] {
  return (api.health().broken ?? []).map(({ rule }) => rule);
}
