// SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash, in 32-bit halves for speed.

/** 16 octets as four words, least significant octet first. */
export interface SipKey {
  readonly words: readonly [number, number, number, number];
}

export function sipKey(octets: Uint8Array): SipKey {
  const word = (at: number): number => wordAt(octets, at, octets.length);
  return { words: [word(0), word(4), word(8), word(12)] };
}

/**
 * Writes the eight octets of the hash of a message's first `size` octets, as the algorithm's authors
 * order them, to `out` at `at`. The state v0 to v3 stays in local variables, each word as its low
 * half `l` and its high half `h`, so that the engine keeps it in registers.
 */
export function sipHash(
  { words: [k0, k1, k2, k3] }: SipKey,
  message: Uint8Array,
  size: number,
  out: Uint8Array,
  at: number,
): void {
  let [l0, h0, l1, h1] = [k0 ^ 0x70736575, k1 ^ 0x736f6d65, k2 ^ 0x6e646f6d, k3 ^ 0x646f7261];
  let [l2, h2, l3, h3] = [k0 ^ 0x6e657261, k1 ^ 0x6c796765, k2 ^ 0x79746573, k3 ^ 0x74656462];
  let old: number;
  const last = size - (size % 8);
  // Behind the last block there is no message any more, but four rounds to finish.
  for (let block = 0; block <= last + 8; block += 8) {
    const isEnd = block > last;
    const low = wordAt(message, block, size);
    const high = wordAt(message, block + 4, size) | (block === last ? size << 24 : 0);
    l3 ^= low;
    h3 ^= high;
    if (isEnd) l2 ^= 0xff;
    for (let rounds = isEnd ? 4 : 2; rounds > 0; rounds--) {
      l0 = (l0 + l1) | 0;
      h0 = (h0 + h1 + carry(l0, l1)) | 0;
      old = l1;
      l1 = ((l1 << 13) | (h1 >>> 19)) ^ l0;
      h1 = ((h1 << 13) | (old >>> 19)) ^ h0;
      l2 = (l2 + l3) | 0;
      h2 = (h2 + h3 + carry(l2, l3)) | 0;
      old = l3;
      l3 = ((l3 << 16) | (h3 >>> 16)) ^ l2;
      h3 = ((h3 << 16) | (old >>> 16)) ^ h2;
      // v0 is turned by 32 bits here, and v2 at the end: their halves change places.
      old = l0;
      l0 = (h0 + l3) | 0;
      h0 = (old + h3 + carry(l0, l3)) | 0;
      old = l3;
      l3 = ((l3 << 21) | (h3 >>> 11)) ^ l0;
      h3 = ((h3 << 21) | (old >>> 11)) ^ h0;
      const sum: number = (l2 + l1) | 0;
      l2 = (h2 + h1 + carry(sum, l1)) | 0;
      h2 = sum;
      old = l1;
      l1 = ((l1 << 17) | (h1 >>> 15)) ^ h2;
      h1 = ((h1 << 17) | (old >>> 15)) ^ l2;
    }
    l0 ^= low;
    h0 ^= high;
  }
  putWord(out, at, l0 ^ l1 ^ l2 ^ l3);
  putWord(out, at + 4, h0 ^ h1 ^ h2 ^ h3);
}

/** 1 where the sum of two halves, one of which is `part`, went past 32 bits. */
function carry(sum: number, part: number): 0 | 1 {
  return sum >>> 0 < part >>> 0 ? 1 : 0;
}

/** Four octets as a word, least significant first, zero from `end` on. */
function wordAt(octets: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = at + 3; i >= at; i--) word = (word << 8) | (i < end ? (octets[i] as number) : 0);
  return word;
}

function putWord(out: Uint8Array, at: number, word: number): void {
  for (let i = 0; i < 4; i++) out[at + i] = word >>> (8 * i);
}
