// Long polls: requests that are answered once the epoch is another one, or when their wait is over.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultError } from '../../model/fault.ts';
import { formatSpan, type Millis, millis, parseSpan } from '../../model/time.ts';
import type { App, HttpDoors } from './app.ts';
import { createRoom } from './room.ts';

/** Proxies give up on a silent server after a minute. */
const longestWait = millis(55_000);

/** So many may wait at a time, each for as long as that. */
const bounds = { inAll: 512, ofOne: 32 };

export interface WaitQuery {
  readonly wait?: string;
  readonly epoch?: string;
}

/** Resolves when a request should be answered; rejects with a FaultError what it may not ask. */
export type Wait = (
  query: WaitQuery,
  request: FastifyRequest,
  reply: FastifyReply,
) => Promise<void>;

interface Waiter {
  readonly epoch: number;
  readonly wake: () => void;
}

export function createLongPoll(app: App, { api, clock, onFollower }: HttpDoors): Wait {
  const room = createRoom(bounds);
  const waiters = new Set<Waiter>();
  const wakeOthers = createWaking(waiters, () => api.epoch());
  const unsubscribe = api.events.subscribe(wakeOthers);
  app.addHook('preClose', async () => {
    unsubscribe();
    for (const { wake } of waiters) wake();
  });
  return async (query, request, reply) => {
    const wish = readWish(query);
    if (wish === undefined || wish.epoch !== api.epoch()) return;
    const leave = room.enter(request);
    onFollower?.({ kind: 'change', what: 'came' });
    const over = new AbortController();
    const waiter = { epoch: wish.epoch, wake: () => over.abort() };
    waiters.add(waiter);
    // Of a client that has gone too.
    reply.raw.once('close', waiter.wake);
    await clock.sleep(wish.wait, over.signal);
    reply.raw.off('close', waiter.wake);
    waiters.delete(waiter);
    leave();
    onFollower?.({ kind: 'change', what: 'left' });
  };
}

/** Wakes those who wait for another epoch, one a turn of the event loop: each is sent a whole report. */
function createWaking(waiters: ReadonlySet<Waiter>, epoch: () => number): () => void {
  let isBusy = false;
  let isDue = false;
  const wakeAll = async (): Promise<void> => {
    while (isDue) {
      isDue = false;
      for (const waiter of waiters) {
        if (waiter.epoch === epoch()) continue;
        waiter.wake();
        await nextTurn();
      }
    }
    isBusy = false;
  };
  return () => {
    isDue = true;
    if (isBusy) return;
    isBusy = true;
    void wakeAll();
  };
}

/** Undefined for a request that does not wait. */
function readWish({ wait, epoch }: WaitQuery): { wait: Millis; epoch: number } | undefined {
  if (wait === undefined && epoch === undefined) return undefined;
  if (epoch === undefined)
    throw refuse('/epoch', 'is missing: want the epoch that you know, to wait for another');
  if (wait === undefined) throw refuse('/wait', 'is missing: want a time to wait for, such as 30s');
  const span = parseSpan(wait);
  if (span === undefined || span > longestWait) {
    const range = `from 0s to ${formatSpan(longestWait)}`;
    throw refuse('/wait', `got "${wait}", want a time ${range}, such as 30s`);
  }
  return { wait: span, epoch: Number(epoch) };
}

function refuse(path: string, message: string): FaultError {
  return new FaultError({ code: 'request.invalid', path, message });
}
