// Names found again: whatever was asked before, a name is that of its octets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lowerName } from '../../src/model/name.ts';
import { nameBetween } from '../../src/wire/names.ts';

const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

test('is the lower-cased text of any octets, also when it is read again', () => {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 255 });
  fc.assert(
    fc.property(octets, fc.nat(20), (name, before) => {
      const bytes = Uint8Array.from([...Array<number>(before).fill(7), ...name, 7]);
      const expected = lowerName(latin1(name));
      assert.equal(nameBetween(bytes, before, before + name.length), expected);
      assert.equal(nameBetween(bytes, before, before + name.length), expected);
    }),
  );
});

test('stays right for more names than are kept, of one length and of none alike', () => {
  const names = Array.from({ length: 5000 }, (_, i) => `\x05n${String(i).padStart(4, '0')}\0`);
  for (const name of [...names, ...names.toReversed()]) {
    assert.equal(nameBetween(Buffer.from(name, 'latin1'), 0, name.length), name);
  }
});
