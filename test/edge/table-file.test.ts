// The layout of compiled tables, read as an enemy may have written it: with digests that are right.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  headOctets,
  join,
  part,
  readHead,
  readList,
  type Section,
  writeList,
} from '../../src/edge/table-file.ts';

function reread(sections: readonly unknown[], fileOctets: number): Section[] {
  const written = writeList(sections as Section[]);
  const head = readHead(written.subarray(0, headOctets)) ?? assert.fail('it is ours');
  return readList(written.subarray(headOctets, headOctets + head.length), head.digest, fileOctets);
}

const digest = createHash('sha256').digest('hex');
const section = { key: 'k', octets: 16, digest, text: '{}' };

test('a list reads back as it was written', () => {
  assert.deepEqual(reread([section], 1000), [section]);
  assert.deepEqual(reread([], 1000), []);
});

test('a list whose sections reach beyond the file is refused', () => {
  assert.throws(() => reread([section, section], 100));
  assert.throws(() => reread([{ ...section, octets: 2 ** 52 }], 1000));
});

test('sections of other shapes are refused', () => {
  const odd = [
    null,
    7,
    [],
    {},
    { ...section, key: 7 },
    { ...section, octets: -8 },
    { ...section, octets: 4 },
  ];
  for (const each of odd) assert.throws(() => reread([each], 1000), JSON.stringify(each));
});

test('arrays that reach beyond their section, or lie across its grid, are refused', () => {
  const memory = new SharedArrayBuffer(64);
  const place = { table: 'Uint32Array', at: 0, length: 4 };
  const joined = (value: object): unknown =>
    join({ ...section, text: JSON.stringify({ value }) }, memory, 8);
  assert.deepEqual(joined(place), { value: new Uint32Array(4) });
  assert.throws(() => joined({ ...place, length: 5 }));
  assert.throws(() => joined({ ...place, at: 8 }));
  assert.throws(() => joined({ ...place, at: 1, length: 1 }));
  for (const table of ['constructor', 'Float64Array', 'ArrayBuffer']) {
    assert.deepEqual(joined({ ...place, table }), { value: { ...place, table } }, 'it is no array');
  }
});

test('arrays are taken out of a value in an order in which each begins on the grid', () => {
  const { text, tables, octets } = part({ one: Uint8Array.of(1), two: Uint32Array.of(2, 3, 4) });
  assert.deepEqual(tables, [Uint8Array.of(1), Uint32Array.of(2, 3, 4)]);
  assert.equal(octets, 24);
  assert.deepEqual(JSON.parse(text), {
    one: { table: 'Uint8Array', at: 0, length: 1 },
    two: { table: 'Uint32Array', at: 8, length: 3 },
  });
});
