// Drills and safety rules: judged as a whole before they begin, and once more at each step.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DirectorEvent } from '../../../src/model/event.ts';
import type { RuleSettings } from '../../../src/model/safety.ts';
import {
  begin,
  drained,
  everyone,
  type Fleet,
  fleet,
  pass,
  reportOf,
} from '../../support/drill-fleet.ts';

const twoRegions: RuleSettings = { kind: 'minRegions', fleet: 2, service: 2 };
const interval: RuleSettings = { kind: 'minInterval', interval: 600_000 };
const word = { region: 'us', kind: 'drain', actor: 'bob', reason: 'x', for: '1h' } as const;

const ruled = (...rules: readonly RuleSettings[]): Promise<Fleet> => fleet({ safety: { rules } });

async function give(stages: Fleet, request: Parameters<typeof stages.us.api.addOverride>[0]) {
  const giving = stages.us.api.addOverride(request);
  await pass(stages.clock, 1000, everyone(stages));
  return giving;
}

test('a report tells what each rule found, before it began and before each of its words', async () => {
  const stages = await ruled(twoRegions, interval);
  const { id } = reportOf(await begin(stages));
  await pass(stages.clock, 75_000, everyone(stages));
  const { phase, judgements } = reportOf(stages.eu.api.drill(id));
  assert.equal(phase, 'done');
  const [all, first, second] = [null, 0, 1, 2].map((step) =>
    judgements.filter((each) => each.step === step),
  );
  assert.equal(judgements.length, 8);
  assert.deepEqual(
    all?.map(({ rule, figures }) => `${rule}: ${figures}`),
    [
      'minRegions: the fleet has 2 whole regions of 3, and 2 must serve',
      'minInterval: 10m must pass between two changes, and none is known here',
    ],
  );
  assert.equal(first?.[0]?.figures, 'the fleet has 3 whole regions of 3, and 2 must serve');
  assert.equal(second?.[0]?.figures, 'the fleet has 2 whole regions of 3, and 2 must serve');
  assert.ok(judgements.every(({ isAllowed }) => isAllowed));
  const times = judgements.map(({ at }) => Date.parse(at));
  assert.deepEqual(
    times,
    times.toSorted((one, other) => one - other),
  );
});

describe('a drill as a whole', () => {
  test('is refused by its last step before it says anything, and the refusal is told', async () => {
    const stages = await ruled({ kind: 'minRegions', fleet: 3, service: 3 });
    const told: DirectorEvent[] = [];
    stages.eu.api.events.subscribe((event) => void told.push(event));
    const answer = await begin(stages);
    assert.ok('code' in answer);
    assert.equal(answer.code, 'safety.refused');
    assert.deepEqual(
      answer.rules?.map(({ rule }) => rule),
      ['minRegions'],
    );
    assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
    const refusal = told.find(({ type }) => type === 'safety');
    assert.ok(refusal?.type === 'safety' && refusal.state === 'refused');
    assert.deepEqual([refusal.by, refusal.door, refusal.what], ['alice', 'drill', 'drain']);
  });

  test('waits for the interval like any change, and its steps do not wait for each other', async () => {
    const stages = await ruled(interval);
    await give(stages, { ...word, for: '1s' });
    const early = await begin(stages);
    assert.ok('code' in early);
    assert.match(early.message, /^minInterval: the last change was/);
    await pass(stages.clock, 600_000, everyone(stages));
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 75_000, everyone(stages));
    assert.equal(reportOf(stages.eu.api.drill(id)).phase, 'done');
  });

  test('is one change to everybody else, made when it is over', async () => {
    const stages = await ruled(interval);
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 40_000, everyone(stages));
    const free = stages.us.api.tryOverride(word);
    assert.ok('isAllowed' in free && free.isAllowed, 'nobody waits for a drill to go on');
    await pass(stages.clock, 35_000, everyone(stages));
    assert.equal(reportOf(stages.eu.api.drill(id)).phase, 'done');
    const late = stages.us.api.tryOverride(word);
    assert.ok('isAllowed' in late && !late.isAllowed);
    assert.match(late.refusals[0]?.message ?? '', /^the last change was \ds ago/);
  });

  test('that has moved nobody is no change', async () => {
    const stages = await ruled(interval);
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 5000, everyone(stages));
    const ending = stages.eu.api.abortDrill(id, 'alice');
    await pass(stages.clock, 2000, everyone(stages));
    await ending;
    for (const { api } of everyone(stages)) {
      const after = api.tryOverride(word);
      assert.ok('isAllowed' in after && after.isAllowed);
    }
  });

  test('is held against every moment at which it moves anybody', async () => {
    // Noon of a Friday: the drill is over at 12:01:20 at the latest, its second step is at 12:00:50.
    const windows = (blocked: readonly string[]) => ({
      kind: 'windows',
      maintenance: [],
      blocked: blocked.map((words) => {
        const [from = 0, to = 0] = words.split('/').map((each) => Date.parse(each));
        return { isWeekly: false, from, to, words };
      }),
    });
    const within = await ruled(windows(['2026-05-01T12:00:50Z/2026-05-01T12:00:55Z']));
    const answer = await begin(within);
    assert.ok('code' in answer);
    assert.match(answer.message, /^windows: a step would be at 2026-05-01 12:00:5/);
    const past = await ruled(windows(['2026-05-01T12:02:00Z/2026-05-01T12:03:00Z']));
    reportOf(await begin(past));
  });
});

