// A histogram as CSV: a head whose sums are those of the rows, and rows that are read back.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClientTally } from '../../../src/director/clients/tally.ts';
import { writeClients, writeTally } from '../../../src/director/clients/write.ts';
import { type ClientHead, emptyHead, readHeadLine } from '../../../src/model/client-head.ts';
import { type ClientRow, readRow, rowHead } from '../../../src/model/client-row.ts';
import { ipv4 } from '../../../src/model/ip.ts';
import { noon } from '../../support/fleet.ts';

const source = { collector: 'd1', since: '', until: '2026-05-01T12:00:00.000Z', halfLife: '7d' };

function read(text: string): { head: ClientHead; rows: ClientRow[] } {
  const lines = text.trimEnd().split('\n');
  const head = lines.reduce((soFar, line) => readHeadLine(line, soFar), emptyHead);
  const body = lines.slice(lines.indexOf(rowHead) + 1);
  return { head, rows: body.map((line) => readRow(line) ?? assert.fail(line)) };
}

describe('a histogram', () => {
  test('is written in pieces, and its total is that of its rows and of what lies outside', () => {
    const tally = new ClientTally(2000, [1, 2, 3, 4]);
    const region = tally.regions.of('eu-west');
    for (let i = 0; i < 5000; i++) {
      const by = i % 4 === 0 ? 'resolver' : 'subnet';
      tally.add(ipv4((i * 7919) << 8), 24, by, 0, region, 3);
    }
    // Nothing is whole any more.
    tally.scale(0.31);
    const pieces = [...writeTally(tally, source)];
    assert.ok(pieces.length > 3);
    const { head, rows } = read(pieces.join(''));
    const inside = rows.reduce((sum, { weight }) => sum + weight, 0);
    const away = [...head.outside.values()].reduce((sum, weight) => sum + weight, 0);
    assert.equal(head.total, inside + away);
    assert.ok(Math.abs(head.byResolver - 0.25 * head.total) <= 0.02 * head.total);
    assert.deepEqual([...head.outside.keys()], ['eu-west']);
    assert.equal(head.collector, 'd1');
    assert.equal(head.halfLife, '7d');
  });

  test('is as it was when it was asked for', () => {
    const tally = new ClientTally(100, [1, 2, 3, 4]);
    tally.add(ipv4(0x01020300), 24, 'subnet', 0, 0, 3);
    const pieces = writeTally(tally, source);
    tally.add(ipv4(0x01020400), 24, 'subnet', 0, 0, 3);
    const { head, rows } = read([...pieces].join(''));
    assert.equal(rows.length, 1);
    assert.equal(head.total, 3);
  });

  test('of a director that collects nothing has no rows', () => {
    const { head, rows } = read([...writeClients(undefined, 'd1', noon)].join(''));
    assert.deepEqual(rows, []);
    assert.equal(head.collector, 'd1');
    assert.equal(head.total, 0);
  });
});
