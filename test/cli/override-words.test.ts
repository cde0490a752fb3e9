import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partOf, untilOf, wordOf } from '../../src/cli/override-words.ts';
import { shareOfNobody } from '../../src/model/override.ts';

test('a word is told by what it is on', () => {
  assert.equal(partOf({ region: 'eu' }), 'eu');
  assert.equal(partOf({ region: 'eu', service: 'www.example.test' }), 'eu for www.example.test');
  assert.equal(partOf({ region: 'eu', endpoint: '192.0.2.1' }), 'eu at 192.0.2.1');
});

test('and by its share, without the digits that a division leaves', () => {
  assert.equal(wordOf({ kind: 'drain' }), 'drain');
  assert.equal(wordOf({ kind: 'drain', share: 0.25 }), 'drain 25 %');
  assert.equal(wordOf({ kind: 'drain', share: 0.07 }), 'drain 7 %');
  // By which a drill shortens the TTL, before it moves anybody.
  assert.equal(wordOf({ kind: 'drain', share: shareOfNobody }), 'drain of nobody');
});

test('and loudly when nothing but a person ends it', () => {
  assert.equal(untilOf({}, 'noon'), 'until noon');
  assert.match(untilOf({ isPermanent: true }, 'noon'), /PERMANENT/);
});
