// Three directors that are peers, two real Redis servers: with both Redis dead, failover goes on.

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
  startFleet,
} from '../support/fleet-process.ts';
import type { DirectorProcess } from '../support/director-process.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redises: TestRedis[];
let fleet: Fleet;

before(async () => {
  redises = await Promise.all([startRedis(), startRedis()]);
  fleet = await startFleet(
    redises.map(({ url }) => url),
    { withPeers: true },
  );
  await allSay(fleet, 'fresh');
});

after(async () => {
  await fleet[Symbol.asyncDispose]();
  for (const redis of redises) await redis[Symbol.asyncDispose]();
});

const director = (region: FleetRegion): DirectorProcess => directorOf(fleet, region);

const all = (): DirectorProcess[] => directorsOf(fleet);

async function drain(by: FleetRegion, reason: string): Promise<string> {
  const order = { region: 'eu', kind: 'drain', actor: 'alice', reason, for: '10m' };
  const response = await fetch(`${director(by).http}/v1/overrides`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
  assert.equal(response.status, 201);
  return ((await response.json()) as { id: string }).id;
}

/** The boards that a director can reach, by kind. */
async function reached(one: DirectorProcess): Promise<string[]> {
  const { boards } = await healthOf(one);
  return boards.map(({ board, isUp }) => {
    const kind = board === 'local' ? 'local' : board.startsWith('peer ') ? 'peer' : 'redis';
    return `${kind} ${isUp ? 'up' : 'lost'}`;
  });
}

describe('a fleet of three peers', { concurrency: false }, () => {
  test('does not notice that every Redis is gone, and says that it lives on peers', async () => {
    await eventually('every director reaches every board', async () => {
      const boards = await Promise.all(all().map(reached));
      return boards.flat().every((word) => word.endsWith(' up'));
    });
    await Promise.all(redises.map((redis) => redis.kill()));
    // Longer than a vote lives: whatever is believed after it was heard from peers.
    await nobodyMovesFrom(fleet, 'eu', 6);
    await allSay(fleet, 'peers');
    const left = ['redis lost', 'redis lost', 'peer up', 'peer up', 'local up'];
    for (const one of all()) {
      assert.deepEqual(await reached(one), left);
      assert.deepEqual((await healthOf(one)).missingObservers, []);
      const metrics = await (await fetch(`${one.http}/metrics`)).text();
      assert.match(metrics, /^meridian_gossip_state\{state="peers"\} 1$/m);
      assert.match(metrics, /^meridian_board_up\{board="peer 127\.0\.0\.1:\d+"\} 1$/m);
    }
  });

  test('moves when an origin fails and returns when it heals', async (t) => {
    await fleet.fail('eu');
    await allAnswer(fleet, 'us', 'no Redis, origin failed', t);
    await fleet.heal('eu');
    await allAnswer(fleet, 'eu', 'no Redis, origin healed', t);
  });

  test('hears an override of any director, and its end', async (t) => {
    const id = await drain('ap', 'disk swap');
    await allAnswer(fleet, 'us', 'no Redis, drained', t);
    await fetch(`${director('us').http}/v1/overrides/${id}?actor=alice`, { method: 'DELETE' });
    await allAnswer(fleet, 'eu', 'no Redis, undrained', t);
  });

  test('a director that was away hears from its peers what was said meanwhile', async (t) => {
    assert.equal(await director('ap').stop(), 0);
    const id = await drain('eu', 'while ap is away');
    await fleet.restart('ap');
    await allAnswer(fleet, 'us', 'no Redis, restarted after a drain', t);
    const words = await getJson<{ reason: string }[]>(director('ap'), '/v1/overrides');
    assert.ok(words.some(({ reason }) => reason === 'while ap is away'));
    await fetch(`${director('ap').http}/v1/overrides/${id}?actor=alice`, { method: 'DELETE' });
    await allAnswer(fleet, 'eu', 'no Redis, undrained', t);
  });

  test('a stranger can read the votes but post none, its own or theirs', async () => {
    const one = director('eu');
    interface Page {
      readonly life: string;
      readonly slots: readonly { readonly slot: string; readonly value: string }[];
    }
    const { life, slots } = await getJson<Page>(one, '/v1/votes');
    assert.ok(slots.some(({ slot }) => slot === 'vote.us-1'));
    for (const { slot, value } of slots) {
      const post = { life, slot, value, lifetimeMs: 4000, mac: value.split(' ')[0] };
      const response = await fetch(`${one.http}/v1/votes`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(post),
      });
      assert.equal(response.status, 403, slot);
    }
  });

  test('says that it is well again when the boards return', async () => {
    for (const redis of redises) await redis.restart();
    await allSay(fleet, 'fresh');
    const lost = director('us')
      .logs()
      .filter(({ event, board }) => event === 'board.lost' && !String(board).startsWith('peer'));
    assert.equal(lost.length, 2);
  });

  test('ends with exit code 0 when told to', async () => {
    assert.deepEqual(await Promise.all(all().map((one) => one.stop())), [0, 0, 0]);
  });
});
