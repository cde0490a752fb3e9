// Doors are known of the very word that came in, and of so many words.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDoorBook } from '../../../src/director/record/doors.ts';
import { millis } from '../../../src/model/time.ts';
import { anOverride } from '../../support/fleet.ts';

test('a door is that of the word that came in by it, not of a later one', () => {
  const book = createDoorBook();
  const [loopback, token] = ['loopback', 'token ops'].map((door) => ({ door, rules: [] }));
  assert.ok(loopback !== undefined && token !== undefined);
  const word = anOverride('eu');
  assert.equal(book.doorOf(word), undefined);
  book.note(word, loopback);
  assert.equal(book.doorOf({ ...word }), loopback);
  const lifted = { ...word, clock: { ...word.clock, wall: millis(word.clock.wall + 1) } };
  assert.equal(book.doorOf(lifted), undefined);
  book.note(lifted, token);
  assert.equal(book.doorOf(lifted), token);
  for (let i = 0; i < 1024; i++) book.note(anOverride('eu', { id: `${i}` }), loopback);
  assert.equal(book.doorOf(lifted), undefined);
  assert.equal(book.doorOf(anOverride('eu', { id: '1023' })), loopback);
});
