// How long answers take at half load while something else goes on in the director.

import { type Socket, createServer } from 'node:net';
import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { drive, driveAndTime } from './drive.ts';
import { endOverride, postDrain } from './flip.ts';
import type { Messages } from './mixes.ts';
import { echo } from './servers/echo.ts';
import { type Director, startDirector } from './servers/meridian.ts';
import type { Running, Stage } from './servers/program.ts';
import type { World } from './servers/world.ts';

export interface Disturbed {
  readonly what: string;
  /** What went on, counted: so that nobody has to believe it. */
  readonly proof: string;
  readonly perSecond: number;
  readonly half: number;
  readonly p99: number;
  readonly lost: number;
  /** No director at all: what nobody can be quicker than here. */
  readonly isFloor?: boolean;
}

export interface DisturbedOptions {
  readonly newStage: () => Promise<Stage>;
  readonly world: World;
  readonly messages: Messages;
  readonly folder: string;
  readonly seconds: number;
  readonly workers: 1 | 'auto';
}

/** Queries by ECS at half of what the director answers when nothing else goes on. */
export async function measureDisturbed(options: DisturbedOptions): Promise<Disturbed[]> {
  const { newStage, world, messages, folder, seconds, workers } = options;
  await using parts = new AsyncDisposableStack();
  const calm = parts.use(await startDirector('Meridian', await newStage(), workers));
  const hole = parts.use(await openHole());
  const board = `redis://127.0.0.1:${hole.port}`;
  const holed = parts.use(await startDirector('Meridian', await newStage(), workers, board));
  const load = { transport: 'udp', clients: 16, window: 100, prefix: [], folder } as const;
  const shared = { ...load, seconds, messages: messages.of('subnets', undefined) };
  await drive({ ...shared, port: calm.port });
  const { perSecond } = await drive({ ...shared, port: calm.port });
  const timed = async ({ port }: Running, what: string, proof: () => string) => {
    const outcome = await driveAndTime({ ...shared, port, perSecond: perSecond / 2 });
    return { what, proof: proof(), ...outcome };
  };
  // What the machine and the load add by themselves.
  const bare = parts.use(await echo.start(world, await newStage()));
  const results: Disturbed[] = [
    { ...(await timed(bare, '(the bare dgram echo in its place)', () => '')), isFloor: true },
    await timed(calm, 'nothing', () => ''),
  ];
  await drainEachSecond(calm, async (count) => {
    results.push(
      await timed(calm, 'a region drained or let back each second', () => `${count()} times`),
    );
  });
  results.push(
    await timed(
      holed,
      'a board that takes connections and never answers',
      () => `${hole.count()} connections taken`,
    ),
  );
  await resolveAtHalfLoad(calm, seconds, async (rate) => {
    results.push(
      await timed(calm, '`/v1/resolve` at half load too', () => `${rate().toFixed(0)} a second`),
    );
  });
  return results;
}

async function drainEachSecond(
  director: Director,
  meanwhile: (count: () => number) => Promise<void>,
): Promise<void> {
  let isOver = false;
  let count = 0;
  const swap = async (): Promise<void> => {
    while (!isOver) {
      const id = await postDrain(director, { id: 'eu-central' });
      count++;
      await sleep(1000);
      await endOverride(director, id);
      count++;
      await sleep(1000);
    }
  };
  const swapping = swap();
  await meanwhile(() => count);
  isOver = true;
  await swapping;
}

/** A port that takes whatever comes and says nothing. */
async function openHole(): Promise<AsyncDisposable & { readonly port: number; count(): number }> {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    count++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    count: () => count,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const connections = 4;

/** First as fast as answers come, to know the rate; then half of that while something is measured. */
async function resolveAtHalfLoad(
  director: Director,
  seconds: number,
  meanwhile: (rate: () => number) => Promise<void>,
): Promise<void> {
  const path = '/v1/resolve?name=www.example.test&type=A&client=198.51.100.7';
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let isOver = false;
  let count = 0;
  const chain = async (gapMs: number): Promise<void> => {
    for (let due = performance.now(); !isOver; due += gapMs) {
      await ask(`${director.http}${path}`, agent);
      count++;
      const wait = due + gapMs - performance.now();
      if (wait > 0) await sleep(wait);
    }
  };
  const run = async (gapMs: number, work: () => Promise<unknown>): Promise<void> => {
    isOver = false;
    count = 0;
    const chains = Array.from({ length: connections }, () => chain(gapMs));
    await work();
    isOver = true;
    await Promise.all(chains);
  };
  await run(0, () => sleep(seconds * 1000));
  const most = count / seconds;
  const start = performance.now();
  await run((1000 * connections * 2) / most, () =>
    meanwhile(() => (count * 1000) / (performance.now() - start)),
  );
  agent.destroy();
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    request.on('error', reject);
  });
}
