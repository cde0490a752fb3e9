// Requests that are sent again: which, how often, and what is said of it; over real sockets.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test, type TestContext } from 'node:test';
import { callDirector } from '../../src/cli/client.ts';
import type { Io } from '../../src/cli/command.ts';
import { tryAgain } from '../../src/cli/retry.ts';
import { FaultError } from '../../src/model/fault.ts';

type Act = (request: IncomingMessage, response: ServerResponse) => void;

const drop: Act = ({ socket }) => void socket.resetAndDestroy();
const busy: Act = (_, response) => void response.writeHead(503).end('{}');
const fine: Act = (_, response) => void response.writeHead(201).end('{"id":"one"}');

/** A server that does each of these in turn, and the last of them for good. */
async function serve(t: TestContext, ...acts: readonly Act[]) {
  const keys: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    const act = acts[Math.min(keys.length, acts.length - 1)] ?? fine;
    keys.push(request.headers['idempotency-key'] as string | undefined);
    request.resume().once('end', () => act(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

function quietIo() {
  const told: string[] = [];
  const signal = new AbortController().signal;
  const io: Io = { out: assert.fail, err: (line) => void told.push(line), env: {}, signal };
  return { io, told };
}

const post = { method: 'POST', body: { region: 'eu' } };

describe('a write', () => {
  test('whose connection is dropped before the answer is sent again with the same key, and that is said', async (t) => {
    const { url, keys } = await serve(t, drop, fine);
    const { io, told } = quietIo();
    assert.deepEqual(await callDirector('/v1/overrides', { url }, io, post), { id: 'one' });
    assert.equal(keys.length, 2);
    assert.ok(keys[0] !== undefined && keys[0] === keys[1]);
    assert.equal(told.length, 1);
    assert.match(
      told[0] ?? '',
      /^the connection was dropped before the answer; the same request again in 0\.\d s$/,
    );
  });

  test('that is answered 503 waits longer each time', async (t) => {
    const { url, keys } = await serve(t, busy, busy, fine);
    const { io, told } = quietIo();
    await callDirector('/v1/overrides', { url }, io, { ...post, method: 'DELETE' });
    assert.equal(new Set(keys).size, 1);
    const waits = told.map((line) => Number(/again in (\d\.\d) s$/.exec(line)?.[1]));
    assert.ok((waits[0] ?? 1) < 0.45 && (waits[1] ?? 0) >= 0.5, told.join('\n'));
  });

  test('has a key of its own for each command', async (t) => {
    const { url, keys } = await serve(t, fine);
    for (let i = 0; i < 2; i++) await callDirector('/x', { url }, quietIo().io, post);
    assert.equal(new Set(keys).size, 2);
  });

  test('is given up after five tries, with what the last one said', async (t) => {
    const { url, keys } = await serve(t, busy);
    const { io, told } = quietIo();
    const call = callDirector('/v1/overrides', { url }, io, post);
    await assert.rejects(call, { message: 'the director answered 503 (director.internal)' });
    assert.deepEqual([keys.length, told.length], [5, 4]);
  });
});

test('what will be so the next time is not tried again', async () => {
  const { io } = quietIo();
  let tries = 0;
  const fault = { code: 'safety.refused', message: 'no' } as const;
  const refused = tryAgain(async () => {
    tries++;
    throw new FaultError(fault, { status: 409 });
  }, io);
  await assert.rejects(refused);
  assert.equal(tries, 1);
});

test('while the director is still at the first try, it is asked again', async () => {
  const { io, told } = quietIo();
  const fault = { code: 'request.key-busy', message: 'ask again in a moment' } as const;
  let tries = 0;
  const answer = await tryAgain(async () => {
    if (tries++ === 0) throw new FaultError(fault, { status: 409 });
    return 'done';
  }, io);
  assert.equal(answer, 'done');
  assert.match(told[0] ?? '', /still at the first try/);
});
