// Drills at directors: their words are overrides that end by themselves, whoever lives on to say so.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Fault } from '../../src/model/fault.ts';
import { createDisk } from '../scenario/director.ts';
import type { DirectorStage } from '../support/director-stage.ts';
import {
  begin,
  drained,
  everyone,
  type Fleet,
  fleet,
  pass,
  reportOf,
  request,
} from '../support/drill-fleet.ts';
import { wholeDrillReport } from '../support/drill-report.ts';
import { anIp, aService } from '../support/fleet.ts';
import { buildQuery } from '../support/query.ts';

/** A query of each of so many networks, to that director. */
function askAll({ respond }: DirectorStage, networks: number, name?: string): void {
  const peer = { address: anIp('192.0.2.53'), port: 5353, transport: 'tcp' } as const;
  for (let i = 0; i < networks; i++) {
    const subnet = `${60 + (i >> 8)}.${i & 0xff}.0.0/24`;
    respond(buildQuery({ subnet, ...(name !== undefined && { name }) }), peer);
  }
}

describe('a drill', () => {
  test('lowers the TTL first, drains step by step everywhere, and reverts', async () => {
    const stages = await fleet();
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 1000, everyone(stages));
    const plan = stages.ap.cell.view.snapshot.plans.values().next().value;
    assert.equal(plan?.horizon.unrest, 'override-active');
    assert.ok((drained([stages.ap])[0] ?? 1) < 1e-9);
    await pass(stages.clock, 30_000, everyone(stages));
    assert.deepEqual(drained(everyone(stages)), [0.25, 0.25, 0.25]);
    await pass(stages.clock, 20_000, everyone(stages));
    assert.deepEqual(drained(everyone(stages)), [1, 1, 1]);
    await pass(stages.clock, 20_000, everyone(stages));
    assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
    await pass(stages.clock, 2000, everyone(stages));
    const report = reportOf(stages.eu.api.drill(id));
    assert.equal(report.phase, 'done');
    assert.equal(report.isMet, true);
    assert.deepEqual(
      report.others.map(({ region, before, last }) => [region, before, last]),
      [
        ['us', 'up', 'up'],
        ['ap', 'up', 'up'],
      ],
    );
  });

  test('is told of in events, each word with its share', async () => {
    const stages = await fleet();
    const told: string[] = [];
    stages.eu.api.events.subscribe((event) => {
      if (event.type === 'drill') told.push(`${event.phase} ${event.step} ${event.share}`);
    });
    await begin(stages);
    await pass(stages.clock, 75_000, everyone(stages));
    assert.deepEqual(told, ['preparing 0 0', 'step 1 0.25', 'step 2 1', 'done 2 0']);
  });

  test('measures at its director who asked again, and who moved', async () => {
    const stages = await fleet();
    const objectives = { firstMoved: '5s', drained: '15s' };
    const { id } = reportOf(await begin(stages, { objectives }));
    for (let second = 0; second < 75; second++) {
      if (second % 5 === 0) askAll(stages.eu, 400);
      await pass(stages.clock, 1000, everyone(stages));
    }
    const report = reportOf(stages.eu.api.drill(id));
    assert.equal(report.isMet, true, JSON.stringify(report));
    const [first, second] = report.steps;
    assert.equal(first?.networks, 400);
    assert.equal(first.asked, 400);
    // The same draw on both sides, so the prediction is exact.
    assert.equal(first.observed, first.predicted);
    assert.ok(Math.abs((first.observed ?? 0) - 0.25) < 0.08, String(first.observed));
    assert.equal(second?.networks, 400 - first.moved);
    assert.equal(second.observed, 1);
    assert.ok((second.firstMovedSeconds ?? 99) <= 5);
  });
});

