// The slots of a Redis board: at each read which of them changed, and the texts of those alone.

import type { ChainableCommander, Redis } from 'ioredis';
import { type Millis, millis } from '../model/time.ts';
import type { Clock, Posted } from '../ports.ts';

export interface SlotKeys {
  /**
   * Slots by the end of their life. A Redis may hold millions of other keys, through which a SCAN
   * would walk at each read; and names that are read by their end need no cleaning before they are.
   * Every post moves the end, so it tells which texts are new; a text is believed by its seal alone.
   */
  readonly index: string;
  readonly slotPrefix: string;
}

export interface SlotReader {
  /** As `Board.read`. */
  read(redis: Redis, only?: ReadonlySet<string>): Promise<ReadonlyMap<string, Posted>>;
  /** The next read takes nothing for known: it may be of another Redis. */
  forget(): void;
}

/** What a slot holds at most, in octets, and the characters of its name. */
export const maxValue = 262_144;
export const maxName = 200;
/** What one read takes at most: slots, characters, milliseconds until the last batch is asked for. */
const maxSlots = 4096;
const maxTotal = 8 * 1024 * 1024;
const maxTime = 2000;
/** Slots asked for at a time. */
const batch = 64;

/** Every so many reads everything is read though no end has moved: a text alone may have been touched. */
export const fullEvery = 30;

/** What is known of a slot, also that it holds nothing to be read. */
interface Held {
  /** Its end as the index had it, in Redis's spelling; undefined while that was not looked at. */
  readonly end: string | undefined;
  readonly posted: Posted | undefined;
  readonly readAt: Millis;
}

export function createSlotReader(keys: SlotKeys, clock: Clock): SlotReader {
  let held: Map<string, Held> = new Map();
  let reads = 0;
  return {
    async read(redis, only) {
      // Whoever forgets meanwhile begins another one.
      const known = held;
      if (only !== undefined) {
        const wanted = Array.from(only, (slot) => ({ slot, end: undefined }));
        await fetch(redis, keys, wanted, known, clock);
        return present(only, known, clock.now());
      }
      if (++reads % fullEvery === 0) doubt(known);
      const names = pairs(await redis.zrevrange(keys.index, 0, maxSlots - 1, 'WITHSCORES'));
      const changed = names.filter(({ slot, end }) => known.get(slot)?.end !== end);
      await fetch(redis, keys, changed, known, clock);
      const found = within(names, known);
      if (held === known) held = found;
      return present(found.keys(), found, clock.now());
    },
    forget() {
      held = new Map();
    },
  };
}

/** No text is taken to be what it was; each will be again as it is read. */
function doubt(held: Map<string, Held>): void {
  for (const [slot, one] of held) held.set(slot, { ...one, end: undefined });
}

/** Those that have not disappeared since. */
function present(
  slots: Iterable<string>,
  held: ReadonlyMap<string, Held>,
  now: Millis,
): ReadonlyMap<string, Posted> {
  const found = new Map<string, Posted>();
  for (const slot of slots) {
    const { posted, readAt = now } = held.get(slot) ?? {};
    const remaining = (posted?.remaining ?? 0) - (now - readAt);
    if (posted !== undefined && remaining > 0) {
      found.set(slot, { value: posted.value, remaining: millis(remaining) });
    }
  }
  return found;
}

/** Of these, what is known and fits into the bounds of one read. */
function within(names: readonly Name[], held: ReadonlyMap<string, Held>): Map<string, Held> {
  const next = new Map<string, Held>();
  let total = 0;
  for (const { slot } of names) {
    const one = held.get(slot);
    if (one === undefined) continue;
    if (total >= maxTotal) break;
    total += one.posted?.value.length ?? 0;
    next.set(slot, one);
  }
  return next;
}

interface Name {
  readonly slot: string;
  readonly end: string | undefined;
}

/** Members and scores in turn. */
function pairs(flat: readonly string[]): Name[] {
  const names: Name[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2)
    names.push({ slot: flat[i] ?? '', end: flat[i + 1] });
  return names;
}

/** What has come is held also when the rest does not: over a slow link the next read goes on there. */
async function fetch(
  redis: Redis,
  { slotPrefix }: SlotKeys,
  names: readonly Name[],
  held: Map<string, Held>,
  clock: Clock,
): Promise<void> {
  const until = clock.now() + maxTime;
  const wanted = names.filter(({ slot }) => slot.length <= maxName);
  let total = 0;
  for (let at = 0; at < wanted.length; at += batch) {
    if (total >= maxTotal || clock.now() >= until) break;
    const part = wanted.slice(at, at + batch);
    const pipeline = redis.pipeline();
    // The life first, so that a value posted between the two looks older than it is and not newer.
    for (const { slot } of part) {
      pipeline.pttl(slotPrefix + slot).getrange(slotPrefix + slot, 0, maxValue);
    }
    const answers = await run(pipeline);
    for (const [i, { slot, end }] of part.entries()) {
      const posted = readPosted(answers[2 * i], answers[2 * i + 1]);
      total += posted?.value.length ?? 0;
      held.set(slot, { end, posted, readAt: clock.now() });
    }
  }
}

/** Undefined for a slot that has gone, would never go, or holds too much or no text. */
function readPosted(remaining: unknown, value: unknown): Posted | undefined {
  if (typeof remaining !== 'number' || typeof value !== 'string') return undefined;
  const isFine = remaining > 0 && value !== '' && Buffer.byteLength(value) <= maxValue;
  return isFine ? { value, remaining: millis(remaining) } : undefined;
}

/** All in one write; rejects with the first error, but for a key that holds no text. */
async function run(pipeline: ChainableCommander): Promise<unknown[]> {
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error === null || error === undefined) return answer;
    if (error.message.startsWith('WRONGTYPE')) return undefined;
    throw error;
  });
}
