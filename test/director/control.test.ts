// Control: an operator's word is checked, signed by a clock, and effective at once on every director.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { Change } from '../../src/director/control.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { Override } from '../../src/model/override.ts';
import type { OverrideRequest } from '../../src/model/report.ts';
import { type DirectorStage, startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const regions = [aRegion('eu'), aRegion('us')];
const services = [aService({ regions })];

const drain: OverrideRequest = {
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  for: '10m',
};

interface Fleet {
  readonly clock: FakeClock;
  readonly one: DirectorStage;
  readonly other: DirectorStage;
}

/** Two directors that share one board. */
async function fleet(own = services): Promise<Fleet> {
  const clock = createFakeClock(noon);
  const boards = [createLocalBoard(clock)];
  const start = (id: string): DirectorStage => {
    const director = { id, region: id };
    const settings = aSettings({ regions, services: own, director });
    return startDirectorStage({ settings, clock, boards });
  };
  const directors = { clock, one: start('eu'), other: start('us') };
  await clock.advance(100);
  return directors;
}

/** Fake time passes while a promise waits for it. */
async function within<T>(clock: FakeClock, span: number, work: Promise<T>): Promise<T> {
  await clock.advance(span);
  return work;
}

async function add({ clock, one }: Fleet, change: Partial<OverrideRequest> = {}) {
  return within(clock, 100, one.control.add({ ...drain, ...change }));
}

function active({ cell }: DirectorStage): string[] {
  return Array.from(
    cell.view.snapshot.overrides.values(),
    ({ region, kind }) => `${region} ${kind}`,
  );
}

function changeOf(added: Change | Fault): Change {
  assert.ok('override' in added, JSON.stringify(added));
  return added;
}

function wordOf(added: Change | Fault): Override {
  return changeOf(added).override;
}

describe('a word', () => {
  test('becomes an override with its actor, its reason and its end', async () => {
    const stage = await fleet();
    const said = stage.clock.now();
    const added = changeOf(await add(stage, { actor: ' alice ', reason: ' disk swap\n' }));
    const { clock, ...override } = added.override;
    assert.deepEqual(override, {
      id: 'eu-word-1',
      region: 'eu',
      kind: 'drain',
      actor: 'alice',
      reason: 'disk swap',
      start: said,
      end: said + 600_000,
      isLifted: false,
    });
    assert.equal(clock.node, 'eu');
    assert.equal(added.posted, 1);
  });

  test('is in force on this director before anything is awaited', async () => {
    const stage = await fleet();
    const adding = stage.one.control.add(drain);
    assert.deepEqual(active(stage.one), ['eu drain']);
    await within(stage.clock, 0, adding);
  });

  test('is in force on every director within a second', async () => {
    const stage = await fleet();
    await add(stage);
    await stage.clock.advance(900);
    assert.deepEqual(active(stage.other), ['eu drain']);
  });

  test('ends by itself, everywhere', async () => {
    const stage = await fleet();
    await add(stage, { for: '5s' });
    await stage.clock.advance(4500);
    assert.deepEqual([active(stage.one), active(stage.other)], [['eu drain'], ['eu drain']]);
    await stage.clock.advance(700);
    assert.deepEqual([active(stage.one), active(stage.other)], [[], []]);
  });

  test('replaces an earlier one on the same region', async () => {
    const stage = await fleet();
    await add(stage);
    await within(
      stage.clock,
      1500,
      stage.other.control.add({ ...drain, kind: 'up', actor: 'bob' }),
    );
    assert.deepEqual([active(stage.one), active(stage.other)], [['eu up'], ['eu up']]);
  });

  test('that leaves a service without any region says so, until one returns', async () => {
    const stage = await fleet();
    assert.deepEqual(changeOf(await add(stage)).withheld, []);
    const last = changeOf(await add(stage, { region: 'us', kind: 'down' }));
    assert.deepEqual(last.withheld, ['www.example.test']);
    const held = changeOf(await add(stage, { kind: 'up' }));
    assert.deepEqual(held.withheld, []);
  });

  test('that leaves nobody inside a fence says so, too', async () => {
    const fences = [{ countries: ['DE'], regions: ['us'] }];
    const stage = await fleet([aService({ regions, steps: [{ kind: 'fence', fences }] })]);
    assert.deepEqual(changeOf(await add(stage)).withheld, []);
    const last = changeOf(await add(stage, { region: 'us' }));
    assert.deepEqual(last.withheld, ['www.example.test']);
    await add(stage, { kind: 'up' });
    assert.deepEqual(changeOf(await add(stage, { region: 'us' })).withheld, ['www.example.test']);
  });

  test('on one region says nothing about another', async () => {
    const stage = await fleet();
    await add(stage);
    await add(stage, { region: 'us', kind: 'down' });
    assert.deepEqual(active(stage.one), ['eu drain', 'us down']);
  });
});

describe('a word is taken back', () => {
  test('by its id, on any director, and names who did it', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    await stage.clock.advance(1000);
    const ended = wordOf(await within(stage.clock, 100, stage.other.control.end(id, ' bob ')));
    assert.equal(ended.isLifted, true);
    assert.equal(ended.actor, 'bob');
    await stage.clock.advance(1000);
    assert.deepEqual([active(stage.one), active(stage.other)], [[], []]);
    const told = stage.one.log.lines.indexOf('info override.ended');
    assert.deepEqual(stage.one.log.fields[told], { region: 'eu', kind: 'drain', by: 'bob', id });
  });

  test('only once, and only while it lasts', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    const gone = { code: 'override.unknown', message: `no override in force has the id "${id}"` };
    await within(stage.clock, 100, stage.one.control.end(id, 'bob'));
    assert.deepEqual(await stage.one.control.end(id, 'bob'), gone);
    const short = wordOf(await add(stage, { for: '1s' }));
    await stage.clock.advance(1000);
    assert.equal('code' in (await stage.one.control.end(short.id, 'bob')), true);
  });

  test('by somebody with a name', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    for (const actor of ['', '  ', 'x'.repeat(201)]) {
      assert.deepEqual(await stage.one.control.end(id, actor), {
        code: 'request.invalid',
        path: '/actor',
        message: 'want 1 to 200 characters',
      });
    }
    assert.deepEqual(active(stage.one), ['eu drain']);
  });

  test('and may be given again', async () => {
    const stage = await fleet();
    const { id } = wordOf(await add(stage));
    await within(stage.clock, 100, stage.one.control.end(id, 'bob'));
    await add(stage);
    await stage.clock.advance(1000);
    assert.deepEqual([active(stage.one), active(stage.other)], [['eu drain'], ['eu drain']]);
  });
});