describe('nobody need be told when a drill ends early', () => {
  test('its director dies after the first step, and the answers return by themselves', async () => {
    const stages = await fleet();
    await begin(stages);
    await pass(stages.clock, 31_000, everyone(stages));
    assert.deepEqual(drained(everyone(stages)), [0.25, 0.25, 0.25]);
    const others = [stages.us, stages.ap];
    // Killed: nothing of it runs on, not even what would take its word back.
    const dead = new Promise<never>(() => undefined);
    Object.assign(stages.eu.control, { add: () => dead, end: () => dead });
    await pass(stages.clock, 30_000, others);
    assert.deepEqual(drained(others), [undefined, undefined]);
  });

  test('another region fails in a hold: health wins at once', async () => {
    const stages = await fleet();
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 33_000, everyone(stages));
    await pass(stages.clock, 3000, everyone(stages), 'eu up, us down, ap up');
    assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
    const report = reportOf(stages.eu.api.drill(id));
    assert.equal(report.abort?.code, 'verdict');
    assert.equal(report.isMet, false);
  });

  test('an operator who speaks of the region is not spoken over', async () => {
    const stages = await fleet();
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 33_000, everyone(stages));
    const word = { region: 'eu', kind: 'drain', actor: 'bob', reason: 'fire', for: '1h' } as const;
    const adding = stages.us.api.addOverride(word);
    await pass(stages.clock, 3000, everyone(stages));
    await adding;
    assert.equal(reportOf(stages.eu.api.drill(id)).abort?.code, 'override');
    assert.deepEqual(drained(everyone(stages)), [1, 1, 1]);
    await pass(stages.clock, 60_000, everyone(stages));
    assert.deepEqual(drained(everyone(stages)), [1, 1, 1]);
  });

  test('it is aborted by hand, once and for all', async () => {
    const stages = await fleet();
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 33_000, everyone(stages));
    const aborting = stages.eu.api.abortDrill(id, 'alice');
    await pass(stages.clock, 2000, everyone(stages));
    assert.equal(reportOf(await aborting).abort?.message, 'by alice');
    assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
  });

  test('its director stops in order: the word is taken back first', async () => {
    const stages = await fleet();
    await begin(stages);
    await pass(stages.clock, 33_000, everyone(stages));
    const stopping = stages.eu[Symbol.asyncDispose]();
    await pass(stages.clock, 2000, [stages.us, stages.ap]);
    await stopping;
    assert.deepEqual(drained([stages.us, stages.ap]), [undefined, undefined]);
  });

  test('its director starts anew: the drill is over, and the list says so', async () => {
    const disk = createDisk();
    const before = await fleet({ disk });
    const { id } = reportOf(await begin(before));
    askAll(before.us, 100);
    await pass(before.clock, 33_000, everyone(before));
    askAll(before.us, 100);
    await pass(before.clock, 5000, everyone(before));
    const kept = disk.files.get('drills');
    const after = await fleet({ keptDrills: kept, disk });
    const report = reportOf(after.eu.api.drill(id));
    assert.equal(report.phase, 'aborted');
    assert.ok(report.steps.length > 0 && report.steps.every(({ endedAt }) => endedAt !== null));
    assert.equal(report.steps[0]?.asked, 100, 'what was measured until shortly before is kept');
    assert.equal(report.abort?.code, 'restarted');
    assert.ok(Date.parse(report.until) <= after.clock.now(), report.until);
    assert.deepEqual(after.eu.api.drills(), [report]);
  });

  test('a new one is kept before those of a clock that was ahead', async () => {
    const later = Array.from({ length: 20 }, (_, i) => ({
      ...wholeDrillReport,
      id: `20990101T0000000${String(i).padStart(2, '0')}Z-eu`,
    }));
    const keptDrills = JSON.stringify({ version: 1, reports: later });
    const stages = await fleet({ keptDrills });
    const { id } = reportOf(await begin(stages));
    await pass(stages.clock, 90_000, everyone(stages));
    await begin(stages);
    const ids = stages.eu.api.drills().map((each) => each.id);
    assert.equal(ids[1], id);
    assert.equal(ids.length, 20);
  });

  test('what was kept and cannot be read counts as nothing', async () => {
    for (const keptDrills of ['{', '[]', '{"version":9,"reports":[]}', '{"version":1}']) {
      assert.deepEqual((await fleet({ keptDrills })).eu.api.drills(), []);
    }
  });
});

