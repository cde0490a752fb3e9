// Scheduled drills: begun by one director of the fleet, once, and only in a fleet that is well.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DrillSettings } from '../../../src/model/drill-schedule.ts';
import type { DirectorEvent } from '../../../src/model/event.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { millis } from '../../../src/model/time.ts';
import { readWindows } from '../../../src/model/window.ts';
import { createDisk } from '../../scenario/director.ts';
import type { DirectorStage } from '../../support/director-stage.ts';
import { everyone, type Fleet, fleet, pass } from '../../support/drill-fleet.ts';

/** Noon of the tests is on a Friday; a drill takes 70 s and its margin. */
function scheduled(when = 'fri 12:00-12:10', remindAfter?: number): DrillSettings {
  return {
    remindAfter: remindAfter === undefined ? undefined : millis(remindAfter),
    schedules: [
      {
        name: 'weekly',
        regions: ['us', 'ap'].map((id) => id as RegionId),
        windows: readWindows(when) ?? [],
        every: millis(0),
        request: {
          steps: [
            { share: 0.5, hold: '20s' },
            { share: 1, hold: '20s' },
          ],
          reason: 'weekly drill',
        },
      },
    ],
  };
}

function listen(stages: Fleet, type: DirectorEvent['type']): string[] {
  const told: string[] = [];
  for (const { api } of everyone(stages)) {
    api.events.subscribe((event) => {
      if (event.type !== type) return;
      const { director } = api.about();
      if (event.type === 'schedule')
        told.push(`${director} ${event.state} ${event.region}: ${event.reason}`);
      if (event.type === 'reminder') told.push(`${director} ${event.regions.join(' ')}`);
    });
  }
  return told;
}

const reportsOf = (stages: readonly DirectorStage[]) =>
  stages.map(({ api }) => api.drills().length);

