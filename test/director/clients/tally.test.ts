// A histogram while it is counted: what was asked, in bounded memory whoever asks.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Seed } from '../../../src/director/clients/tabulation.ts';
import { ClientTally, type HeldRow } from '../../../src/director/clients/tally.ts';
import { formatRow, readRow } from '../../../src/model/client-row.ts';
import { ipv4, ipv6, parseIp } from '../../../src/model/ip.ts';

const seed: Seed = [11, 22, 33, 44];
const anIp = (text: string) => parseIp(text) ?? assert.fail(text);
const lines = (rows: Iterable<HeldRow>): string[] => Array.from(rows, formatRow).sort();

describe('a tally', () => {
  test('counts networks by name and by who asked', () => {
    const tally = new ClientTally(100, seed);
    const [www, api] = [tally.names.of('www.example.test'), tally.names.of('api.example.test')];
    const eu = tally.regions.of('eu-west');
    tally.add(anIp('203.0.113.7'), 32, 'subnet', www, eu, 1);
    tally.add(anIp('203.0.113.200'), 24, 'subnet', www, eu, 1);
    tally.add(anIp('203.0.113.7'), 32, 'resolver', www, eu, 1);
    tally.add(anIp('203.0.113.7'), 24, 'subnet', api, eu, 5);
    tally.add(anIp('203.0.0.0'), 16, 'subnet', www, eu, 1);
    tally.add(anIp('2a00:1450:4000:12ff::1'), 128, 'resolver', www, eu, 1);
    assert.deepEqual(lines(tally.rows()), [
      '203.0.0.0/16,1,www.example.test,subnet',
      '203.0.113.0/24,1,www.example.test,resolver',
      '203.0.113.0/24,2,www.example.test,subnet',
      '203.0.113.0/24,5,api.example.test,subnet',
      '2a00:1450:4000:1200::/56,1,www.example.test,resolver',
    ]);
    assert.equal(tally.total, 10);
    assert.equal(tally.byResolver, 2);
    assert.equal(tally.networks(), 3);
    assert.equal(tally.outsideShare(), 0);
    assert.equal(tally.top(1)[0]?.weight, 5);
    assert.equal(tally.top(1)[0]?.region, 'eu-west');
  });

  test('tells by region what it could not keep', () => {
    const tally = new ClientTally(2, seed);
    const [eu, us] = [tally.regions.of('eu'), tally.regions.of('us')];
    for (let i = 0; i < 100; i++) {
      tally.add(ipv4(i << 8), 24, 'subnet', 0, i % 4 === 0 ? us : eu, 1);
    }
    const kept = [...tally.rows()].reduce((sum, { weight }) => sum + weight, 0);
    const outside = tally.outside();
    assert.equal(kept + (outside.get('eu') ?? 0) + (outside.get('us') ?? 0), 100);
    assert.ok((outside.get('us') ?? 0) >= 24);
    assert.equal(tally.outsideShare(), (100 - kept) / 100);
  });

  test('adds up what others have counted', () => {
    const tally = new ClientTally(10, seed);
    for (const line of ['203.0.113.0/24,3,www', '203.0.113.0/24,4,www', '198.51.100.0/24,1']) {
      tally.addRow(readRow(line) ?? assert.fail());
    }
    tally.addOutside('eu', 2);
    assert.deepEqual(lines(tally.rows()), [
      '198.51.100.0/24,1,,subnet',
      '203.0.113.0/24,7,www,subnet',
    ]);
    assert.equal(tally.total, 10);
    assert.deepEqual([...tally.outside()], [['eu', 2]]);
  });

  test('lets what is long ago count less, and forgets distinct networks after two spells', () => {
    const tally = new ClientTally(10, seed);
    tally.add(anIp('203.0.113.7'), 32, 'resolver', 0, 0, 8);
    tally.scale(0.25);
    assert.deepEqual(lines(tally.rows()), ['203.0.113.0/24,2,,resolver']);
    assert.deepEqual([tally.total, tally.byResolver], [2, 2]);
    tally.turn();
    assert.equal(tally.networks(), 1);
    tally.turn();
    assert.equal(tally.networks(), 0);
  });
});

test('a million networks take no more memory than a few', () => {
  const keep = 5000;
  const tally = new ClientTally(keep, seed);
  const fill = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const word = Math.imul(i, 0x9e3779b1) >>> 0;
      const ip = i % 2 === 0 ? ipv4(word) : ipv6((word >>> 3) + 0x20000000, word, 0, 0);
      tally.add(ip, i % 2 === 0 ? 32 : 128, 'subnet', 0, 0, 1);
      // One in a hundred queries comes from one network.
      if (i % 100 === 0) tally.add(anIp('203.0.113.7'), 32, 'subnet', 0, 0, 1);
    }
  };
  fill(0, 50_000);
  const before = buffersOf();
  fill(50_000, 1_000_000);
  assert.ok(buffersOf() - before < 1 << 20, 'columns never grow');
  assert.equal([...tally.rows()].length, keep);
  assert.equal(tally.total, 1_010_000);
  const estimate = tally.networks();
  assert.ok(Math.abs(estimate - 1_000_000) < 80_000, String(estimate));
  // Its true weight is 10,000, and the error at most 1,010,000 / 5000.
  const [top] = tally.top(1);
  assert.equal(top && formatRow(top).split(',')[0], '203.0.113.0/24');
  assert.ok(
    top !== undefined && top.weight <= 10_000 && top.weight >= 10_000 - 202,
    String(top?.weight),
  );
});

function buffersOf(): number {
  return process.memoryUsage().arrayBuffers;
}

test('as many names as strangers make up are told apart as far as there is room', () => {
  const tally = new ClientTally(10, seed);
  for (let i = 0; i < 40_000; i++) tally.addRow({ ...row, name: `n${i}` });
  assert.equal(tally.names.of('n32766'), 32_767);
  assert.equal(tally.names.of('n32767'), 0);
  assert.equal(tally.total, 40_000);
});

const row = { network: { ip: ipv4(0x01000000), length: 24 }, weight: 1, by: 'subnet' } as const;
