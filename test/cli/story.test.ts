// One story of many directors: ordered by one clock, each thing told once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellStory, type Witness } from '../../src/cli/story.ts';
import type { TimelineEntry } from '../../src/model/audit.ts';

function witness(director: string, aheadMs: number, entries: readonly TimelineEntry[]): Witness {
  const clock = { aheadMs, withinMs: 1, remembersSince: '', head: null, isCut: false };
  return { url: '', director, ...clock, entries };
}

const at = (seconds: number, event: string, facts: object = {}): TimelineEntry => ({
  ...facts,
  at: new Date(Date.UTC(2026, 4, 1, 12, 0, 0) + seconds * 1000).toISOString(),
  event,
});

const down = { region: 'eu', to: 'down', isKept: false };

const briefly = (witnesses: readonly Witness[]): string[] =>
  tellStory(witnesses).map(({ entry, seen }) => {
    return `${entry.event} ${seen.map(({ director, afterMs }) => `${director}+${afterMs}`).join(' ')}`;
  });

test('what several saw is told once, by the clock here', () => {
  const story = briefly([
    witness('ams', 0, [at(10, 'verdict', { ...down, reason: 'timed out' })]),
    witness('fra', 300_000, [at(310.2, 'verdict', { ...down, reason: 'refused' })]),
    witness('nyc', -5000, [at(5.4, 'verdict', down), at(0, 'started')]),
  ]);
  assert.deepEqual(story, ['started nyc+0', 'verdict ams+0 fra+200 nyc+400']);
});

test('other things, another occasion, and what each tells of itself stay apart', () => {
  const story = briefly([
    witness('ams', 0, [
      at(1, 'verdict', down),
      at(2, 'verdict', { ...down, to: 'up' }),
      at(3, 'verdict', down),
    ]),
    witness('fra', 0, [at(1, 'gossip', { to: 'partial' }), at(200, 'verdict', down)]),
    witness('nyc', 0, [at(1, 'gossip', { to: 'partial' })]),
  ]);
  assert.deepEqual(story, [
    'verdict ams+0',
    'gossip fra+0',
    'gossip nyc+0',
    'verdict ams+0',
    'verdict ams+0',
    'verdict fra+0',
  ]);
});

test('the door is told by whoever knows it', () => {
  const word = { override: 'o', hasBegun: true };
  const [line] = tellStory([
    witness('ams', 0, [at(1, 'override', { ...word, door: null })]),
    witness('fra', 0, [at(1.5, 'override', { ...word, door: 'token ops' })]),
  ]);
  assert.equal(line?.entry['door'], 'token ops');
  assert.deepEqual(
    line?.seen.map(({ director }) => director),
    ['ams', 'fra'],
  );
});

test('a moment that is none is left out', () => {
  assert.deepEqual(briefly([witness('ams', 0, [{ at: 'never', event: 'started' }])]), []);
});
