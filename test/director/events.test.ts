// Events of a whole director: told once to each follower, remembered for those who come back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { DirectorEvent } from '../../src/model/event.ts';
import { startDirectorStage } from '../support/director-stage.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';

const regions = [aRegion('eu'), aRegion('us')];
const settings = aSettings({ regions, services: [aService({ regions })] });

async function stage() {
  const clock = createFakeClock(noon);
  const director = startDirectorStage({ settings, clock, boards: [createLocalBoard(clock)] });
  director.say('eu up, us up');
  await clock.advance(1000);
  return { clock, director, events: director.api.events };
}

const words = (events: readonly DirectorEvent[] | undefined) => events?.map(({ type }) => type);

test('each change is told once, with its moment and the epoch that it led to', async () => {
  const { clock, director, events } = await stage();
  const told: DirectorEvent[] = [];
  const stop = events.subscribe((event) => told.push(event));
  director.say('eu up, us down');
  await clock.advance(10_000);
  assert.deepEqual(words(told), ['verdict', 'epoch']);
  const { epoch } = director.cell.view.snapshot;
  const { id: observer, region } = settings.director;
  const facts = { at: '2026-05-01T12:00:01.000Z', epoch };
  assert.deepEqual(told, [
    {
      type: 'verdict',
      region: 'us',
      from: 'up',
      to: 'down',
      isKept: false,
      reason: 'timed out after 2s',
      votes: [{ observer, region, verdict: 'down', reason: 'timed out after 2s' }],
      id: told[0]?.id,
      ...facts,
    },
    { type: 'epoch', id: events.newest(), ...facts },
  ]);
  stop();
  director.say('eu up, us up');
  await clock.advance(1000);
  assert.equal(told.length, 2);
});

test('whoever comes back is told what was missed', async () => {
  const { clock, director, events } = await stage();
  const left = events.newest();
  assert.deepEqual(events.since(left), []);
  director.say('eu up, us down');
  director.say('eu up, us up');
  await clock.advance(1000);
  const missed = events.since(left);
  assert.deepEqual(words(missed), ['verdict', 'epoch', 'verdict', 'epoch']);
  assert.deepEqual(events.since(missed?.[1]?.id ?? ''), missed?.slice(2));
  assert.deepEqual(events.since(events.newest()), []);
});

test('what another life told, or nobody, leads nowhere', async () => {
  const { events } = await stage();
  const newest = events.newest();
  const number = Number(/\d+$/.exec(newest)?.[0]);
  const life = newest.slice(0, -String(number).length);
  const later = `${life}${number + 1}`;
  for (const id of ['', 'other-1', life, `${life}x`, `${life}-1`, `${newest}.5`, later]) {
    assert.equal(events.since(id), undefined, id);
  }
});

test('only so much is remembered', async () => {
  const { clock, director, events } = await stage();
  const left = events.newest();
  for (let i = 0; i < 250; i++) {
    director.say('eu up, us down');
    director.say('eu up, us up');
  }
  await clock.advance(1000);
  assert.equal(events.since(left)?.length, 1000);
  director.say('eu up, us down');
  assert.equal(events.since(left), undefined);
});

test('a follower that fails is told to the log, and stops nobody', async () => {
  const { clock, director, events } = await stage();
  events.subscribe(() => {
    throw new Error('a mistake');
  });
  const told: DirectorEvent[] = [];
  events.subscribe((event) => told.push(event));
  director.say('eu up, us down');
  await clock.advance(1000);
  assert.equal(told.length, 2);
  assert.equal(director.log.lines.filter((line) => line === 'error events.failed').length, 2);
});

test('overrides and missing observers are told too', async () => {
  const clock = createFakeClock(noon);
  const observers = { ...settings.health, observers: ['eu', 'us'] };
  const own = createLocalBoard(clock);
  const director = startDirectorStage({
    settings: { ...settings, health: observers },
    clock,
    boards: [own],
  });
  const other = startDirectorStage({
    settings: { ...settings, health: observers, director: { id: 'us-1', region: 'us' } },
    clock,
    boards: [own],
  });
  for (const each of [director, other]) each.say('eu up, us up');
  await clock.advance(2000);
  const left = director.api.events.newest();
  const request = { region: 'us', kind: 'drain', actor: 'alice', reason: 'swap' } as const;
  const adding = other.control.add({ ...request, for: '5s' });
  await clock.advance(10_000);
  await adding;
  await other[Symbol.asyncDispose]();
  await clock.advance(20_000);
  const told = director.api.events.since(left) ?? [];
  assert.deepEqual(
    told.filter(({ type }) => type !== 'epoch').map((event) => tell(event)),
    ['us drain began', 'us drain ended', 'eu up kept', 'fresh → isolated without us'],
  );
});

function tell(event: DirectorEvent): string {
  switch (event.type) {
    case 'override':
      return `${event.region} ${event.kind} ${event.hasBegun ? 'began' : 'ended'}`;
    case 'gossip':
      return `${event.from} → ${event.to} without ${event.missingObservers.join()}`;
    case 'verdict':
      return `${event.region} ${event.to}${event.isKept ? ' kept' : ''}`;
    default:
      return event.type;
  }
}
