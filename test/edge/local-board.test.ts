// The in-process board keeps the contract of every board, in virtual time, and its bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import { millis } from '../../src/model/time.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { testBoard } from './board.contract.ts';

testBoard('local board', async () => {
  const clock = createFakeClock();
  const board = createLocalBoard(clock);
  return { here: board, there: board, pass: (span) => clock.advance(span) };
});

const minute = millis(60_000);

test('a value larger than a slot is refused', async () => {
  await using board = createLocalBoard(createFakeClock());
  await board.post('largest', 'x'.repeat(1_048_576), minute);
  await assert.rejects(board.post('larger', 'x'.repeat(1_048_577), minute), /1048577 octets/);
  await assert.rejects(board.post('wide', 'é'.repeat(524_289), minute), /1048578 octets/);
  assert.deepEqual(Array.from((await board.read()).keys()), ['largest']);
});

test('a full board takes no more slots, but news in those it has, and room comes with time', async () => {
  const clock = createFakeClock();
  await using board = createLocalBoard(clock);
  await board.post('brief', 'x', millis(1000));
  for (let i = 1; i < 4096; i++) await board.post(`slot.${i}`, 'x', minute);
  await assert.rejects(board.post('one.more', 'x', minute), /full/);
  await board.post('slot.1', 'news', minute);
  await clock.advance(1000);
  await board.post('one.more', 'x', minute);
  const found = await board.read();
  assert.equal(found.size, 4096);
  assert.equal(found.get('slot.1')?.value, 'news');
});

test('what all slots hold together is bounded', async () => {
  await using board = createLocalBoard(createFakeClock());
  const value = 'x'.repeat(262_144);
  for (let i = 0; i < 16; i++) await board.post(`slot.${i}`, value, minute);
  await assert.rejects(board.post('one.more', 'x', minute), /full/);
  await board.post('slot.3', value, minute);
  await board.post('slot.3', 'less', minute);
  await board.post('one.more', 'x', minute);
});
