// Probes in flight: how many run at once, and who is next.

import assert from 'node:assert/strict';
import { setImmediate as settled } from 'node:timers/promises';
import { test } from 'node:test';
import { limitCalls } from '../../src/director/in-flight.ts';
import type { Sample } from '../../src/model/health.ts';
import type { ProbeSpec } from '../../src/model/region.ts';
import { healthy, hostOf, tcp } from '../support/watch-stage.ts';

const never = new AbortController().signal;

/** Probes that end when told to, by their host. */
function stage(most: () => number) {
  const started: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<Sample>>();
  const probe = limitCalls((spec: ProbeSpec, _signal: AbortSignal) => {
    started.push(hostOf(spec));
    const end = Promise.withResolvers<Sample>();
    ends.set(hostOf(spec), end);
    return end.promise;
  }, most);
  const run = (...hosts: string[]) => hosts.map((host) => probe(tcp(host), never));
  const end = async (host: string): Promise<void> => {
    ends.get(host)?.resolve(healthy);
    await settled();
  };
  return { started, ends, run, end };
}

test('as many as are allowed start at once, the others in order as those end', async () => {
  const { started, run, end } = stage(() => 2);
  const samples = run('a', 'b', 'c', 'd');
  await settled();
  assert.deepEqual(started, ['a', 'b']);
  await end('b');
  assert.deepEqual(started, ['a', 'b', 'c']);
  await end('a');
  await end('c');
  assert.deepEqual(started, ['a', 'b', 'c', 'd']);
  await end('d');
  assert.deepEqual(await Promise.all(samples), [healthy, healthy, healthy, healthy]);
});

test('a probe that fails to settle well gives up its place too', async () => {
  const { started, ends, run, end } = stage(() => 1);
  const [first, second] = run('a', 'b');
  await settled();
  ends.get('a')?.reject(new Error('a bug'));
  await assert.rejects(first ?? Promise.resolve(), /a bug/);
  await settled();
  assert.deepEqual(started, ['a', 'b']);
  await end('b');
  assert.equal(await second, healthy);
});

test('the number may change while probes wait', async () => {
  let most = 1;
  const { started, run, end } = stage(() => most);
  const samples = run('a', 'b', 'c', 'd');
  most = 3;
  await settled();
  assert.deepEqual(started, ['a']);
  await end('a');
  assert.deepEqual(started, ['a', 'b', 'c', 'd']);
  most = 1;
  samples.push(...run('e'));
  await end('b');
  await end('c');
  assert.deepEqual(started, ['a', 'b', 'c', 'd']);
  await end('d');
  assert.deepEqual(started, ['a', 'b', 'c', 'd', 'e']);
  await end('e');
  assert.equal((await Promise.all(samples)).length, 5);
});
