// Safety at every door of a director: a word that is given, carried or ended, and files that are read anew.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createSafety } from '../../src/director/safety.ts';
import type { DirectorEvent } from '../../src/model/event.ts';
import type { RuleSettings, SafetySettings } from '../../src/model/safety.ts';
import type { Settings } from '../../src/model/settings.ts';
import {
  active,
  give,
  guardedStage,
  type GuardedStage,
  isRefused as isRefusedBy,
  made,
  regions,
  request,
  settingsWith,
} from '../support/guarded-stage.ts';
import { aService, aSettings } from '../support/fleet.ts';

const minRegions: RuleSettings = { kind: 'minRegions', fleet: 2, service: 2 };

const stage = (rules: readonly RuleSettings[] = [minRegions]) => guardedStage(rules);

const isRefused = (answer: object | undefined, rule = 'minRegions') => isRefusedBy(answer, rule);

describe('a word that is given', () => {
  test('is refused where a rule stands against it, and leaves nothing but an event', async () => {
    const scene = await stage();
    made(await give(scene, scene.one, {}));
    const fault = isRefused(await give(scene, scene.one, { region: 'us' }));
    assert.match(fault.message, /^minRegions: .* it takes 1 more of eu \(drained by alice\)/);
    assert.deepEqual(active(scene.one), ['eu']);
    const [event] = scene.told.filter(({ type }) => type === 'safety');
    assert.ok(event?.type === 'safety');
    assert.deepEqual(
      [event.state, event.what, event.region, event.by, event.door],
      ['refused', 'drain', 'us', 'alice', 'token ops'],
    );
    assert.match(scene.one.log.lines.join('\n'), /safety.refused/);
  });

  test('cannot slip in beside another that is on its way', async () => {
    const scene = await stage();
    const both = ['eu', 'us'].map((region) => scene.one.api.addOverride({ ...request, region }));
    await scene.clock.advance(100);
    const [first, second] = await Promise.all(both);
    assert.ok(first !== undefined && !('code' in first));
    isRefused(second);
  });

  test('is only looked at in a dry run', async () => {
    const scene = await stage();
    made(await give(scene, scene.one, {}));
    const looked = scene.one.api.tryOverride({ ...request, region: 'us' });
    assert.ok('isAllowed' in looked && !looked.isAllowed);
    assert.deepEqual([looked.checked, looked.refusals.length], [['minRegions'], 1]);
    const fine = scene.one.api.tryOverride({ ...request, reason: 'once more' });
    assert.ok('isAllowed' in fine && fine.isAllowed);
    const unknown = scene.one.api.tryOverride({ ...request, region: 'mars' });
    assert.ok('code' in unknown && unknown.code === 'region.unknown');
    await scene.clock.advance(1000);
    assert.deepEqual(active(scene.one), ['eu']);
    assert.equal(scene.told.filter(({ type }) => type === 'safety').length, 0);
  });
});

describe('break-glass', () => {
  const breakGlass = { rules: ['minRegions'], reason: 'the water rises' };

  test('has a word taken, tells of it, and is shown until the word ends', async () => {
    const scene = await stage();
    made(await give(scene, scene.one, {}));
    const word = made(await give(scene, scene.one, { region: 'us', breakGlass }));
    assert.deepEqual(word.breakGlass, breakGlass);
    const [forced] = scene.told.filter(
      (event) => event.type === 'safety' && event.state === 'forced',
    );
    assert.ok(forced?.type === 'safety');
    assert.equal(forced.reason, 'the water rises');
    assert.match(forced.rules[0]?.message ?? '', /1 whole region/);
    const began = scene.told.find((event) => event.type === 'override' && event.region === 'us');
    assert.ok(began?.type === 'override');
    assert.deepEqual(began.breakGlass, breakGlass);
    assert.deepEqual(
      scene.one.api.health().broken?.map(({ rule }) => rule),
      ['minRegions'],
    );
    await scene.clock.advance(3_600_000);
    assert.equal(scene.one.api.health().broken, undefined);
  });

  test('names every rule that it breaks, and none that there is not', async () => {
    const together = { kind: 'notTogether', groups: [['eu', 'us']], isByContinent: false };
    const scene = await stage([minRegions, together]);
    made(await give(scene, scene.one, {}));
    isRefused(await give(scene, scene.one, { region: 'us', breakGlass }), 'notTogether');
    const strange = { rules: ['everything'], reason: 'why not' };
    const answer = await give(scene, scene.one, { region: 'us', breakGlass: strange });
    assert.ok('code' in answer && answer.code === 'request.invalid');
    assert.match(answer.message, /minRegions, .*not everything/);
    const idle = await give(scene, scene.one, {
      region: 'us',
      breakGlass: { ...breakGlass, reason: ' ' },
    });
    assert.ok('code' in idle && idle.code === 'request.invalid');
  });

  test('is not for good', async () => {
    const scene = await stage();
    const answer = await give(scene, scene.one, { permanent: true, confirm: 'eu', breakGlass });
    assert.ok('code' in answer && answer.path === '/breakGlass');
  });
});