describe('there is one drill in the fleet', () => {
  test('none begins at its director or at another one while its word is in force', async () => {
    const stages = await fleet();
    await begin(stages);
    await pass(stages.clock, 2000, everyone(stages));
    for (const at of [stages.eu, stages.us]) {
      const refused = await begin(stages, { region: 'ap' }, at);
      assert.ok('code' in refused);
      assert.equal(refused.code, 'drill.busy');
    }
  });

  test('of two that began at once on two sides the later one aborts itself', async () => {
    const stages = await fleet();
    const first = stages.eu.api.startDrill(request);
    const second = stages.us.api.startDrill({ ...request, region: 'ap' });
    await pass(stages.clock, 3000, everyone(stages));
    const [one, other] = [reportOf(await first), reportOf(await second)];
    assert.equal(reportOf(stages.eu.api.drill(one.id)).phase, 'preparing');
    const aborted = reportOf(stages.us.api.drill(other.id));
    assert.equal(aborted.abort?.code, 'other-drill');
    assert.equal(stages.eu.cell.view.snapshot.overrides.has('ap'), false);
  });
});

describe('no drill begins', () => {
  const refused = async (stages: Fleet, words: RegExp): Promise<void> => {
    const answer = await begin(stages);
    assert.ok('code' in answer);
    assert.equal(answer.code, 'drill.refused');
    assert.match(answer.message, words);
    assert.equal(stages.eu.cell.view.snapshot.overrides.has('eu'), answer.message.includes('bob'));
  };

  test('while a region is down', async () => {
    const stages = await fleet();
    await pass(stages.clock, 2000, everyone(stages), 'eu up, us up, ap down');
    await refused(stages, /ap is down/);
  });

  test('while an operator has spoken of the region', async () => {
    const stages = await fleet();
    const word = { region: 'eu', kind: 'drain', actor: 'bob', reason: 'fire', for: '1h' } as const;
    const adding = stages.eu.api.addOverride(word);
    await pass(stages.clock, 1000, everyone(stages));
    await adding;
    await refused(stages, /drained by bob/);
  });

  test('and what cannot be rehearsed is refused as it is', async () => {
    const answer = await begin(await fleet(), { region: 'xx' });
    assert.ok('code' in answer);
    assert.equal(answer.code, 'region.unknown');
  });
});

test('a word that control refuses ends the drill before anybody moved', async () => {
  const stages = await fleet();
  const said: Fault = { code: 'override.full', message: 'there is no room for another override' };
  Object.assign(stages.eu.control, { add: async () => said });
  const report = reportOf(await begin(stages));
  assert.equal(report.abort?.code, 'refused');
  assert.match(report.abort?.message ?? '', /no room/);
});

test('a mistake of ours ends the drill, never the process', async () => {
  const stages = await fleet();
  Object.assign(stages.eu.control, { add: async () => Promise.reject(new Error('oops')) });
  const report = reportOf(await begin(stages));
  assert.equal(report.abort?.code, 'failed');
  assert.equal(report.isMet, false);
});

test('a drill that would leave a service without a region ends before anybody moved', async () => {
  const stages = await fleet();
  for (const region of ['us', 'ap']) {
    const word = { region, kind: 'drain', actor: 'bob', reason: 'fire', for: '1h' } as const;
    const adding = stages.eu.api.addOverride(word);
    await pass(stages.clock, 1000, everyone(stages));
    await adding;
  }
  const report = reportOf(await begin(stages));
  assert.equal(report.abort?.code, 'refused');
  assert.match(report.abort?.message ?? '', /no region left/);
  await pass(stages.clock, 1000, everyone(stages));
  assert.deepEqual(drained(everyone(stages)), [undefined, undefined, undefined]);
});

test('only a drill that is known is found or aborted', async () => {
  const { eu } = await fleet();
  for (const answer of [eu.api.drill('x'), await eu.api.abortDrill('x', 'alice')]) {
    assert.ok('code' in answer);
    assert.equal(answer.code, 'drill.unknown');
  }
  const nobody = await eu.api.abortDrill('x', ' ');
  assert.ok('code' in nobody && nobody.path === '/actor');
});

