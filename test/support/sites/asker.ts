// A constant client: asks at a steady pace, counts what was never answered, notes when answers move.

import { createSocket, type Socket } from 'node:dgram';
import { buildQuery } from '../query.ts';
import { readReply } from '../reply.ts';
import type { Endpoint } from './network.ts';

export interface AskPlan {
  /** Whom to ask: each query begins with another one, and goes on to the next when nobody answers. */
  readonly servers: readonly Endpoint[];
  /** Whom to ask for, in turn: networks in a client-subnet option, by name. */
  readonly clients: Readonly<Record<string, string>>;
  readonly everyMs: number;
  /** How long each server is given, and how often the whole list is gone through. */
  readonly patienceMs: number;
  readonly rounds: number;
}

export interface AskReport {
  readonly asked: number;
  readonly answered: number;
  /** Servers that did not answer in time; the query went on to the next one. */
  readonly retried: number;
  /** Queries that no server answered, though each was asked in every round. */
  readonly lost: number;
  /** Answers of which no part came (TC, RFC 1035 §4.1.1), as to somebody who asks too often: asked again elsewhere. */
  readonly truncated: number;
  /** Answers without any address. */
  readonly empty: number;
  readonly moves: readonly Move[];
}

/** From this moment on (Unix milliseconds) this server answered this client so. */
export interface Move {
  readonly at: number;
  readonly server: number;
  readonly client: string;
  readonly answer: string;
}

interface Pending {
  readonly client: string;
  readonly query: Uint8Array;
  tries: number;
  server: number;
  timer: NodeJS.Timeout;
}

export class Asker {
  readonly #plan: AskPlan;
  readonly #socket: Socket = createSocket('udp4');
  readonly #pending = new Map<number, Pending>();
  readonly #last = new Map<string, string>();
  readonly #moves: Move[] = [];
  readonly #counts = { asked: 0, answered: 0, retried: 0, lost: 0, truncated: 0, empty: 0 };

  constructor(plan: AskPlan) {
    this.#plan = plan;
    this.#socket.on('message', (bytes) => this.#take(bytes));
    // Where nobody listens any more the kernel may say so; the query times out all the same.
    this.#socket.on('error', () => undefined);
    this.#socket.bind(0);
    setInterval(() => this.#ask(), plan.everyMs);
  }

  report(): AskReport {
    return { ...this.#counts, moves: this.#moves };
  }

  #ask(): void {
    const { servers, clients } = this.#plan;
    const id = this.#counts.asked++ & 0xffff;
    const names = Object.keys(clients);
    const client = names[id % names.length] ?? '';
    const query = buildQuery({ name: 'www.example.test', id, subnet: clients[client] ?? '' });
    const server = Math.floor(id / names.length) % servers.length;
    const pending = { client, query, tries: 0, server, timer: setTimeout(() => undefined, 0) };
    this.#pending.set(id, pending);
    this.#send(id, pending);
  }

  #send(id: number, pending: Pending): void {
    const { servers, patienceMs } = this.#plan;
    const to = servers[pending.server];
    this.#socket.send(pending.query, to?.port, to?.host, () => undefined);
    // What came while this process had to wait is read before the time is up.
    pending.timer = setTimeout(() => setImmediate(() => this.#giveUp(id, pending)), patienceMs);
  }

  #giveUp(id: number, pending: Pending): void {
    const { servers, rounds } = this.#plan;
    if (this.#pending.get(id) !== pending) return;
    if (++pending.tries < rounds * servers.length) {
      this.#counts.retried++;
      pending.server = (pending.server + 1) % servers.length;
      this.#send(id, pending);
    } else {
      this.#counts.lost++;
      this.#pending.delete(id);
    }
  }

  #take(bytes: Uint8Array): void {
    const reply = readReply(bytes);
    const pending = this.#pending.get(reply.id);
    // An answer that came after its query had been asked elsewhere, and answered there.
    if (pending === undefined) return;
    clearTimeout(pending.timer);
    if (reply.flags.tc) {
      this.#counts.truncated++;
      this.#giveUp(reply.id, pending);
      return;
    }
    this.#pending.delete(reply.id);
    this.#counts.answered++;
    const { client, server } = pending;
    const answer = reply.answers.map(({ data }) => data).join(',');
    if (answer === '') this.#counts.empty++;
    const key = `${server} ${client}`;
    if (this.#last.get(key) === answer) return;
    this.#last.set(key, answer);
    this.#moves.push({ at: Date.now(), server, client, answer });
  }
}
