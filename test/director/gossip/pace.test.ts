import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jitter, repostEvery } from '../../../src/director/gossip/pace.ts';
import { millis } from '../../../src/model/time.ts';

const settings = { postEvery: millis(2000), voteLifetime: millis(18_000) };

test('a fleet of ordinary size posts as often as it is set to', () => {
  for (const directors of [0, 1, 3, 20]) assert.equal(repostEvery(directors, settings), 2000);
});

test('a larger one posts more rarely, and three times in the life of a vote', () => {
  assert.equal(repostEvery(40, settings), 4000);
  assert.equal(repostEvery(60, settings), 6000);
  assert.equal(repostEvery(1024, settings), 6000);
});

test('who is set to post more rarely than that is never hurried', () => {
  const rare = { postEvery: millis(8000), voteLifetime: millis(18_000) };
  assert.equal(repostEvery(1, rare), 8000);
  assert.equal(repostEvery(1024, rare), 8000);
});

test('jitter is a tenth at most, either way', () => {
  assert.equal(Math.round(jitter(millis(1000), () => 0)), 900);
  assert.equal(Math.round(jitter(millis(1000), () => 0.999_999)), 1100);
});
