// Tabulation hashing: a keyed hash of networks and names on which no choice of keys can pile up.

/** 128 bits that strangers cannot know. */
export type Seed = readonly [number, number, number, number];

/** What a histogram counts by, as words; `tagOf` and `askedOf` make the first and the last. */
export interface Key {
  /** Family and length of the network, 8 bits. */
  readonly tag: number;
  /** The first 64 bits of its address: IPv4 uses `a` alone; the last octet of `b` is 0. */
  readonly a: number;
  readonly b: number;
  /** Name and kind of asker, 16 bits. */
  readonly asked: number;
}

/** One table of random words for each octet of a key: eight of the network, two of what was asked. */
const octets = 10;

/**
 * Simple tabulation: each octet of a key draws a random word, and the hash is their exclusive or. Linear
 * probing with it takes a bounded number of steps on average for any set of keys that is chosen without
 * knowledge of the words (Pătraşcu and Thorup, The Power of Simple Tabulation Hashing, 2012, §1.1).
 */
export class Tabulation {
  readonly #words: Uint32Array;

  constructor(seed: Seed) {
    this.#words = expand(seed, octets * 256);
  }

  /** 32 bits of the network alone. */
  ofNetwork(tag: number, a: number, b: number): number {
    const words = this.#words;
    const hash =
      (words[tag] as number) ^
      (words[256 + (a >>> 24)] as number) ^
      (words[512 + ((a >>> 16) & 255)] as number) ^
      (words[768 + ((a >>> 8) & 255)] as number) ^
      (words[1024 + (a & 255)] as number);
    if (b === 0) return hash >>> 0;
    const rest =
      (words[1280 + (b >>> 24)] as number) ^
      (words[1536 + ((b >>> 16) & 255)] as number) ^
      (words[1792 + ((b >>> 8) & 255)] as number);
    return (hash ^ rest) >>> 0;
  }

  /** Of the whole key, from the hash of its network. */
  withAsked(ofNetwork: number, asked: number): number {
    const words = this.#words;
    const hash = (words[2048 + (asked & 255)] as number) ^ (words[2304 + (asked >>> 8)] as number);
    return (ofNetwork ^ hash) >>> 0;
  }
}

/** The generator sfc32 (Doty-Humphrey), run in before its first word is used. */
function expand(seed: Seed, count: number): Uint32Array {
  let [a, b, c, counter] = seed.map((word) => word | 0) as [number, number, number, number];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum;
  };
  for (let i = 0; i < 20; i++) next();
  return Uint32Array.from({ length: count }, next);
}
