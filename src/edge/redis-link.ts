// A link: one connection to a Redis, on which every call settles soon whatever becomes of the Redis.

import { Redis } from 'ioredis';
import type { BoardSettings } from '../model/settings.ts';
import { millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { connectorFor } from './redis-connector.ts';
import { redisOptions } from './redis-options.ts';
import { isTimeout, wordsFor } from './redis-words.ts';
import type { TrafficMeter } from './traffic.ts';

export interface RedisLink {
  /** Runs commands and rejects with the reason in words, at once while there is no connection. */
  ask<T>(commands: (redis: Redis) => Promise<T>): Promise<T>;
  isReady(): boolean;
  close(): void;
}

export interface RedisLinkOptions {
  readonly settings: BoardSettings;
  /** A key of the board. */
  readonly key: string;
  readonly clock: Clock;
  readonly traffic: TrafficMeter;
  /** The connection came up (undefined) or went down or could not be made (why, in words). */
  readonly onState: (reason: string | undefined) => void;
  readonly onMessage?: (message: string) => void;
}

/** How long the first calls wait for the first connection. */
const openTimeout = 4000;

/** Commands that time out for so long, while bytes still come, mean a peer that is no Redis. */
const patience = 5000;

/** Octets that may come between two answers; beyond it, the peer is filling our memory. */
const receiveLimit = 32 * 1024 * 1024;

/** What a Redis answers that is no longer the one to ask. */
const elsewhere = {
  single: /^READONLY /,
  sentinel: /^READONLY /,
  cluster: /^(?:READONLY|MOVED|CLUSTERDOWN) /,
};

export function openRedisLink(options: RedisLinkOptions): RedisLink {
  const { settings, clock, onMessage } = options;
  const closing = new AbortController();
  const state = { reason: undefined as string | undefined, silentSince: Infinity };
  const explain = (error: unknown): string => wordsFor(error, settings.password);
  const redis = createRedis(options, (error) => (state.reason = explain(error)));
  const resetReceived = limitReceived(redis);
  // Between the other side's last byte and the end of the connection nothing more can be written.
  const isReady = (): boolean =>
    !closing.signal.aborted && redis.status === 'ready' && redis.stream.writable;
  redis.on('error', (error) => (state.reason = explain(error)));
  redis.on('ready', () => Object.assign(state, { reason: undefined, silentSince: Infinity }));
  if (onMessage !== undefined) {
    redis.on('message', (_channel: string, message: string) => onMessage(message));
  }
  const opened = tellState(redis, () => state.reason, closing.signal, options);
  redis.connect().catch(() => undefined);

  return {
    ask: async (commands) => {
      await opened;
      if (closing.signal.aborted) throw new Error('closed');
      if (!isReady()) throw new Error(state.reason ?? 'not connected');
      try {
        const answer = await commands(redis);
        resetReceived();
        state.silentSince = Infinity;
        return answer;
      } catch (error) {
        const now = clock.now();
        state.silentSince = isTimeout(error) ? Math.min(state.silentSince, now) : Infinity;
        if (now - state.silentSince > patience) redis.disconnect(true);
        const why = isReady() ? explain(error) : (state.reason ?? 'connection lost');
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

/** Tells of every change; resolves with the first one, and in any case after a while. */
async function tellState(
  redis: Redis,
  reason: () => string | undefined,
  closing: AbortSignal,
  { clock, onState }: RedisLinkOptions,
): Promise<void> {
  const known = new AbortController();
  const tell = (why: string | undefined): void => {
    known.abort();
    if (!closing.aborted) onState(why);
  };
  const lose = (): void => tell(reason() ?? 'connection closed by the other side');
  let isPuzzled = false;
  redis.on('ready', () => {
    isPuzzled = false;
    tell(undefined);
  });
  redis.on('close', () => {
    // Whoever ends a connection without a word says why at the next attempt, or takes it.
    const isFirst = reason() === undefined && !isPuzzled;
    isPuzzled = true;
    if (!isFirst) lose();
  });
  redis.on('error', () => {
    // Nothing was connected that could close.
    if (redis.status === 'connecting') lose();
  });
  closing.addEventListener('abort', () => known.abort());
  await clock.sleep(millis(openTimeout), known.signal);
}

/** `onLeave` is told of the reply for which the connection is given up. */
function createRedis(options: RedisLinkOptions, onLeave: (error: Error) => void): Redis {
  const { settings, traffic } = options;
  const redis = new Redis({
    ...redisOptions(settings),
    Connector: connectorFor(options),
    retryStrategy: pauseBefore,
    reconnectOnError: (error) => {
      const isElsewhere = elsewhere[settings.place.kind].test(error.message);
      if (isElsewhere) onLeave(error);
      return isElsewhere;
    },
  });
  redis.on('connect', () => traffic.watch(redis.stream));
  return redis;
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

/** Milliseconds, longer each time, and not the same for all directors. */
function pauseBefore(attempt: number): number {
  return Math.min(100 * 2 ** Math.min(attempt, 5), 3000) + Math.random() * 200;
}