describe('the word that lowers the TTL', () => {
  test('takes nobody out, so that a second region may be drained beside it', async () => {
    const stages = await ruled(twoRegions, { kind: 'notTogether', groups: [['eu', 'us']] });
    reportOf(await begin(stages));
    await pass(stages.clock, 3000, everyone(stages));
    const beside = stages.us.api.tryOverride(word);
    assert.ok('isAllowed' in beside);
    assert.deepEqual(beside.refusals, []);
    await pass(stages.clock, 30_000, everyone(stages));
    const later = stages.us.api.tryOverride(word);
    assert.ok('isAllowed' in later && !later.isAllowed, 'the first step does');
  });
});

describe('each step', () => {
  test('is judged by what stands then, and a refusal ends the drill and brings all back', async () => {
    const stages = await ruled();
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 40_000, everyone(stages));
    assert.deepEqual(drained([stages.us]), [0.25]);
    const { settings } = stages.eu.cell.ground;
    const rules = [{ kind: 'minRegions', fleet: 3, service: 3 }];
    stages.eu.cell.setGround({
      ...stages.eu.cell.ground,
      settings: { ...settings, safety: { rules } },
    });
    await pass(stages.clock, 15_000, everyone(stages));
    const { abort } = reportOf(stages.eu.api.drill(id));
    assert.equal(abort?.code, 'refused');
    assert.match(abort?.message ?? '', /minRegions/);
    assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
  });

  test('a gate that is closed meanwhile stops the next one, and nobody from coming back', async () => {
    const stages = await ruled();
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 40_000, everyone(stages));
    const { settings } = stages.eu.cell.ground;
    const rules = [{ kind: 'gate', isClosed: true }];
    stages.eu.cell.setGround({
      ...stages.eu.cell.ground,
      settings: { ...settings, safety: { rules } },
    });
    const aborting = stages.eu.api.abortDrill(id, 'alice');
    await pass(stages.clock, 1000, everyone(stages));
    await aborting;
    assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
  });
});

describe('nobody passes for a drill', () => {
  const forged = 'drill 20260501T120000000Z-eu';

  test('to give a word, to try one, or to end one', async () => {
    const stages = await ruled(interval);
    const answers = [
      await give(stages, { ...word, actor: forged }),
      await give(stages, { ...word, actor: ` ${forged} ` }),
      stages.us.api.tryOverride({ ...word, actor: forged }),
    ];
    for (const answer of answers) {
      assert.ok('code' in answer && answer.path === '/actor', JSON.stringify(answer));
    }
    const given = await give(stages, word);
    assert.ok('id' in given);
    const ended = await stages.us.api.endOverride(given.id, forged);
    assert.ok('code' in ended && ended.path === '/actor');
  });
});
