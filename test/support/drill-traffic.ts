// Traffic for drills: thousands of client networks behind resolvers that honour a TTL or overstay it.

import { createSocket, type Socket } from 'node:dgram';
import { chanceOf } from './chance.ts';
import { buildQuery } from './query.ts';
import { readReply } from './reply.ts';

export interface TrafficOptions {
  /** UDP ports on 127.0.0.1 of the directors; each network stays with one of them. */
  readonly ports: readonly number[];
  /** How many client networks there are: each is in a /20 of its own, as drills draw them. */
  readonly networks: number;
  /** The first octets of their addresses; most of 77 to 94 is in Europe. */
  readonly octets?: readonly number[];
  /** Resolvers of that share of the networks hold an answer for so many times its TTL. */
  readonly overstay?: { readonly share: number; readonly times: number };
  readonly name?: string;
  /** Over how long their first questions are spread: over a TTL, as if they had always asked. */
  readonly spreadMs?: number;
  readonly seed?: string;
}

/** A client network whose resolver asks as soon as its answer has ended. */
export interface ClientNetwork {
  readonly subnet: string;
  readonly port: number;
  /** How many times the TTL its resolver holds an answer; 1 is right. */
  readonly patience: number;
  /** The address that it was given last, since when by `performance.now()`, and for how many seconds. */
  held: { readonly data: string; readonly since: number; readonly ttl: number } | undefined;
  /** Asks again then. */
  dueAt: number;
}

export interface Traffic extends AsyncDisposable {
  readonly networks: readonly ClientNetwork[];
  /** Of all networks, or of those behind one director: how many hold this address now. */
  holding(data: string, port?: number): number;
  /** Resolves once every network holds an answer. */
  readonly filled: Promise<void>;
  counts(): { readonly sent: number; readonly answered: number; readonly again: number };
  /** No more questions until `resume`. */
  pause(): void;
  resume(): void;
}

const europe = Array.from({ length: 18 }, (_, i) => 77 + i);

const tickMs = 20;

/** At most so many are sent at a tick, so that a start is no flood. */
const mostAtOnce = 60;

/** A question without an answer is asked again. */
const againMs = 2000;

/** Answers arrive for as long as it is not disposed; a director that is away is asked again and again. */
export function startTraffic(options: TrafficOptions): Traffic {
  const networks = populate(options);
  const sockets = new Map(options.ports.map((port) => [port, createSocket('udp4')]));
  const waiting = new Map<string, ClientNetwork>();
  const counts = { sent: 0, answered: 0, again: 0 };
  const { promise: filled, resolve } = Promise.withResolvers<void>();
  let empty = networks.length;
  for (const [port, socket] of sockets) {
    // A director that is away is nothing that this side is told of for good.
    socket.on('error', () => undefined);
    socket.on('message', (bytes) => {
      const { id, answers } = readReply(bytes);
      const network = waiting.get(`${port} ${id}`);
      const [answer] = answers;
      if (network === undefined || answer === undefined) return;
      waiting.delete(`${port} ${id}`);
      counts.answered++;
      const now = performance.now();
      if (network.held === undefined && --empty === 0) resolve();
      network.held = { data: answer.data, since: now, ttl: answer.ttl };
      network.dueAt = now + answer.ttl * 1000 * network.patience;
    });
  }
  const ask = askerFor(options.name ?? 'www.example.test', sockets, waiting, counts);
  let timer: NodeJS.Timeout | undefined;
  const resume = (): void => {
    timer ??= setInterval(() => {
      const now = performance.now();
      const due = networks.filter(({ dueAt }) => dueAt <= now).slice(0, mostAtOnce);
      for (const network of due) ask(network, now);
    }, tickMs);
  };
  const pause = (): void => {
    clearInterval(timer);
    timer = undefined;
  };
  resume();
  return {
    networks,
    holding: (data, port) =>
      networks.reduce((sum, network) => {
        const isOf = port === undefined || network.port === port;
        return sum + (isOf && network.held?.data === data ? 1 : 0);
      }, 0),
    filled,
    counts: () => ({ ...counts }),
    pause,
    resume,
    async [Symbol.asyncDispose]() {
      pause();
      for (const socket of sockets.values()) socket.close();
    },
  };
}

/** The same for the same seed. */
function populate(options: TrafficOptions): ClientNetwork[] {
  const { ports, networks, octets = europe, overstay, seed = 'drill' } = options;
  const { spreadMs = 4000 } = options;
  const chance = chanceOf(seed);
  const begin = performance.now();
  return Array.from({ length: networks }, (_, i) => {
    // 4096 blocks of /20 in each /8; an odd stride goes through all of them.
    const block = (Math.floor(i / octets.length) * 1237 + 11) % 4096;
    const octet = octets[i % octets.length] ?? 77;
    const isLate = overstay !== undefined && chance() < overstay.share;
    return {
      subnet: `${octet}.${block >>> 4}.${(block & 15) << 4}.0/24`,
      port: ports[i % ports.length] ?? 0,
      patience: isLate ? overstay.times : 1,
      held: undefined,
      // As if each had asked before, at a moment of its own.
      dueAt: begin + chance() * spreadMs,
    };
  });
}

function askerFor(
  name: string,
  sockets: ReadonlyMap<number, Socket>,
  waiting: Map<string, ClientNetwork>,
  counts: { sent: number; again: number },
): (network: ClientNetwork, now: number) => void {
  const queries = new Map<ClientNetwork, Uint8Array>();
  const idOf = new Map<ClientNetwork, string>();
  let id = 0;
  return (network, now) => {
    const { port, subnet } = network;
    const query = queries.get(network) ?? buildQuery({ name, subnet });
    queries.set(network, query);
    const before = idOf.get(network);
    if (before !== undefined && waiting.delete(before)) counts.again++;
    id = (id + 1) & 0xffff;
    [query[0], query[1]] = [id >>> 8, id & 255];
    const key = `${port} ${id}`;
    waiting.set(key, network);
    idOf.set(network, key);
    network.dueAt = now + againMs;
    counts.sent++;
    sockets.get(port)?.send(query, port, '127.0.0.1', () => undefined);
  };
}