test('whether its objectives were met is told once the others have told what they measured last', async () => {
  const disk = createDisk();
  const stages = await fleet({ disk });
  const objectives = { firstMoved: '20s' };
  const plan = { steps: [{ share: 1, hold: '20s' }], objectives };
  const { id } = reportOf(await begin(stages, plan));
  const look = () => reportOf(stages.eu.api.drill(id));
  for (let second = 0; look().phase === 'preparing'; second++) {
    if (second % 10 === 0) askAll(stages.us, 400);
    await pass(stages.clock, 1000, everyone(stages));
  }
  await stages.clock.advance(Date.parse(look().until) - stages.clock.now() - 100);
  askAll(stages.us, 400);
  while (look().phase !== 'done') await stages.clock.advance(50);
  assert.equal(look().isMet, null, JSON.stringify(look()));
  const atDeath = disk.files.get('drills');
  await pass(stages.clock, 3000, everyone(stages));
  assert.equal(look().isMet, true, JSON.stringify(look()));
  assert.equal(look().steps[0]?.moved, 400);
  // Who dies in between hears no more, and what was not seen is not met.
  const after = await fleet({ keptDrills: atDeath });
  assert.equal(reportOf(after.eu.api.drill(id)).isMet, false);
});

test('each step is measured also where the clock is behind that of who gave the word', async () => {
  const stages = await fleet({ ahead: { eu: 4000 } });
  const { id } = reportOf(await begin(stages));
  for (let second = 0; second < 75; second++) {
    if (second % 2 === 0) for (const stage of [stages.eu, stages.us]) askAll(stage, 400);
    await pass(stages.clock, 1000, everyone(stages));
  }
  const { phase, abort, directors } = reportOf(stages.eu.api.drill(id));
  assert.equal(phase, 'done', JSON.stringify(abort));
  const [own, behind] = ['eu', 'us'].map(
    (name) => directors.find(({ director }) => director === name)?.measure?.steps,
  );
  assert.deepEqual(
    behind?.map(({ networks, asked, moved }) => [networks, asked, moved]),
    own?.map(({ networks, asked, moved }) => [networks, asked, moved]),
  );
  assert.equal(behind?.[0]?.asked, 400);
  for (const { firstMoved } of behind ?? []) assert.ok((firstMoved ?? 99) <= 2);
});

test('every director measures its own answers, and the report tells of each and of whom is silent', async () => {
  const stages = await fleet();
  const { id } = reportOf(await begin(stages, { steps: [{ share: 1, hold: '20s' }] }));
  for (let second = 0; second < 56; second++) {
    // The last of them is asked by nobody, and has died by the time of the first step.
    if (second % 10 === 0) for (const stage of [stages.eu, stages.us]) askAll(stage, 400);
    await pass(stages.clock, 1000, second < 10 ? everyone(stages) : [stages.eu, stages.us]);
    if (second === 10) await stages.ap[Symbol.asyncDispose]();
  }
  const report = reportOf(stages.eu.api.drill(id));
  assert.equal(report.phase, 'done', JSON.stringify(report.abort));
  const [own, other] = ['eu', 'us'].map(
    (name) => report.directors.find(({ director }) => director === name)?.measure,
  );
  assert.ok((own?.steps[0]?.moved ?? 0) > 50);
  assert.equal(other?.steps[0]?.moved, own?.steps[0]?.moved);
  assert.equal(report.steps[0]?.moved, 2 * (own?.steps[0]?.moved ?? 0));
  assert.equal(report.steps[0]?.observed, 1);
  assert.equal(own?.returns.pairs, own?.steps[0]?.networks);
  const silent = report.directors.find(({ director }) => director === 'ap');
  assert.deepEqual(silent?.measure?.steps ?? [], []);
  for (const stage of [stages.eu, stages.us]) await stage[Symbol.asyncDispose]();
});

test('a network that asks for two services is counted for each, by what was drained of that', async () => {
  const shop = aService({ name: 'shop', regions: ['us', 'eu', 'ap'] });
  const stages = await fleet({ services: [shop] });
  const { id } = reportOf(await begin(stages, { steps: [{ share: 0.25, hold: '20s' }] }));
  const look = () => reportOf(stages.eu.api.drill(id));
  const askBoth = async () => {
    for (const name of ['www.example.test', 'shop.example.test', 'www.example.test']) {
      askAll(stages.us, 400, name);
      await pass(stages.clock, 2000, everyone(stages));
    }
  };
  await askBoth();
  while (look().phase === 'preparing') await pass(stages.clock, 1000, everyone(stages));
  await askBoth();
  await pass(stages.clock, 20_000, everyone(stages));
  const [step] = look().steps;
  assert.equal(step?.networks, 400, 'nobody was in eu for shop');
  assert.equal(step.asked, 400);
  assert.ok(step.moved > 60 && step.moved < 140, String(step.moved));
  assert.equal(step.observed, step.predicted);
});
