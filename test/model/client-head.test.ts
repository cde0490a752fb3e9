import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type ClientHead,
  emptyHead,
  formatHead,
  readHeadLine,
} from '../../src/model/client-head.ts';
import { rowHead } from '../../src/model/client-row.ts';

const head: ClientHead = {
  collector: 'eu-1 us-1',
  since: '2026-05-01T12:00:00.000Z',
  until: '2026-05-08T12:00:00.000Z',
  halfLife: '7d',
  total: 1000,
  byResolver: 405,
  outside: new Map([
    ['us-east', 30],
    ['eu-west', 70],
    ['', 1],
  ]),
};

const readAll = (lines: readonly string[]): ClientHead =>
  lines.reduce((soFar, line) => readHeadLine(line, soFar), emptyHead);

describe('a head', () => {
  test('says who counted, when, how much, and what lies outside', () => {
    assert.deepEqual(formatHead(head), [
      '# client histogram of Meridian; weights are queries',
      '# collector: eu-1 us-1',
      '# since: 2026-05-01T12:00:00.000Z',
      '# until: 2026-05-08T12:00:00.000Z',
      '# half-life: 7d',
      '# total: 1000',
      '# by resolvers that name no client: 405 (40.5 %)',
      '# outside the rows: 101 (10.1 %)',
      '# outside, sent to ?: 1',
      '# outside, sent to eu-west: 70',
      '# outside, sent to us-east: 30',
      rowHead,
    ]);
  });

  test('is read back as it was', () => assert.deepEqual(readAll(formatHead(head)), head));

  test('without knowledge says nothing it does not know', () => {
    const lines = formatHead(emptyHead);
    assert.ok(lines.every((line) => !/since|until|half-life|sent to/.test(line)));
    assert.deepEqual(readAll(lines), emptyHead);
  });

  test('takes no other line for its own, whoever wrote it', () => {
    for (const line of [
      '',
      'total: 5',
      '# total: -5',
      '# total: many',
      '# since: yesterday',
      '# until: 2026-05-01',
      `# collector: ${'x'.repeat(5000)}`,
      '# outside, sent to eu-west: ',
    ]) {
      assert.deepEqual(readHeadLine(line, head), head, line.slice(0, 40));
    }
    fc.assert(fc.property(fc.string(), (line) => void readHeadLine(`# ${line}`, head)));
  });

  test('of a hostile file holds no more regions than there can be', () => {
    const lines = Array.from({ length: 5000 }, (_, i) => `# outside, sent to r${i}: 1`);
    assert.equal(readAll(lines).outside.size, 1024);
  });
});
