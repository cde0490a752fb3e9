// Floods on loopback: garbage, random names, idle and slow connections; honest clients are answered all the while.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { askTcp, askUdp } from '../support/ask.ts';
import {
  copyExampleConfig,
  type DirectorProcess,
  startDirectorProcess,
} from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import { buildQuery } from '../support/query.ts';

/** What a director with the GeoIP data that comes along may hold at any time, in MB. */
const mostMemory = 450;

const connections = 1000;
const datagrams = 20_000;

/** Resident memory of a process at its highest so far, in MB. */
function peakMemory({ pid }: DirectorProcess): number {
  const [, kilobytes = ''] =
    /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

async function metric(director: DirectorProcess, name: string): Promise<number> {
  const text = await (await fetch(`${director.http}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.replace(/[{ ].*/, '') === name);
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

/** Over UDP and over a TCP connection of its own. */
async function askHonestly({ dnsPort }: DirectorProcess): Promise<void> {
  const www = { name: 'www.example.test' } as const;
  assert.equal((await askUdp(dnsPort, www)).answers.length, 1);
  assert.equal((await askTcp(dnsPort, [www]))[0]?.answers.length, 1);
}

/** Sends packets as fast as the socket takes them, from an address of its own; others get a turn at times. */
async function flood(port: number, packetOf: (i: number) => Uint8Array): Promise<void> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.2');
  await once(socket, 'listening');
  for (let i = 0; i < datagrams; i++) {
    await new Promise((resolve) => socket.send(packetOf(i), port, '127.0.0.1', resolve));
    if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  socket.close();
}

/** From twenty addresses, so that none of them has more than its share. */
async function openMany(port: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let i = 0; i < connections; i++) {
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.1.${1 + (i % 20)}` });
    socket.on('error', () => undefined);
    sockets.push(socket);
    if (i % 50 === 49) await once(socket, 'connect');
  }
  return sockets;
}

/** Runs a flood with honest questions beside it, asked one after the other until it is over. */
async function beside(director: DirectorProcess, work: Promise<unknown>): Promise<number> {
  let isOver = false;
  const ending = work.finally(() => {
    isOver = true;
  });
  let asked = 0;
  do {
    await askHonestly(director);
    asked++;
  } while (!isOver);
  await ending;
  return asked;
}

describe('a director in a flood', () => {
  test('answers honest clients, keeps to its memory, and counts every message', async (t) => {
    using config = copyExampleConfig();
    await using director = await startDirectorProcess(config.main);
    const port = director.dnsPort;
    await askHonestly(director);
    const atFirst = peakMemory(director);

    const inGarbage = await beside(
      director,
      flood(port, (i) => randomBytes(1 + (i % 600))),
    );
    const random = (): string => randomBytes(8).toString('hex');
    const names = ['dev.example.test', 'example.test', 'www.example.test', 'lab.example.test'];
    const query = (i: number): Uint8Array =>
      buildQuery({ name: `${random()}.${names[i % 4]}`, edns: true });
    const inNames = await beside(director, flood(port, query));

    const idle = await openMany(port);
    await eventually(
      'they are all let in',
      async () => (await metric(director, 'meridian_dns_tcp_connections')) >= connections - 5,
    );
    const inIdle = await beside(director, Promise.resolve());
    const slow = await openMany(port);
    const drip = async (): Promise<void> => {
      for (const octet of [0, 40, 1, 2, 3]) {
        for (const socket of slow) socket.write(Buffer.of(octet));
        await askHonestly(director);
      }
    };
    const inSlow = await beside(director, drip());
    assert.ok((await metric(director, 'meridian_dns_tcp_connections')) <= connections);
    for (const socket of [...idle, ...slow]) socket.destroy();
    await eventually(
      'they are gone',
      async () => (await metric(director, 'meridian_dns_tcp_connections')) === 0,
    );

    await askHonestly(director);
    const peak = peakMemory(director);
    t.diagnostic(
      `honest questions beside garbage ${inGarbage}, random names ${inNames}, idle connections ${inIdle}, ` +
        `slow ones ${inSlow}; resident at most ${atFirst.toFixed(0)} MB before and ${peak.toFixed(0)} MB after`,
    );
    assert.ok(peak < mostMemory, `${peak.toFixed(0)} MB resident, ${mostMemory} at most`);
    const received = await metric(director, 'meridian_dns_queries_total');
    assert.equal(await metric(director, 'meridian_dns_outcomes_total'), received);
    assert.ok(received > datagrams / 10, `${received} messages arrived`);
    assert.equal(await director.stop(), 0);
  });
});
