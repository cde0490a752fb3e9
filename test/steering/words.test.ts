import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { describeOrder, describeOverride } from '../../src/steering/words.ts';
import { anOverride } from '../support/fleet.ts';

describe('words', () => {
  test('an override is told by what, who, until when and why', () => {
    assert.equal(
      describeOverride(anOverride('ash')),
      'drained by alice until 2026-05-01 14:00:00 UTC: disk swap',
    );
    assert.match(describeOverride(anOverride('ash', { kind: 'down' })), /^declared down by alice /);
    assert.match(describeOverride(anOverride('ash', { kind: 'up' })), /^held up by alice /);
  });

  test('an order is told from the best on, equals beside each other', () => {
    assert.equal(
      describeOrder([['ash'], ['birch', 'cedar'], ['elm']]),
      'ash, then birch or cedar, elm',
    );
    assert.equal(describeOrder([['ash']]), 'ash');
    assert.equal(describeOrder([]), 'none');
  });
});
