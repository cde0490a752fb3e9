// A link: one connection to a Redis, on which every call settles soon whatever becomes of the Redis.

import { Redis } from 'ioredis';
import { millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { linkWords } from './board-state.ts';

export interface RedisLink {
  /** Runs commands and rejects with the reason in words, at once while there is no connection. */
  ask<T>(commands: (redis: Redis) => Promise<T>): Promise<T>;
  isReady(): boolean;
  close(): void;
}

export interface RedisLinkOptions {
  readonly url: URL;
  readonly clock: Clock;
  /** The connection came up (undefined) or went down or could not be made (why, in words). */
  readonly onState: (reason: string | undefined) => void;
  readonly onMessage?: () => void;
}

/** Long enough for the slowest pair of continents. */
const commandTimeout = 1000;

/** How long the first calls wait for the first connection. */
const openTimeout = 4000;

/** Commands that time out for so long, while bytes still come, mean a peer that is no Redis. */
const patience = 5000;

/** Octets that may come between two answers; beyond it, the peer is filling our memory. */
const receiveLimit = 32 * 1024 * 1024;

export function openRedisLink({ url, clock, onState, onMessage }: RedisLinkOptions): RedisLink {
  const redis = new Redis(optionsFor(url));
  const closing = new AbortController();
  const resetReceived = limitReceived(redis);
  let reason: string | undefined;
  let silentSince: number | undefined;

  const explain = (error: unknown): string => wordsFor(error, decoded(url.password));
  // Between the other side's last byte and the end of the connection nothing more can be written.
  const isReady = (): boolean =>
    !closing.signal.aborted && redis.status === 'ready' && redis.stream.writable;
  redis.on('error', (error) => (reason = explain(error)));
  redis.on('ready', () => {
    reason = undefined;
    silentSince = undefined;
    onState(undefined);
  });
  redis.on('close', () => {
    if (!closing.signal.aborted) onState(reason ?? 'connection closed by the other side');
  });
  if (onMessage !== undefined) redis.on('message', onMessage);
  const opened = Promise.race([
    redis.connect().catch(() => undefined),
    clock.sleep(millis(openTimeout), closing.signal),
  ]);

  return {
    ask: async (commands) => {
      await opened;
      if (closing.signal.aborted) throw new Error('closed');
      if (!isReady()) throw new Error(reason ?? 'not connected');
      try {
        const answer = await commands(redis);
        resetReceived();
        silentSince = undefined;
        return answer;
      } catch (error) {
        silentSince = isTimeout(error) ? (silentSince ?? clock.now()) : undefined;
        if (clock.now() - (silentSince ?? Infinity) > patience) redis.disconnect(true);
        const why = isReady() ? explain(error) : (reason ?? 'connection lost');
        throw new Error(why, { cause: error });
      }
    },
    isReady,
    close: () => {
      closing.abort();
      hangUp(redis);
    },
  };
}

/** A polite end waits for the other side, which may be gone; before connecting there is no stream. */
function hangUp(redis: Redis): void {
  redis.disconnect();
  (redis.stream as typeof redis.stream | undefined)?.destroy();
}

/** Hangs up on a peer that would fill our memory; the result is called at each whole answer. */
function limitReceived(redis: Redis): () => void {
  let received = 0;
  redis.on('connect', () => {
    received = 0;
    redis.stream.on('data', (chunk: Uint8Array) => {
      received += chunk.length;
      if (received > receiveLimit) redis.stream.destroy(new Error('it sends without end'));
    });
  });
  return () => {
    received = 0;
  };
}

/** By the defaults of ioredis, a call waits for ever and a write whose caller gave up is sent later. */
function optionsFor(url: URL) {
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || 6379),
    username: decoded(url.username),
    password: decoded(url.password),
    db: Number(url.pathname.slice(1)) || 0,
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
    commandTimeout,
    // Arms only while a command is under way, and is what declares a black hole dead.
    socketTimeout: 2000,
    connectTimeout: 2000,
    disconnectTimeout: 500,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    keepAlive: 5000,
    lazyConnect: true,
    retryStrategy: (attempt: number) =>
      Math.min(100 * 2 ** Math.min(attempt, 5), 3000) + Math.random() * 200,
  };
}

/** A part of a URL; one that is not properly escaped means itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function wordsFor(error: unknown, password: string): string {
  if (isTimeout(error)) return 'no answer in time';
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  const known = code === undefined ? undefined : linkWords[code];
  // A reply may quote the command it refuses, and with it the password.
  const text = password === '' ? message : message?.replaceAll(password, '***');
  return known ?? text?.slice(0, 200) ?? String(error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^(?:Command timed out|Socket timeout)/.test(error.message);
}
