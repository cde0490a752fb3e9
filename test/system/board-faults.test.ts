// One director and its Redis, which is killed, stopped and black-holed while queries go on.

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { askUdp } from '../support/ask.ts';
import {
  createConfigFolder,
  type DirectorProcess,
  startDirectorProcess,
} from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { startRedis } from '../support/redis.ts';
import { startProxy } from '../support/tcp-proxy.ts';

const region = `
title: Dublin
country: IE
latitude: 53.35
longitude: -6.26
ipv4: [192.0.2.10]
nameserver: { ipv4: [198.51.100.1] }
`;

function mainFile(board: string): string {
  return `
director: { id: solo, region: eu }
gossip: { boards: ["${board}"], secrets: ["a secret for tests only"], postEvery: 500ms, readEvery: 500ms }
health: { observers: [eu] }
zones: [{ name: example.test, services: [{ name: www, regions: [eu] }] }]
`;
}

const events = (director: DirectorProcess, event: string): number =>
  director.logs().filter((entry) => entry['event'] === event).length;

/** Breaks the board, asks for as long as it takes to notice and a while more, mends it. */
async function rideOut(
  director: DirectorProcess,
  breakIt: () => Promise<void> | void,
  mendIt: () => Promise<void> | void,
  t: TestContext,
): Promise<void> {
  const [lost, found] = [events(director, 'board.lost'), events(director, 'board.found')];
  await breakIt();
  let asked = 0;
  let slowest = 0;
  const ask = async (): Promise<void> => {
    const start = performance.now();
    const reply = await askUdp(director.dnsPort, {
      name: 'www.example.test',
      id: asked++ & 0xffff,
    });
    slowest = Math.max(slowest, performance.now() - start);
    assert.equal(reply.answers[0]?.data, '192.0.2.10');
  };
  await eventually('the board is reported lost', async () => {
    await ask();
    return events(director, 'board.lost') > lost;
  });
  for (let i = 0; i < 500; i++) await ask();
  assert.equal(events(director, 'board.lost'), lost + 1, 'told once, not once per query');
  await mendIt();
  await eventually('the board is found again', () => events(director, 'board.found') > found);
  assert.equal(events(director, 'board.found'), found + 1);
  t.diagnostic(`${asked} queries answered meanwhile, the slowest in ${slowest.toFixed(1)} ms`);
}

describe('a board that fails', () => {
  test('killed, stopped, black-holed or cut off: every query is answered, the log says it once', async (t) => {
    await using redis = await startRedis();
    await using proxy = await startProxy(redis.port);
    using config = createConfigFolder(mainFile(`redis://127.0.0.1:${proxy.port}`), { eu: region });
    await using director = await startDirectorProcess(config.main);
    await eventually('the board is in use', () => events(director, 'board.found') === 1);
    await t.test('killed', (t2) => rideOut(director, redis.kill, redis.restart, t2));
    await t.test('stopped', (t2) => rideOut(director, redis.pause, redis.resume, t2));
    await t.test('black-holed', (t2) => rideOut(director, proxy.blackhole, proxy.heal, t2));
    assert.equal(await director.stop(), 0);
  });
});