describe('a word is refused', () => {
  const cases = [
    ['on a region that nobody knows', { region: 'mars' }, 'region.unknown', '/region'],
    ['of a kind that nobody knows', { kind: 'pause' as never }, 'request.invalid', '/kind'],
    ['without an actor', { actor: ' ' }, 'request.invalid', '/actor'],
    ['without a reason', { reason: '' }, 'request.invalid', '/reason'],
    [
      'with a reason as long as a letter',
      { reason: 'x'.repeat(201) },
      'request.invalid',
      '/reason',
    ],
    ['for no time', { for: '999ms' }, 'request.invalid', '/for'],
    ['for more than a week', { for: '169h' }, 'request.invalid', '/for'],
    ['for what is no time', { for: 'ever' }, 'request.invalid', '/for'],
  ] as const;
  for (const [words, change, code, path] of cases) {
    test(words, async () => {
      const stage = await fleet();
      const fault = await stage.one.control.add({ ...drain, ...change });
      assert.ok('code' in fault);
      assert.deepEqual([fault.code, fault.path], [code, path]);
      assert.deepEqual(active(stage.one), []);
    });
  }

  test('but taken at the bounds', async () => {
    const stage = await fleet();
    for (const span of ['1s', '7d']) assert.ok('override' in (await add(stage, { for: span })));
    for (const reason of ['x', 'x'.repeat(200)]) {
      assert.ok('override' in (await add(stage, { reason })));
    }
  });
});
