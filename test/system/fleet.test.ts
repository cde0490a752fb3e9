// Three directors, two real Redis servers, real origins: failures come and go, answers follow or stay.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import {
  allAnswer,
  allSay,
  directorOf,
  directorsOf,
  type Fleet,
  type FleetRegion,
  getJson,
  healthOf,
  nobodyMovesFrom,
  regionForBerlin,
  startFleet,
} from '../support/fleet-process.ts';
import type { DirectorProcess } from '../support/director-process.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redises: TestRedis[];
let fleet: Fleet;

before(async () => {
  redises = await Promise.all([startRedis(), startRedis()]);
  fleet = await startFleet(redises.map(({ url }) => url));
  await allSay(fleet, 'fresh');
});

after(async () => {
  await fleet[Symbol.asyncDispose]();
  for (const redis of redises) await redis[Symbol.asyncDispose]();
});

const director = (region: FleetRegion): DirectorProcess => directorOf(fleet, region);

const all = (): DirectorProcess[] => directorsOf(fleet);

describe('a fleet of three', { concurrency: false }, () => {
  test('answers a client in Berlin with the nearest region', async () => {
    await nobodyMovesFrom(fleet, 'eu', 0.2);
  });

  test('moves when an origin fails and returns when it heals', async (t) => {
    await fleet.fail('eu');
    await allAnswer(fleet, 'us', 'origin failed', t);
    await fleet.heal('eu');
    await allAnswer(fleet, 'eu', 'origin healed', t);
  });

  test('hears an override of any director within moments, and its end', async (t) => {
    const response = await fetch(`${director('ap').http}/v1/overrides`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        region: 'eu',
        kind: 'drain',
        actor: 'alice',
        reason: 'disk swap',
        for: '10m',
      }),
    });
    assert.equal(response.status, 201);
    const { id } = (await response.json()) as { id: string };
    await allAnswer(fleet, 'us', 'drained', t);
    await fetch(`${director('us').http}/v1/overrides/${id}?actor=alice`, { method: 'DELETE' });
    await allAnswer(fleet, 'eu', 'undrained', t);
  });

  test('an override ends by itself on every director', async (t) => {
    await fetch(`${director('eu').http}/v1/overrides`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        region: 'eu',
        kind: 'drain',
        actor: 'bob',
        reason: 'short',
        for: '3s',
      }),
    });
    await allAnswer(fleet, 'us', 'drained for 3 s', t);
    await allAnswer(fleet, 'eu', 'drained for 3 s, from the moment all had drained', t);
  });

  test('does not notice that one Redis is gone', async () => {
    await redises[0]?.kill();
    await nobodyMovesFrom(fleet, 'eu', 6);
    for (const report of await Promise.all(all().map(healthOf))) {
      assert.equal(report.gossip, 'fresh');
      assert.deepEqual(
        report.boards.map(({ isUp }) => isUp),
        [false, true],
      );
    }
  });

  test('keeps its answers when both are gone, and a director restarted then answers as before', async () => {
    // Something to remember: Berlin's nearest region is drained, so the answer is not the default.
    await fetch(`${director('us').http}/v1/overrides`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        region: 'eu',
        kind: 'drain',
        actor: 'carol',
        reason: 'night',
        for: '1h',
      }),
    });
    await eventually('all have drained', async () => {
      const answers = await Promise.all(all().map(regionForBerlin));
      return answers.every((answer) => answer === 'us');
    });
    await redises[1]?.kill();
    await nobodyMovesFrom(fleet, 'us', 6);
    const report = await healthOf(director('ap'));
    assert.equal(report.gossip, 'isolated');
    assert.ok(report.regions.every(({ isKept }) => isKept));
    assert.equal(await director('ap').stop(), 0);
    await fleet.restart('ap');
    await nobodyMovesFrom(fleet, 'us', 2);
    const ready = await fetch(`${director('ap').http}/readyz`);
    assert.equal(ready.status, 200);
  });

  test('says once that a board is lost, not once per query', () => {
    for (const one of [director('eu'), director('us')]) {
      const lost = one.logs().filter(({ event }) => event === 'board.lost');
      assert.equal(lost.length, 2);
    }
  });

  test('gathers again when the boards return', async () => {
    for (const redis of redises) await redis.restart();
    await allSay(fleet, 'fresh');
    const overrides = await getJson<{ reason: string }[]>(director('ap'), '/v1/overrides');
    assert.deepEqual(
      overrides.map(({ reason }) => reason),
      ['night'],
    );
  });

  test('ends with exit code 0 when told to', async () => {
    assert.deepEqual(await Promise.all(all().map((one) => one.stop())), [0, 0, 0]);
  });
});