describe('a scheduled drill', () => {
  test('is begun by the first of the directors alone, once in its window', async () => {
    const stages = await fleet({ drills: scheduled() });
    const told = listen(stages, 'schedule');
    await pass(stages.clock, 600_000, everyone(stages));
    // In the order of their ids that is the one in ap.
    assert.deepEqual(reportsOf([stages.ap, stages.eu, stages.us]), [1, 0, 0]);
    const [report] = stages.ap.api.drills();
    assert.deepEqual(
      [report?.region, report?.actor, report?.phase],
      ['us', 'schedule weekly', 'done'],
    );
    assert.deepEqual(told, [`ap begun us: ${report?.id}`]);
  });

  test('is known of at every director once it is done, also after a restart', async () => {
    const disk = createDisk();
    const stages = await fleet({ drills: scheduled(), disk });
    await pass(stages.clock, 200_000, everyone(stages));
    for (const { api } of everyone(stages)) {
      const ages = api.drillAges();
      assert.deepEqual(
        ages.map(({ region, ageSeconds }) => [region, ageSeconds !== null]),
        [
          ['eu', false],
          ['us', true],
          ['ap', false],
        ],
      );
    }
    const again = await fleet({ keptDrilled: disk.files.get('drilled') });
    const kept = again.eu.api.drillAges().find(({ region }) => region === 'us');
    assert.equal(
      kept?.drilledAt,
      stages.eu.api.drillAges().find(({ region }) => region === 'us')?.drilledAt,
    );
  });

  test('is begun by the next one where the first is not heard of, and by nobody twice', async () => {
    const stages = await fleet({ drills: scheduled('fri 12:05-12:30') });
    await pass(stages.clock, 200_000, everyone(stages));
    await stages.ap[Symbol.asyncDispose]();
    // Nobody in ap observes now, so the fleet is not well: it is waited for, and then skipped.
    const told = listen(stages, 'schedule');
    await pass(stages.clock, 1_600_000, [stages.eu, stages.us]);
    assert.deepEqual(reportsOf([stages.eu, stages.us]), [0, 0]);
    assert.match(told[0] ?? '', /^eu waiting us: gossip is partial: nothing is heard from ap$/);
    assert.match(told[1] ?? '', /^eu skipped us: gossip is partial/);
    assert.equal(told.length, 2);
  });

  test('begins as soon as the fleet is heard whole', async () => {
    let isCut = false;
    const drills = scheduled('fri 12:01-12:30');
    const stages = await fleet({ drills, isCut: () => isCut });
    const told = listen(stages, 'schedule');
    isCut = true;
    await pass(stages.clock, 120_000, everyone(stages));
    assert.match(told.join('; '), /ap waiting us: gossip is isolated/);
    isCut = false;
    await pass(stages.clock, 15_000, everyone(stages));
    assert.ok(
      told.some((line) => line.startsWith('ap begun us')),
      told.join('\n'),
    );
  });

  test('waits while a region is down, and begins when all are up within its window', async () => {
    const stages = await fleet({ drills: scheduled() });
    const told = listen(stages, 'schedule');
    await pass(stages.clock, 30_000, everyone(stages), 'eu down, us up, ap up');
    assert.match(told[0] ?? '', /^ap waiting us: no drill begins now: eu is down/);
    await pass(stages.clock, 90_000, everyone(stages));
    assert.match(told[1] ?? '', /^ap begun us/);
  });

  test('tells why it still waits where that is another reason than before', async () => {
    let isCut = true;
    const safety = { rules: [{ kind: 'gate', isClosed: true }] };
    const drills = scheduled('fri 12:01-12:30');
    const stages = await fleet({ drills, safety, isCut: () => isCut });
    const told = listen(stages, 'schedule');
    await pass(stages.clock, 120_000, everyone(stages));
    assert.match(told.join('; '), /ap waiting us: gossip is isolated/);
    isCut = false;
    await pass(stages.clock, 300_000, everyone(stages));
    const gates = told.filter((line) => line.startsWith('ap waiting us: gate: the gate is closed'));
    assert.equal(gates.length, 1, told.join('\n'));
  });

  test('is skipped where a rule stands against it all the while', async () => {
    const rules = [{ kind: 'gate', isClosed: true }];
    const stages = await fleet({ drills: scheduled(), safety: { rules } });
    const told = listen(stages, 'schedule');
    const refusals: DirectorEvent[] = [];
    stages.ap.api.events.subscribe((event) => {
      if (event.type === 'safety') refusals.push(event);
    });
    await pass(stages.clock, 620_000, everyone(stages));
    assert.equal(refusals.length, 1, 'it is tried each minute, and the rule is told of once');
    assert.match(told[0] ?? '', /^ap waiting us: gate: the gate is closed/);
    assert.match(told.at(-1) ?? '', /^ap skipped us: /);
    assert.equal(told.length, 2);
  });
});

describe('a region that was not drilled for too long', () => {
  test('is told of once a day, and shown until it is', async () => {
    const stages = await fleet({ drills: scheduled('mon 01:00-02:00', 86_400_000) });
    const told = listen(stages, 'reminder');
    await pass(stages.clock, 60_000, everyone(stages));
    assert.deepEqual(told.toSorted(), ['ap eu us ap', 'eu eu us ap', 'us eu us ap']);
    assert.deepEqual(stages.eu.api.health().undrilled, ['eu', 'us', 'ap']);
  });

  test('is not told of where nobody wants to be reminded', async () => {
    const stages = await fleet({ drills: scheduled('mon 01:00-02:00') });
    const told = listen(stages, 'reminder');
    await pass(stages.clock, 60_000, everyone(stages));
    assert.deepEqual(told, []);
    assert.equal(stages.eu.api.health().undrilled, undefined);
  });
});

test('what was kept of drills and cannot be read counts as nothing', async () => {
  for (const keptDrilled of ['{', '[]', '{"version":1}', '{"version":9,"drilled":[]}']) {
    const { eu } = await fleet({ keptDrilled });
    assert.ok(eu.api.drillAges().every(({ drilledAt }) => drilledAt === null));
  }
});
