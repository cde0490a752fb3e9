// What three directors on one board record of one drain: the same word, its actor and reason, and its door at one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalBoard } from '../../../src/edge/local-board.ts';
import type { TimelineEntry } from '../../../src/model/audit.ts';
import type { Settings } from '../../../src/model/settings.ts';
import { type DirectorStage, startDirectorStage } from '../../support/director-stage.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../../support/fleet.ts';

const names = ['eu', 'us', 'ap'];
const regions = names.map((id) => aRegion(id));
const settings = aSettings({ regions, services: [aService({ regions })] });
const health = { ...settings.health, observers: names };

async function fleet(change: Partial<Settings> = {}) {
  const clock = createFakeClock(noon);
  const board = createLocalBoard(clock);
  const directors = names.map((region) =>
    startDirectorStage({
      settings: { ...settings, ...change, health, director: { id: `${region}-1`, region } },
      clock,
      boards: [board],
    }),
  );
  for (const each of directors) each.say('eu up, us up, ap up');
  await clock.advance(3000);
  return { clock, directors };
}

function entries(director: DirectorStage, event: string): readonly TimelineEntry[] {
  const page = director.api.timeline({});
  assert.ok('entries' in page);
  return page.entries.filter((entry) => entry.event === event);
}

test('a drain and its end stand in the timelines of all', async () => {
  const { clock, directors } = await fleet();
  const [eu, us] = directors as [DirectorStage, DirectorStage];
  const request = { region: 'us', kind: 'drain', actor: 'alice', reason: 'disk swap' } as const;
  const adding = us.api.addOverride({ ...request, for: '10m' }, { door: 'token ops' });
  await clock.advance(2000);
  const added = await adding;
  assert.ok('id' in added);
  const ending = eu.api.endOverride(added.id, 'bob', { door: 'loopback' });
  await clock.advance(2000);
  await ending;
  for (const director of directors) {
    const told: unknown[] = entries(director, 'override').map(
      ({ hasBegun, by, reason, from, door, override }) => ({
        hasBegun,
        by,
        reason,
        from,
        door,
        override,
      }),
    );
    const word: object = { reason: 'disk swap', override: added.id };
    const [atUs, atEu] = [
      director === us ? 'token ops' : null,
      director === eu ? 'loopback' : null,
    ];
    assert.deepEqual(told, [
      { ...word, hasBegun: true, by: 'alice', from: 'us-1', door: atUs },
      { ...word, hasBegun: false, by: 'bob', from: 'eu-1', door: atEu },
    ]);
  }
});

test('a verdict is recorded with the votes that made it, and a service with how it is answered', async () => {
  const { clock, directors } = await fleet();
  for (const each of directors.slice(0, 2)) each.say('eu down, us down, ap down');
  await clock.advance(3000);
  const [eu] = directors as [DirectorStage];
  const down = entries(eu, 'verdict').filter(({ to }) => to === 'down');
  assert.deepEqual(new Set(down.map(({ region }) => region)), new Set(['ap', 'eu', 'us']));
  const votes = down[0]?.['votes'] as { observer: string; verdict: string }[];
  assert.deepEqual(
    votes
      .filter(({ verdict }) => verdict === 'down')
      .map(({ observer }) => observer)
      .sort(),
    ['eu-1', 'us-1'],
  );
  assert.deepEqual(
    entries(eu, 'service')
      .map(({ from, to }) => `${String(from)} ${String(to)}`)
      .at(-1),
    'healthy fail-open',
  );
  assert.deepEqual(entries(eu, 'epoch'), [], 'that only says that something else has happened');
});

const rules = [
  { kind: 'minRegions', fleet: 1, service: 2 },
  { kind: 'gate', isClosed: false },
];
const caller = { door: 'token ops', client: '192.0.2.7', request: 'r-1' };

test('what was taken is recorded with its request, and with what every rule said', async () => {
  const { clock, directors } = await fleet({ safety: { rules } });
  const [eu, us] = directors as [DirectorStage, DirectorStage];
  const request = { region: 'us', kind: 'drain', actor: 'alice', reason: 'swap' } as const;
  const adding = us.api.addOverride({ ...request, for: '10m' }, caller);
  await clock.advance(2000);
  await adding;
  const [given] = entries(us, 'override');
  assert.deepEqual([given?.['client'], given?.['request']], ['192.0.2.7', 'r-1']);
  assert.deepEqual(given?.['rules'], [
    {
      rule: 'minRegions',
      isAllowed: true,
      figures: 'www.example.test has 2 whole regions of 3, and 2 must serve',
    },
    { rule: 'gate', isAllowed: true, figures: 'the gate is open' },
  ]);
  assert.equal(entries(eu, 'override')[0]?.['request'], undefined, 'others hear the word alone');
  assert.equal(us.log.fields.find((each) => each?.['request'] === 'r-1')?.['actor'], 'alice');
});

test('what a rule refused, and what was forced, are recorded with the request too', async () => {
  const { clock, directors } = await fleet({ safety: { rules } });
  const [eu] = directors as [DirectorStage];
  const request = { kind: 'drain', actor: 'alice', reason: 'swap', for: '10m' } as const;
  const first = eu.api.addOverride({ ...request, region: 'us' }, caller);
  await clock.advance(1000);
  await first;
  await eu.api.addOverride({ ...request, region: 'ap' }, { ...caller, request: 'r-2' });
  const breakGlass = { rules: ['minRegions'], reason: 'fire' };
  const forcing = eu.api.addOverride(
    { ...request, region: 'ap', breakGlass },
    { ...caller, request: 'r-3' },
  );
  await clock.advance(1000);
  await forcing;
  const told = entries(eu, 'safety').map(({ state, request: id, client, door }) => [
    state,
    id,
    client,
    door,
  ]);
  assert.deepEqual(told.slice(0, 2), [
    ['refused', 'r-2', '192.0.2.7', 'token ops'],
    ['forced', 'r-3', '192.0.2.7', 'token ops'],
  ]);
  const forced = entries(eu, 'override').find(({ request: id }) => id === 'r-3');
  const said = forced?.['rules'] as { rule: string; isAllowed: boolean; figures: string }[];
  assert.deepEqual(
    said.map(({ rule, isAllowed }) => [rule, isAllowed]),
    [
      ['minRegions', false],
      ['gate', true],
    ],
  );
  assert.match(said[0]?.figures ?? '', /would be left with 1 whole region/);
});

test('a drill is recorded with who began it, who broke it off, and what the rules said', async () => {
  const { clock, directors } = await fleet({ safety: { rules } });
  const [eu] = directors as [DirectorStage];
  const starting = eu.api.startDrill(
    { region: 'us', actor: 'alice', reason: 'monthly', steps: [{ share: 1, hold: '10m' }] },
    caller,
  );
  await clock.advance(1000);
  const begun = await starting;
  assert.ok('id' in begun, JSON.stringify(begun));
  const aborting = eu.api.abortDrill(begun.id, 'bob', { ...caller, request: 'r-9' });
  await clock.advance(1000);
  await aborting;
  const told = entries(eu, 'drill');
  assert.deepEqual([told[0]?.['request'], told[0]?.['client']], ['r-1', '192.0.2.7']);
  assert.equal((told[0]?.['rules'] as unknown[] | undefined)?.length, 2);
  assert.deepEqual([told.at(-1)?.['phase'], told.at(-1)?.['request']], ['aborted', 'r-9']);
});
