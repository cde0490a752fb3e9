// The Redis board: one key per slot, which expires by itself, and an index of their names.

import type { Redis } from 'ioredis';
import { FaultError } from '../model/fault.ts';
import type { BoardSettings, Endpoint } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Board, Clock, Log } from '../ports.ts';
import { keepBoardState, type Trouble } from './board-state.ts';
import { openRedisLink, type RedisLink } from './redis-link.ts';
import { createSlotReader, maxName, maxValue, type SlotKeys } from './redis-slots.ts';
import { createTrafficMeter } from './traffic.ts';

export interface RedisBoardOptions {
  readonly settings: BoardSettings;
  readonly log: Log;
  readonly clock: Clock;
  /** Called at each change, and when the first connection is made or fails. */
  readonly onState?: ((isUp: boolean) => void) | undefined;
}

interface Keys extends SlotKeys {
  readonly channel: string;
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

/** Clocks of directors may be hours apart, so ended names stay in the index for a day. */
const indexGrace = 86_400_000;
/** The index itself goes when nobody has posted for longer than any slot lives. */
const indexLifetime = 8 * 86_400_000;

const pingEvery = millis(1000);

/** Calls settle within 4 s, the first ones within 8 s, and at once while the Redis is known to be away. */
export function createRedisBoard(options: RedisBoardOptions): Board {
  const { settings, log, clock } = options;
  const name = nameOf(settings);
  const keys = keysOf(settings);
  const traffic = createTrafficMeter();
  const listeners = new Set<(slot?: string) => void>();
  const closing = new AbortController();
  const setTrouble = keepBoardState(name, log, options.onState);
  const parts = { settings, clock, traffic, key: keys.index };
  const slots = createSlotReader(keys, clock);
  const onState = (reason: string | undefined): void => {
    slots.forget();
    setTrouble('connection', reason);
  };
  const link = openRedisLink({ ...parts, onState });
  const hint = (slot?: string): void => {
    for (const listener of listeners) listener(slot);
  };
  // An older release hints at no slot.
  const onMessage = (slot: string): void =>
    hint(slot === '' || slot.length > maxName ? undefined : slot);
  // A subscribed connection sends nothing by itself and would not notice that it is cut off.
  const ears = openRedisLink({ ...parts, onState: () => undefined, onMessage });
  void listen(ears, keys.channel, hint, clock, closing.signal);

  const call = callerOf(link, name, setTrouble);
  return {
    name,
    kind: 'store',
    async post(slot, value, lifetime, isQuiet = false) {
      refuseOversized(`${name}: ${slot}`, value);
      const what = { slot, value, lifetime, isQuiet };
      await call('post', (redis) => write(redis, keys, what, clock.now()));
    },
    read: (only) => call('read', (redis) => slots.read(redis, only)),
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

/** Tells how each call went. */
function callerOf(link: RedisLink, name: string, setTrouble: ReturnType<typeof keepBoardState>) {
  return async <T>(kind: Trouble, commands: (redis: Redis) => Promise<T>): Promise<T> => {
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
  const pipeline = redis.pipeline();
  pipeline.set(slotPrefix + slot, value, 'PX', stay).zadd(index, now + stay, slot);
  if (!isQuiet) pipeline.publish(channel, slot);
  pipeline.zremrangebyscore(index, '-inf', now - indexGrace).pexpire(index, indexLifetime);
  const [set, indexed] = (await pipeline.exec()) ?? [];
  // The others may be forbidden to this user; the board works without them.
  const error = set?.[0] ?? indexed?.[0];
  if (error !== null && error !== undefined) throw error;
}
