// Visits: what a thread that answers hands on, and what it leaves out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowLength, Visits } from '../../src/drill/visits.ts';

function record() {
  const sent: number[][] = [];
  const visits = new Visits((rows) => {
    for (let i = 0; i < rows.length; i += rowLength)
      sent.push(Array.from(rows.subarray(i, i + rowLength)));
  });
  return { sent, visits };
}

const visit = { network: 1, client: 5, pair: 7, ttl: 10, isRegion: true, at: 0 };

test('questions of one visit are told once, and a change of the answer always', () => {
  const { sent, visits } = record();
  visits.note({ ...visit, isRegion: true, at: 0 });
  visits.note({ ...visit, isRegion: true, at: 20 });
  visits.note({ ...visit, isRegion: false, at: 40 });
  visits.note({ ...visit, isRegion: false, at: 1040 });
  assert.deepEqual(sent, []);
  visits.flush();
  assert.deepEqual(sent, [
    [1, 5, 7, 10, 1, 0],
    [1, 5, 7, 10, 0, 40],
    [1, 5, 7, 10, 0, 1040],
  ]);
});

test('many are handed on by themselves, and more than can be remembered are told of all the same', () => {
  const { sent, visits } = record();
  const count = 70_000;
  for (let pair = 0; pair < count; pair++)
    visits.note({ ...visit, network: pair, client: pair, pair, at: pair / 1000 });
  assert.ok(sent.length > count - 1024 && sent.length <= count);
  visits.flush();
  assert.equal(sent.length, count);
});
