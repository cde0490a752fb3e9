// GET /v1/events: events as they happen, to readers who come back, who read slowly, and who are many.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { openEventStream } from '../../../src/edge/http/event-stream.ts';
import type { Problem } from '../../../src/edge/http/problem.ts';
import { startHttp } from '../../../src/edge/http/server.ts';
import type { DirectorEvent, Events } from '../../../src/model/event.ts';
import { eventually } from '../../support/eventually.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { type HttpStage, listen, openApp, setStage } from '../../support/http-stage.ts';

const change = { type: 'suspicion', region: 'eu-west', isSuspect: true } as const;

interface Reading {
  readonly response: Response;
  /** Everything so far. */
  text(): string;
  stop(): void;
}

async function read(t: TestContext, port: number, lastId?: string): Promise<Reading> {
  const gone = new AbortController();
  t.after(() => gone.abort());
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
  const url = `http://127.0.0.1:${port}/v1/events`;
  const response = await fetch(url, { headers, signal: gone.signal });
  let text = '';
  const decoder = new TextDecoder();
  const collect = async (): Promise<void> => {
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array);
  };
  collect().catch(() => undefined);
  return { response, text: () => text, stop: () => gone.abort() };
}

const ids = (text: string): string[] => [...text.matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id);

test('begins with where it is, and tells each event with its id, name and JSON', async (t) => {
  const stage = setStage();
  const port = await listen(t, stage);
  const { response, text } = await read(t, port);
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const start = '{"type":"start","reason":null,"director":"d1","epoch":7}';
  await eventually('it begins', () => text() !== '');
  assert.equal(text(), `retry: 2000\n\nid: life-0\nevent: start\ndata: ${start}\n\n`);
  const event = stage.api.tell(change);
  await eventually('the event is there', () => text().includes('life-1'));
  assert.ok(
    text().endsWith(`\n\nid: life-1\nevent: suspicion\ndata: ${JSON.stringify(event)}\n\n`),
  );
});

test('whoever comes back is told what was missed, or that it is not known any more', async (t) => {
  const stage = setStage();
  const port = await listen(t, stage);
  for (let i = 0; i < 3; i++) stage.api.tell(change);
  const back = await read(t, port, 'life-1');
  await eventually('it is told', () => ids(back.text()).length === 2);
  assert.deepEqual(ids(back.text()), ['life-2', 'life-3']);
  const stranger = await read(t, port, 'earlier-7');
  await eventually('it is told', () => stranger.text() !== '');
  assert.match(stranger.text(), /^id: life-3\nevent: missed\ndata: .*"other-life"/m);
  assert.deepEqual(stage.followers, ['events came', 'events came', 'events missed']);
});

test('an id that no event can have is refused', async (t) => {
  const app = await openApp(t, setStage());
  const headers = { 'last-event-id': 'x'.repeat(201) };
  const reply = await app.inject({ url: '/v1/events', headers });
  assert.equal(reply.statusCode, 400);
  assert.equal(reply.json<Problem>().field, 'last-event-id');
  const head = await app.inject({ method: 'HEAD', url: '/v1/events' });
  assert.equal(head.statusCode, 405, 'nobody waits for the end of what has none');
});

test('a quiet stream shows that it is alive', async (t) => {
  const stage = setStage();
  const { text } = await read(t, await listen(t, stage));
  await eventually('it begins', () => text() !== '');
  await stage.clock.advance(30_000);
  await eventually('it beats', () => text().split(': still here\n\n').length === 4);
});

describe('room for readers', () => {
  test('is bounded for each client, and given back when one goes away', async (t) => {
    const stage = setStage();
    const port = await listen(t, stage);
    const readers: Reading[] = [];
    for (let i = 0; i < 16; i++) readers.push(await read(t, port));
    const { response } = await read(t, port);
    assert.equal(response.status, 429);
    assert.equal(stage.api.followers(), 17, 'the streams and those who wait for a change');
    readers[0]?.stop();
    await eventually('it has left', () => stage.followers.includes('events left'));
    assert.equal(stage.api.followers(), 16);
    assert.equal((await read(t, port)).response.status, 200);
  });

  test('is bounded in all', async (t) => {
    const stage = setStage({ trustedProxies: [] });
    const app = await openApp(t, stage);
    const open = (remoteAddress: string) =>
      app.inject({ url: '/v1/events', remoteAddress, payloadAsStream: true });
    for (let i = 0; i < 256; i++) {
      const reply = await open(`192.0.2.${i >> 4}`);
      assert.equal(reply.statusCode, 200);
      t.after(() => reply.stream().destroy());
    }
    assert.equal((await open('192.0.2.99')).statusCode, 503);
  });
});