describe('a word that another director signed', () => {
  test('is held against the rules of the one that it is carried to', async () => {
    const scene = await stage();
    made(await give(scene, scene.one, {}));
    const { id, signed = '' } = made(await give(scene, scene.lax, { region: 'us' }));
    isRefused(await scene.one.api.takeOverride(id, signed, { door: 'loopback' }));
    assert.deepEqual(active(scene.one), ['eu']);
  });

  test('brings its break-glass along', async () => {
    const scene = await stage();
    made(await give(scene, scene.one, {}));
    const breakGlass = { rules: ['minRegions'], reason: 'the water rises' };
    const { id, signed = '' } = made(await give(scene, scene.lax, { region: 'us', breakGlass }));
    const taking = scene.one.api.takeOverride(id, signed);
    await scene.clock.advance(100);
    assert.deepEqual(made(await taking).breakGlass, breakGlass);
  });

  test('is no news where it is known already, whatever the rules say by now', async () => {
    const scene = await stage();
    const { id, signed = '' } = made(await give(scene, scene.one, {}));
    const down = scene.one;
    down.say('eu up, us down, ap down');
    await scene.clock.advance(1000);
    const again = scene.one.api.takeOverride(id, signed);
    await scene.clock.advance(100);
    made(await again);
  });
});

describe('an end', () => {
  test('of a drain is never refused by who serves', async () => {
    const scene = await stage();
    const word = made(await give(scene, scene.one, {}));
    scene.one.say('eu up, us down, ap down');
    await scene.clock.advance(1000);
    const ending = scene.one.api.endOverride(word.id, 'bob');
    await scene.clock.advance(100);
    made(await ending);
  });

  test('of an `up` that keeps the last ones serving is refused, unless rules are named', async () => {
    const scene = await stage();
    scene.one.say('eu up, us down, ap up');
    await scene.clock.advance(1000);
    const up = made(await give(scene, scene.one, { region: 'us', kind: 'up' }));
    made(await give(scene, scene.one, { region: 'eu', for: '10m' }));
    isRefused(await scene.one.api.endOverride(up.id, 'bob'));
    const glass = { rules: ['minRegions'], reason: 'us is on fire' };
    const ending = scene.one.api.endOverride(up.id, 'bob', { door: 'loopback' }, glass);
    await scene.clock.advance(100);
    made(await ending);
  });
});

describe('files that are read anew', () => {
  const without = (safety: SafetySettings | undefined): Settings => ({
    ...aSettings({ regions, services: [aService({ regions: ['eu', 'us'] })], safety }),
    configuration: 'ffffffffffff',
  });
  const safetyOf = ({ one, clock, told }: GuardedStage) =>
    createSafety({
      cell: one.cell,
      gossip: one.gossip,
      clock,
      tell: (change) => void told.push(change as DirectorEvent),
    });

  test('are held against the rules in force before them, whatever they say themselves', async () => {
    const scene = await stage();
    made(await give(scene, scene.one, {}));
    const fault = safetyOf(scene).judgeReload(without(undefined));
    assert.match(isRefused(fault).message, /ap \(no longer listed\).*configuration: 0123456789ab$/);
    assert.equal(safetyOf(scene).judgeReload(settingsWith(undefined)), undefined, 'rules alone');
  });

  test('come into force where they name the rule and the configuration that they leave', async () => {
    const scene = await stage();
    made(await give(scene, scene.one, {}));
    const breakGlass = { configuration: '0123456789ab', rules: ['minRegions'], reason: 'moving' };
    const past = { ...breakGlass, configuration: '000000000000' };
    isRefused(safetyOf(scene).judgeReload(without({ rules: [], breakGlass: past })));
    assert.equal(safetyOf(scene).judgeReload(without({ rules: [], breakGlass })), undefined);
    const last = scene.told.at(-1);
    assert.ok(last?.type === 'safety' && last.state === 'forced' && last.what === 'reload');
  });
});

describe('rules on when anything may be changed', () => {
  test('a closed gate is passed by nothing but break-glass, and opened by files', async () => {
    const scene = await stage([{ kind: 'gate', isClosed: true }]);
    isRefused(await give(scene, scene.one, {}), 'gate');
    const breakGlass = { rules: ['gate'], reason: 'the water rises' };
    const word = made(await give(scene, scene.one, { breakGlass }));
    isRefused(await scene.one.api.endOverride(word.id, 'bob'), 'gate');
    const { id, signed = '' } = made(await give(scene, scene.lax, { region: 'us' }));
    isRefused(await scene.one.api.takeOverride(id, signed), 'gate');
    const safety = createSafety({ ...scene.one, clock: scene.clock, tell: () => undefined });
    const open = { rules: [{ kind: 'gate', isClosed: false }] };
    assert.equal(safety.judgeReload(settingsWith(open)), undefined);
    const more = aSettings({ regions, services: [aService({ regions: ['eu'] })], safety: open });
    isRefused(safety.judgeReload(more), 'gate');
  });

  test('an interval is not got around by short words, nor by words from elsewhere', async () => {
    const scene = await stage([{ kind: 'minInterval', interval: 600_000 }]);
    made(await give(scene, scene.one, { for: '1s' }));
    await scene.clock.advance(5000);
    isRefused(await give(scene, scene.one, { region: 'us' }), 'minInterval');
    await scene.clock.advance(595_000);
    const word = made(await give(scene, scene.one, { region: 'us' }));
    const ending = scene.one.api.endOverride(word.id, 'alice');
    await scene.clock.advance(100);
    made(await ending);
    isRefused(await give(scene, scene.one, { region: 'ap' }), 'minInterval');
    const { id, signed = '' } = made(await give(scene, scene.lax, { region: 'eu' }));
    isRefused(await scene.one.api.takeOverride(id, signed), 'minInterval');
  });
});
