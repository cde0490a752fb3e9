// One director and its Redis, which is killed, stopped and black-holed while queries go on.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { startRedis } from '../support/redis.ts';
import { linesOf, rideOut, startSolo } from '../support/solo.ts';
import { startProxy } from '../support/tcp-proxy.ts';

describe('a board that fails', () => {
  test('killed, stopped, black-holed or cut off: every query is answered, the log says it once', async (t) => {
    await using redis = await startRedis();
    await using proxy = await startProxy(redis.port);
    await using solo = await startSolo([`"redis://127.0.0.1:${proxy.port}"`]);
    const { director } = solo;
    await eventually('the board is in use', () => linesOf(director, 'board.found').length === 1);
    const cases = {
      killed: { breakIt: redis.kill, mendIt: redis.restart },
      stopped: { breakIt: redis.pause, mendIt: redis.resume },
      'black-holed': { breakIt: proxy.blackhole, mendIt: proxy.heal },
    };
    for (const [name, each] of Object.entries(cases)) {
      await t.test(name, (t2) => rideOut(director, each, t2));
    }
    assert.equal(await director.stop(), 0);
  });
});