test('streams end when the server stops', async (t) => {
  const stage: HttpStage = setStage();
  const server = await startHttp({ ...stage.doors, listen: { host: '127.0.0.1', port: 0 } });
  t.after(() => server[Symbol.asyncDispose]());
  const response = await fetch(`http://127.0.0.1:${server.address.port}/v1/events`);
  const all = response.text();
  const stopped = server[Symbol.asyncDispose]();
  assert.match(await all, /event: start/);
  await stopped;
  assert.deepEqual(stage.followers, ['events came', 'events left']);
  assert.equal(stage.clock.sleepers, 0);
});

/** A ring of events that remembers so many. */
function createRing(most: number) {
  const told: DirectorEvent[] = [];
  let count = 0;
  const listeners = new Set<() => void>();
  const events: Events = {
    newest: () => `life-${count}`,
    since: (id) => {
      const missed = count - Number(/^life-(\d+)$/.exec(id)?.[1]);
      return missed > told.length || Number.isNaN(missed)
        ? undefined
        : told.slice(told.length - missed);
    },
    subscribe: (listener) => {
      const call = (): void => listener(told.at(-1) as DirectorEvent);
      listeners.add(call);
      return () => void listeners.delete(call);
    },
  };
  const tell = (): void => {
    const at = '2026-05-01T12:00:00.000Z';
    told.push({
      type: 'trip',
      region: 'r'.repeat(1000),
      trips: count,
      id: `life-${++count}`,
      at,
      epoch: 1,
    });
    if (told.length > most) told.shift();
    for (const listener of listeners) listener();
  };
  return { events, tell, listeners };
}

function openSlow(ring: ReturnType<typeof createRing>, clock = createFakeClock()) {
  const seen: string[] = [];
  const { stream } = openEventStream({
    events: ring.events,
    about: () => ({ director: 'd1', epoch: 1 }),
    clock,
    lastId: undefined,
    onMissed: () => seen.push('missed'),
    onCut: () => seen.push('cut'),
    onEnd: () => seen.push('end'),
  });
  return { stream, seen };
}

describe('a reader that is slower than events come', () => {
  test('has them all as long as they are remembered, and costs no more than a small buffer', async () => {
    const ring = createRing(1000);
    const { stream, seen } = openSlow(ring);
    stream.read(1);
    for (let i = 0; i < 1000; i++) ring.tell();
    assert.ok(stream.readableLength < 32 * 1024, `${stream.readableLength} octets`);
    let text = '';
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.includes('id: life-1000\n')) break;
    }
    assert.equal(ids(text).length, 1001);
    assert.deepEqual(seen, ['end']);
    assert.equal(ring.listeners.size, 0);
  });

  test('is told that some are lost, and goes on with the newest', async () => {
    const ring = createRing(100);
    const { stream, seen } = openSlow(ring);
    stream.read(1);
    for (let i = 0; i < 1000; i++) ring.tell();
    let text = '';
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.includes('"missed"')) break;
    }
    const told = ids(text);
    assert.deepEqual(told.slice(0, 3), ['life-0', 'life-1', 'life-2']);
    assert.equal(told.at(-1), 'life-1000');
    assert.match(text, /event: missed\ndata: .*"forgotten"/);
    assert.deepEqual(seen, ['missed', 'end']);
  });

  test('is cut off when it takes nothing for a minute', async () => {
    const ring = createRing(100);
    const clock = createFakeClock();
    const { stream, seen } = openSlow(ring, clock);
    stream.read(1);
    for (let i = 0; i < 100; i++) ring.tell();
    await clock.advance(60_000);
    assert.deepEqual(seen, []);
    await clock.advance(20_000);
    assert.deepEqual(seen, ['cut', 'end']);
    assert.ok(stream.destroyed);
    assert.equal(clock.sleepers, 0);
  });
});

test('a connection whose reader stands still is closed, and nobody else notices', async (t) => {
  const stage = setStage();
  const port = await listen(t, stage);
  const still = connect(port, '127.0.0.1');
  t.after(() => still.destroy());
  still.write('GET /v1/events HTTP/1.1\r\nhost: x\r\n\r\n');
  still.pause();
  const lively = await read(t, port);
  await eventually('both are there', () => stage.api.followers() === 3);
  // More than what the buffers of both kernels hold.
  const long = { type: 'trip', region: 'r'.repeat(100_000), trips: 1 } as const;
  for (let i = 0; i < 150; i++) stage.api.tell(long);
  await eventually('the lively one has it all', () => lively.text().includes('id: life-150\n'));
  await stage.clock.advance(100_000);
  await eventually('the still one is cut off', () => stage.followers.includes('events left'));
  assert.deepEqual(stage.followers, ['events came', 'events came', 'events cut', 'events left']);
  const last = stage.api.tell(change);
  await eventually('the other goes on', () => lively.text().includes(`id: ${last.id}\n`));
});
