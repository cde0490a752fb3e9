import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuSeconds, familyOf, memoryOf, parseRollup, parseStat } from './proc.ts';

const stat = (pid: number, name: string, parent: number, ...times: readonly number[]): string =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 100 0 0 0 ${times.join(' ')} 20 0 8 0 1000`;

test('CPU time is user and system time, of children that have ended as well', () => {
  assert.deepEqual(parseStat(stat(70, 'named', 1, 500, 250, 30, 20)), {
    pid: 70,
    parent: 1,
    ticks: 800,
  });
});

test('a name with brackets and spaces shifts no field', () => {
  const { parent, ticks } = parseStat(stat(70, 'a) S 9 (b', 4, 1, 2, 0, 0));
  assert.deepEqual({ parent, ticks }, { parent: 4, ticks: 3 });
});

test('a family is a process with its children and theirs, and nobody else', () => {
  const all = [
    stat(1, 'init', 0, 9, 9, 0, 0),
    stat(10, 'server', 1, 1, 0, 0, 0),
    stat(11, 'worker', 10, 2, 0, 0, 0),
    stat(12, 'worker', 11, 4, 0, 0, 0),
    stat(13, 'another', 1, 8, 0, 0, 0),
  ].map(parseStat);
  assert.deepEqual(
    familyOf(10, all).map(({ pid }) => pid),
    [10, 11, 12],
  );
  assert.deepEqual(familyOf(99, all), []);
});

test('memory is read in MB', () => {
  const text = `00400000-7ffd [rollup]
Rss:              204800 kB
Pss:              102400 kB
Pss_Dirty:            12 kB
`;
  assert.deepEqual(parseRollup(text), { resident: 200, proportional: 100 });
});

test('this very process can be read', () => {
  const before = cpuSeconds(process.pid);
  assert.ok(before > 0);
  const { resident, proportional } = memoryOf(process.pid);
  assert.ok(resident > 10 && proportional > 0 && proportional <= resident);
});
