// The guard: how many answers a network may be sent, so that nobody is flooded with them in our name.

import type { Ip } from '../model/ip.ts';
import type { Millis } from '../model/time.ts';

export interface RateSettings {
  /** Answers of one kind that one address is sent in a second; a network of many gets more. */
  readonly perSecond: number;
  /** Every so many limited answers, one is sent truncated: an honest asker comes back over TCP. 0 sends none. */
  readonly slip: number;
}

/** Answers are counted apart by what they are, so that a flood for one leaves the others alone. */
export type ReplyKind = 'answer' | 'negative' | 'error';

export type Ruling = 'send' | 'slip' | 'drop';

export interface Guard {
  /** Charges one answer to every network that the address lies in, and says what becomes of it. */
  rule(kind: ReplyKind, address: Ip, now: Millis): Ruling;
}

/**
 * Networks by length with how many times the rate of one address they have: a provider's network
 * holds many honest resolvers. The figures are Knot DNS's (mod-rrl).
 */
const ladders = {
  4: [
    [32, 1],
    [24, 32],
    [20, 256],
    [18, 768],
  ],
  6: [
    [128, 1],
    [64, 2],
    [56, 3],
    [48, 4],
    [32, 64],
  ],
} as const;

const kinds: Readonly<Record<ReplyKind, number>> = { answer: 1, negative: 2, error: 3 };

/** Places in which one network may stand, so that two that hash alike do not push each other out. */
const ways = 4;
const sets = 16_384;

const places = sets * ways;

/** Octets of memory that a guard takes. */
export const guardSize = places * 20;

/**
 * Token buckets of one second in a table of fixed size: the network renewed longest ago gives way, and
 * whoever comes new has a full bucket. `seed` keeps strangers from choosing networks that collide.
 * Guards of several threads may have one memory, so that a network has one bucket among them all;
 * where two charge it at the same moment, one charge may be lost.
 */
export function createGuard(
  { perSecond, slip }: RateSettings,
  seed: number,
  memory: ArrayBuffer | SharedArrayBuffer = new ArrayBuffer(guardSize),
): Guard {
  const table = tableIn(memory);
  const { tokens } = table;
  const charged = new Int32Array(ladders[6].length);
  let limited = 0;

  return {
    rule(kind, address, now) {
      const ladder = ladders[address.family];
      let isShort = false;
      for (let step = 0; step < ladder.length; step++) {
        const [length, factor] = ladder[step] as readonly [number, number];
        const hash = hashOf(address, length, kinds[kind] ^ seed);
        const mark = mix(hash ^ 0x5bd1e995, length) || 1;
        const place = bucketOf(table, hash, mark, perSecond * factor, now);
        isShort ||= (tokens[place] as number) < 1;
        charged[step] = place;
      }
      if (!isShort) {
        for (const place of charged.subarray(0, ladder.length)) {
          tokens[place] = (tokens[place] as number) - 1;
        }
        return 'send';
      }
      limited++;
      return slip > 0 && limited % slip === 0 ? 'slip' : 'drop';
    },
  };
}

/** What others have charged there stays: a thread that comes later gives nobody a full bucket. */
function tableIn(memory: ArrayBuffer | SharedArrayBuffer) {
  return {
    tokens: new Float64Array(memory, 0, places),
    times: new Float64Array(memory, places * 8, places),
    marks: new Uint32Array(memory, places * 16, places),
  };
}

type Table = ReturnType<typeof tableIn>;

/** The place of a network's bucket, filled up to now. */
function bucketOf(
  { tokens, times, marks }: Table,
  hash: number,
  mark: number,
  capacity: number,
  now: number,
): number {
  const first = (hash & (sets - 1)) * ways;
  let place = first;
  for (let i = first; i < first + ways; i++) {
    if (marks[i] === mark) {
      // A clock that was set back fills nothing.
      const passed = Math.max(0, now - (times[i] as number));
      tokens[i] = Math.min(capacity, (tokens[i] as number) + (passed * capacity) / 1000);
      times[i] = now;
      return i;
    }
    if ((times[i] as number) < (times[place] as number)) place = i;
  }
  marks[place] = mark;
  tokens[place] = capacity;
  times[place] = now;
  return place;
}

/** Of the first `length` bits and the seed. */
function hashOf({ family, a, b, c, d }: Ip, length: number, seed: number): number {
  let hash = mix(seed, family * 256 + length);
  hash = mix(hash, a & maskOf(length));
  if (length <= 32) return hash;
  hash = mix(hash, b & maskOf(length - 32));
  return length <= 64 ? hash : mix(mix(hash, c), d);
}

/** The first `length` bits of a word. */
function maskOf(length: number): number {
  return length >= 32 ? -1 : ~(0xffffffff >>> length);
}

/** Murmur3's finaliser over two words. */
function mix(x: number, y: number): number {
  let hash = Math.imul(x ^ Math.imul(y, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
