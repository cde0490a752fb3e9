import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { startTcp, type TcpLimits, type TcpServer } from '../../src/edge/tcp.ts';
import { FaultError } from '../../src/model/fault.ts';
import type { Respond } from '../../src/ports.ts';
import { eventually } from '../support/eventually.ts';

const local = { host: '127.0.0.1', port: 0 };
const echo: Respond = (bytes) => bytes;

function start(respond: Respond = echo, limits?: Partial<TcpLimits>): Promise<TcpServer> {
  return startTcp({ listen: local, respond, limits: { idleMs: 10_000, ...limits } });
}

async function open(server: TcpServer): Promise<Socket> {
  const socket = connect(server.address.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

function frame(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, Buffer.from(text)]);
}

/** Reads until the connection ends or so many octets have come. */
async function read(socket: Socket, octets: number): Promise<Buffer> {
  let all = Buffer.alloc(0);
  for await (const chunk of socket) {
    all = Buffer.concat([all, chunk as Buffer]);
    if (all.length >= octets) break;
  }
  return all;
}

describe('startTcp', () => {
  test('answers messages that come in one piece, in order', async () => {
    await using server = await start();
    const socket = await open(server);
    socket.write(Buffer.concat([frame('one'), frame('two'), frame('three')]));
    const wanted = Buffer.concat([frame('one'), frame('two'), frame('three')]);
    assert.deepEqual(await read(socket, wanted.length), wanted);
  });

  test('answers messages that come octet by octet', async () => {
    await using server = await start();
    const socket = await open(server);
    socket.setNoDelay(true);
    for (const octet of frame('slow')) {
      socket.write(Buffer.of(octet));
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.deepEqual(await read(socket, 6), frame('slow'));
  });

  test('answers what came before the sender closed its half', async () => {
    await using server = await start();
    const socket = await open(server);
    socket.end(frame('last words'));
    assert.deepEqual(await read(socket, Number.POSITIVE_INFINITY), frame('last words'));
  });

  test('and all of it, also when its reader was slow', async () => {
    let asked = 0;
    await using server = await start((bytes) => {
      asked++;
      return Buffer.concat([bytes, Buffer.alloc(1000)]);
    });
    const socket = await open(server);
    socket.pause();
    socket.end(Buffer.concat(Array.from({ length: 8000 }, () => frame('query'))));
    let before = -1;
    await eventually('no more is asked than answers are taken', () => {
      const isStill = asked > 0 && asked === before;
      before = asked;
      return isStill;
    });
    let octets = 0;
    for await (const chunk of socket) octets += (chunk as Buffer).length;
    assert.equal(octets, 8000 * 1007);
  });

  test('silence is an answer: the connection stays', async () => {
    await using server = await start((bytes) => (bytes[0] === 0x78 ? undefined : bytes));
    const socket = await open(server);
    socket.write(Buffer.concat([frame('x'), frame('y')]));
    assert.deepEqual(await read(socket, 3), frame('y'));
  });

  test('closes on a length that no query has: none, or more than 4096 octets', async () => {
    await using server = await start();
    for (const bad of [Buffer.of(0, 0), Buffer.of(0x10, 1)]) {
      const socket = await open(server);
      socket.write(bad);
      assert.equal((await read(socket, 1)).length, 0);
    }
  });

  test('and answers what came before it', async () => {
    await using server = await start();
    const socket = await open(server);
    socket.write(Buffer.concat([frame('fine'), Buffer.of(0, 0), frame('too late')]));
    assert.deepEqual(await read(socket, Number.POSITIVE_INFINITY), frame('fine'));
  });

  test('lets others have their turn while it answers a burst', async () => {
    let others = 0;
    const seen: number[] = [];
    await using server = await start((bytes) => {
      seen.push(others);
      return Buffer.concat([bytes, Buffer.alloc(1000)]);
    });
    const socket = await open(server);
    let next: NodeJS.Immediate | undefined;
    const tick = (): void => {
      others++;
      next = setImmediate(tick);
    };
    tick();
    socket.write(Buffer.concat(Array.from({ length: 2000 }, () => frame('query'))));
    await read(socket, 2000 * 1007);
    clearImmediate(next);
    const turns = Map.groupBy(seen, (turn) => turn);
    const longest = Math.max(...Array.from(turns.values(), ({ length }) => length));
    assert.ok(longest < 100, `${longest} queries in one turn`);
  });

  test('who has closed its half and takes no answer is let go', async () => {
    const large = new Uint8Array(4000);
    await using server = await start(() => large, { idleMs: 300 });
    const socket = await open(server);
    socket.pause();
    socket.end(Buffer.concat(Array.from({ length: 5000 }, () => frame('query'))));
    await eventually('it is gone', () => server.connections() === 0);
    socket.destroy();
  });

  test('closes a connection that sends nothing', async () => {
    await using server = await start(echo, { connections: 10, idleMs: 50 });
    const socket = await open(server);
    assert.equal((await read(socket, 1)).length, 0);
    await eventually('nobody is connected', () => server.connections() === 0);
  });

  test('closes a connection that never finishes its message, however busily it drips', async () => {
    await using server = await start(echo, { connections: 10, idleMs: 200 });
    const socket = await open(server);
    const closed = once(socket, 'close');
    socket.write(Buffer.of(0x0f, 0xff));
    const drip = setInterval(() => socket.write('z'), 20);
    await closed;
    clearInterval(drip);
  });

  test('does not answer into the void: who reads nothing is read from no more', async () => {
    const large = new Uint8Array(4000);
    let asked = 0;
    await using server = await start(
      () => {
        asked++;
        return large;
      },
      { connections: 10, idleMs: 300 },
    );
    const socket = await open(server);
    socket.pause();
    const burst = Buffer.concat(Array.from({ length: 20_000 }, () => frame('query')));
    socket.write(burst);
    await eventually('the silent reader is gone', () => server.connections() === 0);
    // What the kernel and one buffer of ours take is far less than 20,000 answers of 4 kB.
    assert.ok(asked < 10_000, `${asked} answers were made for a client that reads none`);
  });

  test('at its limit takes a new connection for the one that has asked nothing for longest', async () => {
    await using server = await start(echo, { connections: 2, idleMs: 60_000 });
    const first = await open(server);
    await eventually('the first is counted', () => server.connections() === 1);
    const second = await open(server);
    await eventually('both are counted', () => server.connections() === 2);
    first.write(frame('hi'));
    await once(first, 'data');
    // Octets alone are no question.
    second.write(Buffer.of(0, 9, 1));
    const closed = once(second, 'close');
    const third = await open(server);
    third.write(frame('hi'));
    await once(third, 'data');
    await closed;
    assert.equal(server.connections(), 2);
    first.write(frame('still here'));
    await once(first, 'data');
    first.destroy();
    third.destroy();
  });

  test('takes no more of one client than its share', async () => {
    await using server = await start(echo, { perClient: 2, idleMs: 60_000 });
    const [first, second] = [await open(server), await open(server)];
    await eventually('both are counted', () => server.connections() === 2);
    const third = await open(server);
    assert.equal((await read(third, 1)).length, 0);
    first.destroy();
    await eventually('one is gone', () => server.connections() === 1);
    const fourth = await open(server);
    fourth.write(frame('hi'));
    assert.equal((await read(fourth, 4)).length, 4);
    second.destroy();
    fourth.destroy();
  });

  test('says which address it cannot have', async () => {
    await using server = await start();
    await assert.rejects(
      startTcp({ listen: server.address, respond: echo, limits: { idleMs: 10_000 } }),
      (error) => error instanceof FaultError && /EADDRINUSE/.test(error.message),
    );
  });

  test('disposal ends open connections', async () => {
    const server = await start();
    const socket = await open(server);
    const closed = once(socket, 'close');
    socket.resume();
    await server[Symbol.asyncDispose]();
    await closed;
  });
});

describe('an answer of many messages', () => {
  /** So many messages of 16 KiB each, which tell how many were taken and whether all is over. */
  function streaming(count: number) {
    const state = { taken: 0, isOver: false };
    function* messages(): Generator<Uint8Array, void, void> {
      try {
        for (; state.taken < count; state.taken++) yield Buffer.alloc(16_384, state.taken);
      } finally {
        state.isOver = true;
      }
    }
    const respond: Respond = (bytes, _peer, begin) => {
      if (bytes[0] !== 0x73) return bytes;
      begin?.(messages());
      return undefined;
    };
    return { state, respond };
  }

  test('comes whole and in order, and what was asked behind it after it', async () => {
    const { state, respond } = streaming(20);
    await using server = await start(respond);
    const socket = await open(server);
    socket.write(Buffer.concat([frame('s'), frame('next'), frame('s'), frame('last')]));
    const size = 20 * 16_386;
    const all = await read(socket, size + 6);
    assert.equal(state.taken, 20);
    for (let i = 0; i < 20; i++) assert.equal(all[i * 16_386 + 100], i);
    assert.deepEqual(all.subarray(size, size + 6), frame('next'));
  });

  test('waits for whoever is slow to take it', async () => {
    const { state, respond } = streaming(10_000);
    await using server = await start(respond);
    const socket = await open(server);
    socket.write(frame('s'));
    socket.pause();
    let before = -1;
    await eventually('nothing more is taken', async () => {
      const isStill = state.taken > 0 && state.taken === before;
      before = state.taken;
      await new Promise((resolve) => setTimeout(resolve, 50));
      return isStill;
    });
    assert.ok(state.taken < 5000, `${state.taken} messages`);
    socket.destroy();
    await eventually('it is given up', () => state.isOver);
  });

  test('lets others have their turn', async () => {
    const { state, respond } = streaming(10_000);
    await using server = await start(respond);
    const [busy, other] = [await open(server), await open(server)];
    busy.write(frame('s'));
    busy.resume();
    await eventually('it has begun', () => state.taken > 0);
    other.write(frame('hello'));
    assert.deepEqual(await read(other, 7), frame('hello'));
    assert.ok(!state.isOver);
    busy.destroy();
  });

  test('that cannot be made to its end closes the connection', async () => {
    function* broken(): Generator<Uint8Array, void, void> {
      yield Buffer.from('part');
      throw new Error('broken');
    }
    await using server = await start((_bytes, _peer, begin) => {
      begin?.(broken());
      return undefined;
    });
    const socket = await open(server);
    socket.write(frame('s'));
    const got = await read(socket, Number.POSITIVE_INFINITY).catch(() => frame('part'));
    assert.deepEqual(got, frame('part'));
  });

  test('to one that is silent meanwhile for too long is given up', async () => {
    const { state, respond } = streaming(10_000);
    await using server = await start(respond, { idleMs: 200 });
    const socket = await open(server);
    socket.pause();
    socket.write(frame('s'));
    await eventually('it is given up', () => state.isOver);
  });
});
