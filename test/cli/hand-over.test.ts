// A restart without a gap, with real processes: asked all the while, over UDP and TCP, and no question is lost.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { askTcp, askUdp } from '../support/ask.ts';
import { copyExampleConfig, startDirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/ports.ts';
import { startRedis } from '../support/redis.ts';
import { linesOf, startSolo } from '../support/solo.ts';

const question = { name: 'mail.example.test' };

async function start(main: string) {
  const [dns, http] = await freePorts(2);
  const env = { MERIDIAN_DNS: `127.0.0.1:${dns}`, MERIDIAN_HTTP: `127.0.0.1:${http}` };
  return startDirectorProcess(main, env);
}

/** Asks by both transports, again and again until told to stop; every answer is checked. */
function askSteadily(port: number) {
  let isOver = false;
  let asked = 0;
  const run = async (isTcp: boolean): Promise<void> => {
    while (!isOver) {
      const reply = isTcp ? (await askTcp(port, [question]))[0] : await askUdp(port, question);
      assert.equal(reply?.answers[0]?.data, '192.0.2.25');
      asked++;
      await sleep(1);
    }
  };
  const all = Promise.all([false, false, false, true].map(run));
  return {
    async stop(): Promise<number> {
      isOver = true;
      await all;
      return asked;
    },
  };
}

describe('SIGUSR2', () => {
  test('puts a new process in the place of the old one, and loses no question', async (t) => {
    using config = copyExampleConfig();
    await using old = await start(config.main);
    const asking = askSteadily(old.dnsPort);
    const ended = old.ended();
    old.signal('SIGUSR2');
    await eventually('the next one is told of', () =>
      old.logs().some(({ event }) => event === 'handover.began'),
    );
    const began = old.logs().find(({ event }) => event === 'handover.began');
    const next = Number(began?.['next']);
    using _ = { [Symbol.dispose]: () => void process.kill(next, 'SIGKILL') };
    assert.equal(await ended, 0);
    assert.ok(old.logs().some(({ event }) => event === 'handover.done'));
    await sleep(200);
    const asked = await asking.stop();
    t.diagnostic(`${asked} questions, all answered`);
    const about = await fetch(`${old.http}/readyz`);
    assert.equal(about.status, 200);
    const reply = await askUdp(old.dnsPort, question);
    assert.equal(reply.answers[0]?.data, '192.0.2.25');
  });

  test('is no second director to those who gossip', async () => {
    await using redis = await startRedis();
    await using solo = await startSolo([`"${redis.url}"`]);
    const { director, config } = solo;
    await eventually('the board is in use', () => linesOf(director, 'board.found').length === 1);
    // Threads take a while to start, and the next one speaks all the while.
    const text = readFileSync(config.main, 'utf8');
    config.write('meridian.yaml', text.replace('workers: 0', 'workers: 8'));
    const ended = director.ended();
    director.signal('SIGUSR2');
    await eventually(
      'the next one is told of',
      () => linesOf(director, 'handover.began').length > 0,
    );
    const next = Number(linesOf(director, 'handover.began')[0]?.['next']);
    using _ = { [Symbol.dispose]: () => void process.kill(next, 'SIGKILL') };
    assert.equal(await ended, 0);
    // Long enough for the next one to have read what the old one posted last.
    await sleep(1500);
    assert.deepEqual(linesOf(director, 'gossip.same-id'), []);
  });

  test('brings in no files that a reload would refuse', async () => {
    using config = copyExampleConfig();
    const text = readFileSync(config.main, 'utf8');
    config.write('meridian.yaml', `${text}\nsafety: { gate: closed }\n`);
    await using director = await start(config.main);
    const region = readFileSync(join(config.folder, 'regions/eu-west.yaml'), 'utf8');
    config.write('regions/eu-west.yaml', region.replace('weight: 70', 'weight: 77'));
    director.signal('SIGUSR2');
    await eventually('it is told', () => linesOf(director, 'handover.failed').length > 0);
    assert.match(
      String(linesOf(director, 'handover.failed')[0]?.['reason']),
      /^\S* ?gate: .*closed/,
    );
    assert.deepEqual(linesOf(director, 'handover.began'), []);
    const reply = await askUdp(director.dnsPort, question);
    assert.equal(reply.answers[0]?.data, '192.0.2.25');
  });

  test('leaves everything as it is when the next process cannot start', async () => {
    using config = copyExampleConfig();
    await using director = await start(config.main);
    config.write('meridian.yaml', 'zone: x\n');
    director.signal('SIGUSR2');
    await eventually('it is told', () =>
      director.logs().some(({ event }) => event === 'handover.failed'),
    );
    const failed = director.logs().find(({ event }) => event === 'handover.failed');
    assert.match(String(failed?.['reason']), /ended: 1/);
    const reply = await askUdp(director.dnsPort, question);
    assert.equal(reply.answers[0]?.data, '192.0.2.25');
    assert.equal(await director.stop(), 0);
  });
});
