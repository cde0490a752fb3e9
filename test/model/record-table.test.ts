// The record table: what is put in is found again, by name and by number.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { recordTypes } from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import {
  cutAt,
  dataAt,
  findEntry,
  findSet,
  nameAt,
  ownerOf,
  type RecordTable,
  setCount,
  setsAt,
  ttlAt,
  typeAt,
} from '../../src/model/record-table.ts';
import { TableBuilder } from '../../src/model/table-builder.ts';
import { nameOf } from '../support/answers.ts';

const apex = nameOf('example.test');
const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);

function entryOf(table: RecordTable, name: string): number {
  return findEntry(table, nameOf(name)) ?? assert.fail(`${name} is not there`);
}

test('holds whatever it is given, name by name and set by set', () => {
  const label = fc.stringMatching(/^[a-c]{1,2}$/);
  const name = fc
    .array(label, { maxLength: 3 })
    .map((labels) => nameOf([...labels, 'example.test'].join('.')));
  const record = fc.tuple(name, fc.nat(3), fc.uint8Array({ maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(record, { maxLength: 300 }), (records) => {
      const builder = new TableBuilder(apex);
      const wanted = new Map<string, string[]>();
      for (const [owner, type, wire] of records) {
        const key = `${owner} ${type}`;
        const data = wanted.get(key) ?? [];
        wanted.set(key, data);
        const { kind } = builder.add(owner, type, 60 + type, wire);
        assert.equal(kind, data.includes(wire.join()) ? 'repeated' : 'added');
        if (kind === 'added') data.push(wire.join());
      }
      const table = builder.finish();
      assert.equal(setCount(table), wanted.size);
      for (let set = 0; set < setCount(table); set++) {
        const [owner, type] = [nameAt(table, ownerOf(table, set)), typeAt(table, set)];
        assert.deepEqual(dataAt(table, set).map(String), wanted.get(`${owner} ${type}`));
        assert.equal(ttlAt(table, set), 60 + type);
        const entry = findEntry(table, owner) ?? assert.fail();
        assert.equal(findSet(table, entry, type), set);
        assert.ok(setsAt(table, entry).includes(set));
      }
    }),
  );
});

test('grows past every first size, and finds each of many names', () => {
  const builder = new TableBuilder(apex);
  const names = Array.from({ length: 5000 }, (_, i) => nameOf(`h${i}.example.test`));
  for (const [i, name] of names.entries()) builder.add(name, 1, 60, octets(i >> 8, i));
  const table = builder.finish();
  assert.equal(builder.recordCount, 5000);
  for (const [i, name] of names.entries()) {
    const [set] = setsAt(table, findEntry(table, name) ?? -1);
    assert.deepEqual(dataAt(table, set ?? -1), [octets(i >> 8, i)]);
  }
  assert.equal(findEntry(table, nameOf('h5000.example.test')), undefined);
  assert.equal(findEntry(table, nameOf('test')), undefined);
});

test('knows the names between, which have no set (RFC 8020)', () => {
  const builder = new TableBuilder(apex);
  builder.add(nameOf('a.b.c.example.test'), 1, 60, octets(1));
  const table = builder.finish();
  for (const name of ['b.c.example.test', 'c.example.test', 'example.test']) {
    assert.deepEqual(setsAt(table, entryOf(table, name)), []);
  }
});

test('knows the delegation that a name is or lies below, in whatever order they came', () => {
  const builder = new TableBuilder(apex);
  builder.add(nameOf('ns.sub.lab.example.test'), recordTypes.A, 60, octets(1));
  builder.add(nameOf('sub.lab.example.test'), recordTypes.NS, 60, octets(2));
  builder.add(nameOf('lab.example.test'), recordTypes.NS, 60, octets(3));
  builder.add(apex, recordTypes.NS, 60, octets(4));
  builder.add(nameOf('www.example.test'), recordTypes.A, 60, octets(5));
  const table = builder.finish();
  const cutOf = (name: string): string => {
    const cut = cutAt(table, entryOf(table, name));
    return cut === undefined ? 'none' : formatName(nameAt(table, cut));
  };
  for (const name of ['ns.sub.lab', 'sub.lab', 'lab']) {
    assert.equal(cutOf(`${name}.example.test`), 'lab.example.test');
  }
  assert.equal(cutOf('example.test'), 'none');
  assert.equal(cutOf('www.example.test'), 'none');
});

describe('turns away', () => {
  test('another TTL in one set (RFC 2181 §5.2)', () => {
    const builder = new TableBuilder(apex);
    builder.add(apex, 1, 60, octets(1));
    assert.deepEqual(builder.add(apex, 1, 30, octets(2)), { kind: 'other-ttl', set: 0, ttl: 60 });
  });

  test('what no message could carry', () => {
    const builder = new TableBuilder(apex);
    assert.equal(builder.add(apex, 16, 60, new Uint8Array(65_000)).kind, 'added');
    assert.equal(builder.add(apex, 16, 60, new Uint8Array(536)).kind, 'full');
    assert.equal(builder.add(apex, 16, 60, new Uint8Array(535)).kind, 'added');
  });
});

test('hands out copies, which outlive it', () => {
  const builder = new TableBuilder(apex);
  builder.add(apex, 1, 60, octets(1, 2, 3, 4));
  const [wire] = dataAt(builder.finish(), 0);
  assert.equal(wire?.buffer.byteLength, 4);
});
