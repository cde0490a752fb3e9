// Abuse of a director over real sockets: every way round its limits that a stranger has.

import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { startWorld, type World } from '../conformance/world.ts';
import { storedPackets } from '../fuzz/targets.ts';
import { buildQuery, option, type QueryShape } from '../support/query.ts';
import { readReply } from '../support/reply.ts';

const perSecond = 5;
const host = { name: 'host.plain.test' } as const;
const client = [1, 2, 3, 4, 5, 6, 7, 8];

/** What came back, and for how many seconds it was asked: buckets fill meanwhile. */
interface Yield {
  readonly replies: readonly Buffer[];
  readonly seconds: number;
}

/** Sends from an address and waits until the director has dealt with all of it. */
async function send(world: World, from: string, packets: readonly Uint8Array[]): Promise<Yield> {
  const start = performance.now();
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 21 });
  socket.bind(0, from);
  await once(socket, 'listening');
  const replies: Buffer[] = [];
  const tell = await openTeller(world);
  socket.on('message', (bytes) => replies.push(bytes));
  for (const packet of packets) {
    await new Promise((resolve) => socket.send(packet, world.port, '127.0.0.1', resolve));
  }
  await tell.isOver();
  await new Promise((resolve) => setImmediate(resolve));
  socket.close();
  return { replies, seconds: (performance.now() - start) / 1000 };
}

/**
 * Somebody with a whole bucket of its own, whose last reply comes after all that was sent before:
 * for that, one thread has to answer all.
 */
async function openTeller(world: World): Promise<{ isOver(): Promise<void> }> {
  const socket: Socket = createSocket('udp4');
  socket.bind(0, `127.77.${tellers >> 8}.${tellers++ & 255}`);
  await once(socket, 'listening');
  return {
    async isOver() {
      socket.send(buildQuery(host), world.port, '127.0.0.1');
      await once(socket, 'message');
      socket.close();
    },
  };
}

let tellers = 1;

/** So many whole answers a bucket can have given in that time. */
function most({ seconds }: Yield, buckets = 1): number {
  return Math.floor(buckets * perSecond * (1 + seconds)) + buckets;
}

function whole({ replies }: Yield): number {
  return replies.filter((reply) => !readReply(reply).flags.tc).length;
}

const many = (shapeOf: (i: number) => QueryShape, count = 60): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => buildQuery({ id: i, ...shapeOf(i) }));

describe('answers to one address over UDP', () => {
  let world: World;
  before(async () => {
    world = await startWorld(
      `dns: { workers: 0, rateLimit: { perSecond: ${perSecond}, slip: 2, exempt: [] } }`,
    );
  });
  after(() => world[Symbol.asyncDispose]());

  const ways: readonly (readonly [what: string, shapeOf: (i: number) => QueryShape])[] = [
    ['the same question again and again', () => host],
    [
      'in another case each time',
      (i) => ({
        name: host.name
          .split('')
          .map((char, at) => ((i >> at) & 1 ? char.toUpperCase() : char))
          .join(''),
      }),
    ],
    ['for names of a wildcard', (i) => ({ name: `n${i}.wild.test`, type: 'TXT' })],
    [
      'with options that nobody knows',
      (i) => ({ ...host, edns: { options: [option(65_001, [i])] } }),
    ],
    ['for other client subnets', (i) => ({ name: 'www.steer.test', subnet: `9.${i}.0.0/16` })],
    ['with a client cookie alone', () => ({ ...host, edns: { options: [option(10, client)] } })],
    [
      'with cookies that are made up',
      (i) => ({
        ...host,
        edns: { options: [option(10, [...client, ...Array<number>(16).fill(i)])] },
      }),
    ],
    ['for names that are not there', (i) => ({ name: `n${i}.plain.test` })],
    ['for names that are not ours', (i) => ({ name: `n${i}.example.com` })],
    ['of an opcode that nobody knows', () => ({ ...host, opcode: 6 })],
    ['of another EDNS version', () => ({ ...host, edns: { version: 9 } })],
  ];
  for (const [i, [what, shapeOf]] of ways.entries()) {
    test(`are bounded when it asks ${what}`, async () => {
      const given = await send(world, `127.10.${i}.1`, many(shapeOf));
      assert.ok(whole(given) <= most(given), `${whole(given)} whole answers in ${given.seconds} s`);
      assert.ok(whole(given) >= 1);
      // Who is limited is now and then told to come over TCP, but not with what is no query.
      const isQuery = !/opcode|version/.test(what);
      assert.equal(given.replies.length > whole(given), isQuery);
    });
  }

  test('are bounded for each kind of answer, so three kinds are all that mixing brings', async () => {
    const mixed = (i: number): QueryShape =>
      [host, { name: 'nobody.plain.test' }, { name: 'example.com' }][i % 3] ?? host;
    const given = await send(world, '127.11.0.1', many(mixed, 120));
    assert.ok(whole(given) <= most(given, 3), `${whole(given)} in ${given.seconds} s`);
  });

  test('are bounded for a network too, whichever of its addresses ask', async () => {
    let [all, seconds] = [0, 0];
    for (let i = 1; i <= 60; i++) {
      const given = await send(
        world,
        `127.12.0.${i}`,
        many(() => host, 6),
      );
      all += whole(given);
      seconds += given.seconds;
    }
    assert.ok(all <= 32 * perSecond * (1 + seconds) + 32, `${all} in ${seconds} s`);
  });

  test('are not bounded for who shows a good cookie, and it is good at its own address alone', async () => {
    const ask = { ...host, edns: { options: [option(10, client)] } };
    const first = await send(world, '127.13.0.1', [buildQuery(ask)]);
    const given = readReply(first.replies[0] ?? Buffer.alloc(0)).edns?.optionData[0] ?? '';
    const cookie = option(10, [...Buffer.from(given, 'hex')]);
    const packets = many(() => ({ ...host, edns: { options: [cookie] } }), 40);
    assert.equal(whole(await send(world, '127.13.0.1', packets)), 40);
    const stolen = await send(world, '127.13.9.1', packets);
    assert.ok(whole(stolen) <= most(stolen), `${whole(stolen)} with a stolen cookie`);
  });
});

