import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.ts';
import { parseLatencies, parseSummary, writeMessages } from './dnsperf.ts';

const summary = `DNS Performance Testing Tool
Version 2.10.0

[Status] Testing complete (time limit)

Statistics:

  Queries sent:         30001
  Queries completed:    29990 (99.96%)
  Queries lost:         10 (0.03%)
  Queries interrupted:  1 (0.00%)

  Response codes:       NOERROR 29000 (96.70%), NXDOMAIN 990 (3.30%)
  Average packet size:  request 34, response 50
  Run time (s):         1.001798
  Queries per second:   29936.174598

  Average Latency (s):  0.002159 (min 0.000040, max 0.018881)
`;

test('the summary is read, whichever codes came', () => {
  assert.deepEqual(parseSummary(summary), {
    answered: 29_990,
    lost: 10,
    perSecond: 29_936.174598,
    codes: { NOERROR: 29_000, NXDOMAIN: 990 },
  });
});

test('a run without a single answer has no codes and no rate', () => {
  const text = summary
    .replace(/completed: .*/, 'completed:    0 (0.00%)')
    .replace(/Response codes: .*/, 'Response codes:       ')
    .replace(/second: .*/, 'second:   0.000000');
  assert.deepEqual(parseSummary(text), { answered: 0, lost: 10, perSecond: 0, codes: {} });
});

test('latencies are those of single answers, in µs', () => {
  const lines = Array.from(
    { length: 100 },
    (_, i) => `> NOERROR binary input 0.000${String(100 + i)}`,
  );
  const text = `[Status] Sending\n${lines.toReversed().join('\n')}\n${summary}`;
  const { half, p99 } = parseLatencies(text);
  assert.deepEqual([Math.round(half), Math.round(p99)], [149, 198]);
});

test('what timed out has no time and is not one of them', () => {
  const { half, p99 } = parseLatencies('> T binary input\n> NOERROR binary input 0.000050\n');
  assert.deepEqual([Math.round(half), Math.round(p99)], [50, 50]);
});

test('messages are written behind their lengths', async (t) => {
  const path = `${await makeFolder(t)}/messages`;
  writeMessages(path, [Uint8Array.of(1, 2, 3), Uint8Array.of(4)]);
  assert.deepEqual([...readFileSync(path)], [0, 3, 1, 2, 3, 0, 1, 4]);
});
