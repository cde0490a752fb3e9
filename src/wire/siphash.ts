// SipHash-2-4 (Aumasson and Bernstein, 2012): a short keyed hash, in 32-bit halves for speed.

/** 16 octets as four words, least significant octet first. */
export interface SipKey {
  readonly words: readonly [number, number, number, number];
}

export function sipKey(octets: Uint8Array): SipKey {
  const word = (at: number): number => wordAt(octets, at);
  return { words: [word(0), word(4), word(8), word(12)] };
}

/** v0 to v3, each as its low and its high half. */
const v = new Int32Array(8);

/** Writes the eight octets of the hash, as the algorithm's authors order them, to `out` at `at`. */
export function sipHash(key: SipKey, message: Uint8Array, out: Uint8Array, at: number): void {
  const [k0, k1, k2, k3] = key.words;
  v.set([
    k0 ^ 0x70736575,
    k1 ^ 0x736f6d65,
    k2 ^ 0x6e646f6d,
    k3 ^ 0x646f7261,
    k0 ^ 0x6e657261,
    k1 ^ 0x6c796765,
    k2 ^ 0x79746573,
    k3 ^ 0x74656462,
  ]);
  const { length } = message;
  const whole = length - (length % 8);
  for (let i = 0; i < whole; i += 8) absorb(wordAt(message, i), wordAt(message, i + 4));
  absorb(wordAt(message, whole), wordAt(message, whole + 4) | ((length & 0xff) << 24));
  v[4] = (v[4] as number) ^ 0xff;
  for (let i = 0; i < 4; i++) round();
  const low = fold(0);
  const high = fold(1);
  for (let i = 0; i < 4; i++) {
    out[at + i] = low >>> (8 * i);
    out[at + 4 + i] = high >>> (8 * i);
  }
}

function fold(half: 0 | 1): number {
  return (
    (v[half] as number) ^
    (v[half + 2] as number) ^
    (v[half + 4] as number) ^
    (v[half + 6] as number)
  );
}

/** Four octets as a word, least significant first, zero behind the end. */
function wordAt(octets: Uint8Array, at: number): number {
  let word = 0;
  for (let i = 3; i >= 0; i--) word = (word << 8) | (octets[at + i] ?? 0);
  return word;
}

function absorb(low: number, high: number): void {
  v[6] = (v[6] as number) ^ low;
  v[7] = (v[7] as number) ^ high;
  round();
  round();
  v[0] = (v[0] as number) ^ low;
  v[1] = (v[1] as number) ^ high;
}

function round(): void {
  add(0, 2);
  rotate(2, 13);
  mix(2, 0);
  rotate(0, 32);
  add(4, 6);
  rotate(6, 16);
  mix(6, 4);
  add(0, 6);
  rotate(6, 21);
  mix(6, 0);
  add(4, 2);
  rotate(2, 17);
  mix(2, 4);
  rotate(4, 32);
}

function add(x: number, y: number): void {
  const low = ((v[x] as number) >>> 0) + ((v[y] as number) >>> 0);
  v[x + 1] = (v[x + 1] as number) + (v[y + 1] as number) + (low > 0xffffffff ? 1 : 0);
  v[x] = low;
}

function mix(x: number, y: number): void {
  v[x] = (v[x] as number) ^ (v[y] as number);
  v[x + 1] = (v[x + 1] as number) ^ (v[y + 1] as number);
}

function rotate(x: number, bits: number): void {
  const low = v[x] as number;
  const high = v[x + 1] as number;
  if (bits === 32) {
    v[x] = high;
    v[x + 1] = low;
    return;
  }
  v[x] = (low << bits) | (high >>> (32 - bits));
  v[x + 1] = (high << bits) | (low >>> (32 - bits));
}
