// From an operator's word to the last thread that answers by it, seen from many source ports.

import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildQuery } from '../support/query.ts';
import { clientNetworks, subnetQuery } from './mixes.ts';
import type { Director } from './servers/meridian.ts';
import type { World, WorldRegion } from './servers/world.ts';
import { median } from './table.ts';

/** So many that every thread surely has some: the kernel spreads them by their ports. */
const ports = 16;

/** Each port asks so often. */
const everyMs = 1;

const patienceMs = 5000;

export interface Flip {
  /** From the moment before the request was sent until all ports had the new answer, in ms. */
  readonly half: number;
  readonly worst: number;
  readonly count: number;
  /** The longest of the first ones, which stand apart: code is loaded and compiled for them. */
  readonly first: number;
}

/** Words for which code is still compiled; the times of those behind them do not fall any more. */
export const firstFlips = 10;

/** Drains a region and lets it back, again and again. */
export async function measureFlips(director: Director, world: World, times: number): Promise<Flip> {
  const region = world.regions.at(1);
  const client = clientNetworks().find((network) => world.regionOf(network) === region);
  if (region === undefined || client === undefined) throw new Error('no client is near');
  // An address of four octets, looked for as it is: decoding would take longer than the flip.
  const octets = Buffer.from(region.ipv4.split('.').map(Number));
  const isNear = (reply: Buffer): boolean => reply.includes(octets);
  const isFar = (reply: Buffer): boolean => !isNear(reply);
  const asker = await startAsker(director.port, buildQuery(subnetQuery(client)));
  const taken: number[] = [];
  try {
    for (let time = 0; time < times; time++) {
      await asker.until(isNear);
      const start = performance.now();
      const posted = postDrain(director, region);
      taken.push((await asker.until(isFar)) - start);
      const id = await posted;
      const startEnd = performance.now();
      const ended = endOverride(director, id);
      taken.push((await asker.until(isNear)) - startEnd);
      await ended;
      await sleep(50);
    }
  } finally {
    asker.stop();
  }
  const others = taken.slice(firstFlips);
  const first = Math.max(...taken.slice(0, firstFlips));
  return { half: median(others), worst: Math.max(...others), count: others.length, first };
}

export async function postDrain(
  { http }: Director,
  { id }: Pick<WorldRegion, 'id'>,
): Promise<string> {
  const reply = await fetch(`${http}/v1/overrides`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      region: id,
      kind: 'drain',
      for: '10m',
      actor: 'bench',
      reason: 'measuring',
    }),
  });
  const body = (await reply.json()) as { readonly id?: string };
  if (body.id === undefined) throw new Error(`not drained: ${JSON.stringify(body)}`);
  return body.id;
}

export async function endOverride({ http }: Director, id: string): Promise<void> {
  const reply = await fetch(`${http}/v1/overrides/${id}?actor=bench`, { method: 'DELETE' });
  await reply.text();
}

interface Asker {
  /** Resolves with the time when the last of all ports has had such an answer since the call. */
  until(isRight: (reply: Buffer) => boolean): Promise<number>;
  stop(): void;
}

async function startAsker(port: number, query: Uint8Array): Promise<Asker> {
  const sockets = await Promise.all(Array.from({ length: ports }, open));
  const waiting = new Set<Socket>();
  let isWanted: (reply: Buffer) => boolean = () => false;
  let done: (at: number) => void = () => undefined;
  for (const socket of sockets) {
    socket.on('message', (bytes) => {
      if (!waiting.has(socket) || !isWanted(bytes)) return;
      waiting.delete(socket);
      if (waiting.size === 0) done(performance.now());
    });
  }
  const ask = setInterval(() => {
    for (const socket of waiting) socket.send(query, port, '127.0.0.1', () => undefined);
  }, everyMs);
  return {
    until(isRight) {
      isWanted = isRight;
      for (const socket of sockets) waiting.add(socket);
      return new Promise((resolve, reject) => {
        const patience = setTimeout(() => {
          waiting.clear();
          reject(new Error('some thread did not change its answer'));
        }, patienceMs);
        done = (at) => {
          clearTimeout(patience);
          resolve(at);
        };
      });
    },
    stop() {
      clearInterval(ask);
      for (const socket of sockets) socket.close();
    },
  };
}

async function open(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
