// What three directors on one board record of one drain: the same word, its actor and reason, and its door at one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalBoard } from '../../../src/edge/local-board.ts';
import type { TimelineEntry } from '../../../src/model/audit.ts';
import { type DirectorStage, startDirectorStage } from '../../support/director-stage.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../../support/fleet.ts';

const names = ['eu', 'us', 'ap'];
const regions = names.map((id) => aRegion(id));
const settings = aSettings({ regions, services: [aService({ regions })] });
const health = { ...settings.health, observers: names };

async function fleet() {
  const clock = createFakeClock(noon);
  const board = createLocalBoard(clock);
  const directors = names.map((region) =>
    startDirectorStage({
      settings: { ...settings, health, director: { id: `${region}-1`, region } },
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
  const adding = us.api.addOverride({ ...request, for: '10m' }, 'token ops');
  await clock.advance(2000);
  const added = await adding;
  assert.ok('id' in added);
  const ending = eu.api.endOverride(added.id, 'bob', 'loopback');
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
