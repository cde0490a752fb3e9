// The logbook, from words alone: who began, who carried it out, and who did not.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drillActor } from '../../src/drill/drill-id.ts';
import { lastDoneAt, type Logbook, noteWords } from '../../src/drill/logbook.ts';
import { margin } from '../../src/drill/next.ts';
import { type Override, overrideKey, shareOfNobody } from '../../src/model/override.ts';
import { millis } from '../../src/model/time.ts';
import { aName, anOverride, noon } from '../support/fleet.ts';

const empty: Logbook = new Map();
const at = (second: number) => millis(noon + second * 1000);
const drill = drillActor('20260501T120000000Z-eu');
const view = (...words: readonly Override[]) =>
  new Map(words.map((word) => [overrideKey(word), word]));

/** A word whose step lasts from noon for a minute. */
const word = (change: Partial<Override> = {}): Override =>
  anOverride('eu', { actor: drill, start: noon, end: millis(noon + 60_000 + margin), ...change });

/** In force from noon, and gone at that second. */
function after(second: number, change: Partial<Override> = {}): Logbook {
  const words = view(word(change));
  return noteWords(noteWords(empty, view(), words, noon), words, view(), at(second));
}

test('a drill that takes its word back at the end of its step was carried out', () => {
  assert.equal(lastDoneAt(after(60), 'eu'), at(60));
  assert.equal(lastDoneAt(after(60, { service: aName('www') }), 'eu'), at(60));
  assert.equal(lastDoneAt(after(60), 'us'), undefined);
});

test('one that was aborted, or whose director died, or that moved nobody, was not', () => {
  assert.equal(lastDoneAt(after(30), 'eu'), undefined);
  assert.equal(lastDoneAt(after(70.2), 'eu'), undefined);
  assert.equal(lastDoneAt(after(60, { share: shareOfNobody }), 'eu'), undefined);
  assert.equal(lastDoneAt(after(60, { actor: 'alice' }), 'eu'), undefined);
});

test('it is known that it began, and when the one before was done', () => {
  const next = view(word({ actor: drillActor('20260601T120000000Z-us') }));
  const book = noteWords(after(60), view(), next, at(1000));
  const [entry] = book.values();
  assert.deepEqual(
    [entry?.drill, entry?.begunAt, entry?.doneAt],
    ['20260601T120000000Z-us', at(1000), at(60)],
  );
});

test('from step to step, and while nothing changes, there is nothing to note', () => {
  const [one, two] = [view(word({ share: 0.25 })), view(word({ id: 'other' }))];
  const book = noteWords(empty, view(), one, noon);
  assert.equal(noteWords(book, one, two, at(60)), book);
  assert.equal(noteWords(book, one, one, at(60)), book);
});