describe('answers to strangers over UDP', () => {
  for (const [amplification, nsid] of [
    [20, 'a'],
    [2, 'n'.repeat(255)],
  ] as const) {
    test(`are no more than ${amplification} times as long as what they answer`, async () => {
      await using world = await startWorld(
        `dns: { workers: 0, amplification: ${amplification}, nsid: ${nsid} }`,
      );
      const options = [option(3, []), option(10, client)];
      const names = ['big.plain.test', 'middle.plain.test', 'plain.test', 'fat.plain.test', '.'];
      const asked = names.flatMap((name) =>
        (['TXT', 'MX', 'NS', 'SOA', 'ANY'] as const).map((type, i) => ({
          name,
          type,
          id: i,
          edns: { udpSize: 4096, options },
        })),
      );
      const packets = [...storedPackets(), ...asked.map((shape) => buildQuery(shape))];
      for (const packet of packets) {
        const { replies } = await send(world, '127.0.0.1', [packet]);
        for (const reply of replies) {
          const factor = reply.length / packet.length;
          assert.ok(
            factor <= amplification,
            `${reply.length} octets for ${packet.length}: ${Buffer.from(packet).toString('hex')}`,
          );
        }
      }
    });
  }
});

test('a dry run limits nothing and counts what it would have', async () => {
  const limits = `rateLimit: { perSecond: ${perSecond}, exempt: [], dryRun: true }`;
  await using world = await startWorld(`dns: { workers: 0, ${limits} }`);
  const given = await send(
    world,
    '127.14.0.1',
    many(() => host),
  );
  assert.equal(whole(given), 60);
  assert.ok((await world.metric('meridian_dns_rate_dry_run_total')) >= 60 - most(given));
});

test('connections of one address are bounded, others are let in, and those that left make room', async () => {
  await using world = await startWorld();
  const dial = async (localAddress: string, count: number) => {
    const sockets = Array.from({ length: count }, () =>
      connect({ port: world.port, host: '127.0.0.1', localAddress }).on('error', () => undefined),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    return sockets;
  };
  const first = await dial('127.15.0.1', 100);
  const [over] = await dial('127.15.0.1', 1);
  await once(over ?? assert.fail(), 'close');
  const [other] = await dial('127.15.0.2', 1);
  const query = buildQuery(host);
  other?.write(Buffer.concat([Buffer.of(0, query.length), query]));
  await once(other ?? assert.fail(), 'data');
  for (const socket of first) socket.destroy();
  for (let i = 0; i < 300; i++) for (const socket of await dial('127.15.0.3', 1)) socket.destroy();
  const [again] = await dial('127.15.0.1', 1);
  again?.write(Buffer.concat([Buffer.of(0, query.length), query]));
  await once(again ?? assert.fail(), 'data');
  for (const socket of [other, again]) socket?.destroy();
});
