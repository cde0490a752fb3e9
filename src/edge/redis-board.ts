// The Redis board: one key per slot, which expires by itself, and an index of their names.

import type { Redis } from 'ioredis';
import { FaultError } from '../model/fault.ts';
import type { BoardSettings, Endpoint } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Board, Clock, Log, Posted } from '../ports.ts';
import { keepBoardState, type Trouble } from './board-state.ts';
import { openRedisLink, type RedisLink } from './redis-link.ts';
import { createTrafficMeter } from './traffic.ts';

export interface RedisBoardOptions {
  readonly settings: BoardSettings;
  readonly log: Log;
  readonly clock: Clock;
  /** Called at each change, and when the first connection is made or fails. */
  readonly onState?: ((isUp: boolean) => void) | undefined;
}

interface Keys {
  /**
   * Slots by the end of their life. A Redis may hold millions of other keys, through which a SCAN
   * would walk at each read; and names that are read by their end need no cleaning before they are.
   */
  readonly index: string;
  readonly channel: string;
  readonly slotPrefix: string;
}

/**
 * The number is the version of what stands in the slots. In a Cluster the hash tag keeps a board in
 * one slot, so on one node: it is there whole or not at all, and what is posted in order is found in
 * order. That node is lost with its shard, as a Redis is; another board has the votes too.
 */
function keysOf({ place }: BoardSettings): Keys {
  const prefix = place.kind === 'cluster' ? '{meridian}:1:' : 'meridian:1:';
  return { index: `${prefix}index`, channel: `${prefix}hint`, slotPrefix: `${prefix}slot:` };
}

/** What a slot holds at most, in octets, and the characters of its name. */
const maxValue = 262_144;
const maxName = 200;
/** What one read takes at most: slots, characters, milliseconds until the last batch is asked for. */
const maxSlots = 4096;
const maxTotal = 8 * 1024 * 1024;
const maxTime = 2000;
/** Slots asked for at a time. */
const batch = 64;

/** Clocks of directors may be hours apart, so ended names stay in the index for a day. */
const indexGrace = 86_400_000;
/** The index itself goes when nobody has posted for longer than any slot lives. */
const indexLifetime = 8 * 86_400_000;

const pingEvery = millis(1000);

/** Calls settle within 4 s, the first ones within 8 s, and at once while the Redis is known to be away. */
export function createRedisBoard(options: RedisBoardOptions): Board {
  const { settings, log, clock, onState } = options;
  const name = nameOf(settings);
  const keys = keysOf(settings);
  const traffic = createTrafficMeter();
  const listeners = new Set<() => void>();
  const closing = new AbortController();
  const setTrouble = keepBoardState(name, log, onState);
  const parts = { settings, clock, traffic, key: keys.index };
  const link = openRedisLink({ ...parts, onState: (reason) => setTrouble('connection', reason) });
  const hint = (): void => {
    for (const listener of listeners) listener();
  };
  // A subscribed connection sends nothing by itself and would not notice that it is cut off.
  const ears = openRedisLink({ ...parts, onState: () => undefined, onMessage: hint });
  void listen(ears, keys.channel, hint, clock, closing.signal);

  const call = async <T>(kind: Trouble, commands: (redis: Redis) => Promise<T>): Promise<T> => {
    try {
      const answer = await link.ask(commands);
      setTrouble(kind, undefined);
      return answer;
    } catch (error) {
      const reason = (error as Error).message;
      // Without a connection, that is the trouble and no refusal of this call.
      if (link.isReady()) setTrouble(kind, reason);
      throw new FaultError({ code: 'board.unreachable', message: `${name}: ${reason}` }, error);
    }
  };

  return {
    name,
    kind: 'store',
    async post(slot, value, lifetime, isQuiet = false) {
      refuseOversized(`${name}: ${slot}`, value);
      const what = { slot, value, lifetime, isQuiet };
      await call('post', (redis) => write(redis, keys, what, clock.now()));
    },
    read: () => call('read', (redis) => readSlots(redis, keys, clock)),
    onHint: (listener) => listeners.add(listener),
    traffic: traffic.total,
    async [Symbol.asyncDispose]() {
      closing.abort();
      listeners.clear();
      link.close();
      ears.close();
    },
  };
}

