// A state file's text: it comes back as it was written, and nothing else does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { longestHead, readHead, readState, writeState } from '../../src/edge/state-text.ts';

const states = fc.record(
  { text: fc.string({ unit: 'grapheme' }), incarnation: fc.nat(1e15 - 1) },
  { noNullPrototype: true },
);

test('every text comes back with who kept it', () => {
  fc.assert(
    fc.property(states, (state) => {
      const written = writeState(state);
      assert.deepEqual(readState(written), state);
      assert.equal(readHead(written.slice(0, longestHead))?.incarnation, state.incarnation);
    }),
  );
});

test('one character more, less or other, and it is none', () => {
  const change = fc.record({
    at: fc.nat(),
    removed: fc.nat(1),
    added: fc.string({ maxLength: 1 }),
  });
  fc.assert(
    fc.property(states, change, (state, { at, removed, added }) => {
      const written = writeState(state);
      const place = at % written.length;
      const changed = written.slice(0, place) + added + written.slice(place + removed);
      fc.pre(changed !== written);
      assert.equal(readState(changed), undefined);
    }),
  );
});

test('no other text is one', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readState(text) === undefined));
});
