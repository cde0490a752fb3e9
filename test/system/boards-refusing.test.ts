// One director and a Redis that is there and refuses: rights taken away, a user deleted, memory full.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { startRedis } from '../support/redis.ts';
import type { DirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { linesOf, rideOut, startSolo } from '../support/solo.ts';

const password = 'a-password-of-the-board';
const rights =
  'on ~meridian:1:* &meridian:1:hint -@all +set +getrange +pttl +pexpire +zadd +zrevrange +zremrangebyscore +publish +subscribe +info';

/** One sample of the director's metrics; 0 where there is none. */
async function sample(director: DirectorProcess, name: string): Promise<number> {
  const text = await (await fetch(`${director.http}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}

test('a Redis that refuses is told of once, in its own words, and used again when it relents', async (t) => {
  await using redis = await startRedis();
  using clients = new DisposableStack();
  const raw = clients.adopt(new Redis(redis.url), (one) => one.disconnect());
  const give = (...words: string[]): Promise<unknown> =>
    raw.call('ACL', 'SETUSER', 'meridian', ...words);
  await give(`>${password}`, ...rights.split(' '));
  const board = `{ url: "redis://127.0.0.1:${redis.port}", username: meridian, password: { file: pw } }`;
  await using solo = await startSolo([board], { pw: `${password}\n` });
  const { director } = solo;
  await eventually('the board is in use', () => linesOf(director, 'board.found').length === 1);

  await t.test('the right to write is taken away', (t2) =>
    rideOut(
      director,
      {
        breakIt: () => give('-set'),
        mendIt: () => give('+set'),
        reason: /^its ACL does not let this user do it \(NOPERM .*'set'/,
      },
      t2,
    ),
  );

  await t.test('the user is deleted', (t2) =>
    rideOut(
      director,
      {
        breakIt: () => raw.call('ACL', 'DELUSER', 'meridian'),
        mendIt: () => give(`>${password}`, ...rights.split(' ')),
        reason: /^it takes this user and password no longer, or never did \(WRONGPASS /,
      },
      t2,
    ),
  );

  await t.test('its memory is full', (t2) =>
    rideOut(
      director,
      {
        breakIt: () => raw.config('SET', 'maxmemory', '1'),
        mendIt: () => raw.config('SET', 'maxmemory', '0'),
        reason: /^its memory is full \(OOM /,
        meanwhile: async () => {
          const count = (event: string): Promise<number> =>
            sample(director, `meridian_gossip_events_total{event="${event}"}`);
          const [failed, read] = [await count('post-failed'), await count('read')];
          await eventually('posts fail and are counted, and reads go on', async () => {
            return (await count('post-failed')) > failed + 2 && (await count('read')) > read + 2;
          });
          const name = `127.0.0.1:${redis.port}`;
          assert.equal(await sample(director, `meridian_board_up{board="${name}"}`), 1);
        },
      },
      t2,
    ),
  );

  assert.ok(!JSON.stringify(director.logs()).includes(password));
  assert.equal(await director.stop(), 0);
});