function refuseOversized(what: string, value: string): void {
  const size = Buffer.byteLength(value);
  if (size > maxValue) throw new RangeError(`${what} has ${size} octets, a slot holds ${maxValue}`);
}

/** Without user and password; of several nodes, the first. */
function nameOf({ place }: BoardSettings): string {
  const [{ host, port }] = place.kind === 'single' ? [place] : (place.nodes as [Endpoint]);
  const end = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (place.kind === 'single') return end;
  return place.kind === 'cluster' ? `cluster ${end}` : `sentinel ${place.name} ${end}`;
}

/** Subscribing again each second is a ping that also restores a lost subscription. */
async function listen(
  ears: RedisLink,
  channel: string,
  hint: () => void,
  clock: Clock,
  closing: AbortSignal,
): Promise<void> {
  let isDeaf = true;
  while (!closing.aborted) {
    try {
      await ears.ask((redis) => redis.subscribe(channel));
      // What was posted meanwhile went unheard.
      if (isDeaf) hint();
      isDeaf = false;
    } catch {
      isDeaf = true;
    }
    await clock.sleep(pingEvery, closing);
  }
}

interface Post {
  readonly slot: string;
  readonly value: string;
  readonly lifetime: Millis;
  readonly isQuiet: boolean;
}

async function write(
  redis: Redis,
  { index, channel, slotPrefix }: Keys,
  { slot, value, lifetime, isQuiet }: Post,
  now: Millis,
): Promise<void> {
  const stay = Math.max(1, Math.ceil(lifetime));
  // In this order on one connection: who is told of the slot by the hint finds it.
  const needed = [
    redis.set(slotPrefix + slot, value, 'PX', stay),
    redis.zadd(index, now + stay, slot),
  ];
  const extra = [
    ...(isQuiet ? [] : [redis.publish(channel, '')]),
    redis.zremrangebyscore(index, '-inf', now - indexGrace),
    redis.pexpire(index, indexLifetime),
  ];
  // The extra ones may be forbidden to this user; the board works without them.
  await Promise.all([...needed, Promise.allSettled(extra)]);
}

/** What does not fit into the bounds of one read is left out. */
async function readSlots(
  redis: Redis,
  { index, slotPrefix }: Keys,
  clock: Clock,
): Promise<ReadonlyMap<string, Posted>> {
  const until = clock.now() + maxTime;
  const names = await redis.zrevrange(index, 0, maxSlots - 1);
  const slots = names.filter((slot) => slot.length <= maxName);
  const found = new Map<string, Posted>();
  let total = 0;
  for (let at = 0; at < slots.length; at += batch) {
    if (total >= maxTotal || clock.now() >= until) break;
    const part = slots.slice(at, at + batch);
    const answers = await Promise.all(part.map((slot) => readSlot(redis, slotPrefix + slot)));
    for (const [i, posted] of answers.entries()) {
      total += posted?.value.length ?? 0;
      if (posted !== undefined) found.set(part[i] as string, posted);
    }
  }
  return found;
}

/** Undefined for a slot that has gone, would never go, or holds too much or no text. */
async function readSlot(redis: Redis, key: string): Promise<Posted | undefined> {
  const [remaining, value] = await Promise.all([
    // First, so that a value posted between the two looks older than it is and not newer.
    redis.pttl(key),
    redis.getrange(key, 0, maxValue).catch(whenNoText),
  ]);
  const isFine = remaining > 0 && value !== '' && Buffer.byteLength(value) <= maxValue;
  return isFine ? { value, remaining: millis(remaining) } : undefined;
}

function whenNoText(error: unknown): string {
  if (error instanceof Error && error.message.startsWith('WRONGTYPE')) return '';
  throw error;
}
