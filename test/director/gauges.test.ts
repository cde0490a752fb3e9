// Gauges: pages of load alone, asked one round at a time, whatever becomes of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createGauges } from '../../src/director/gauges.ts';
import { sumFigures } from '../../src/health/figures.ts';
import type { Sample } from '../../src/model/health.ts';
import { millis } from '../../src/model/time.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { httpProbe } from '../support/probed.ts';
import { createRecordLog } from '../support/record-log.ts';
import { healthy, region } from '../support/watch-stage.ts';

const tells = [{ as: 'connections', full: 1, place: { kind: 'json', path: ['a'] } }] as const;
const probed = region('eu', { gauges: [httpProbe('http://h/', { tells })] });
const { signal } = new AbortController();

/** Gauges whose page is answered by hand. */
function stage() {
  const clock = createFakeClock(0);
  const log = createRecordLog();
  const asked: PromiseWithResolvers<Sample>[] = [];
  const probe = (): Promise<Sample> => {
    const answer = Promise.withResolvers<Sample>();
    asked.push(answer);
    return answer.promise;
  };
  const gauges = createGauges(probed, { probe, clock, log });
  const known = () => sumFigures(gauges.book(), millis(30_000), clock.now())?.connections;
  return { gauges, log, asked, known };
}

const told = (value: number): Sample => ({
  ...healthy,
  told: [{ as: 'connections', value, isCounter: false }],
});

test('a page is asked again only when it has answered', async () => {
  const { gauges, asked, known } = stage();
  const first = gauges.ask(signal);
  await gauges.ask(signal);
  assert.equal(asked.length, 1);
  asked[0]?.resolve(told(12));
  await first;
  assert.equal(known(), 12);
  void gauges.ask(signal);
  assert.equal(asked.length, 2);
});

test('a page that fails tells nothing, and what it told before stays until it is old', async () => {
  const { gauges, asked, known } = stage();
  const first = gauges.ask(signal);
  asked[0]?.resolve(told(12));
  await first;
  const second = gauges.ask(signal);
  asked[1]?.resolve({ isHealthy: false, latency: undefined, reason: 'connection refused' });
  await second;
  assert.equal(known(), 12);
});

test('a mistake of ours is logged, and the page is asked again', async () => {
  const { gauges, asked, log } = stage();
  const first = gauges.ask(signal);
  asked[0]?.reject(new Error('a mistake'));
  await first;
  assert.deepEqual(log.lines, ['error watch.failed']);
  void gauges.ask(signal);
  assert.equal(asked.length, 2);
});

test('what the answers to probes tell is taken in as well', () => {
  const { gauges, known } = stage();
  gauges.note([healthy, told(5)]);
  // The page has not told its part of the sum yet.
  assert.equal(known(), undefined);
  const others = createGauges(region('us'), {
    probe: async () => healthy,
    clock: createFakeClock(0),
    log: createRecordLog(),
  });
  others.note([healthy, told(5)]);
  assert.equal(sumFigures(others.book(), millis(1000), millis(0))?.connections, 5);
});
