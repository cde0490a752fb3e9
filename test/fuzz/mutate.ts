// Mutants: inputs that were good or bad in their own way, changed a little or a lot.

import type { Random } from '../../src/ports.ts';

/** Octets that stand at the edges of what fields may hold. */
const edges = [0, 1, 0x0c, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff];

/** A whole number from 0 to below `limit`. */
export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}

/**
 * A copy of one input with one to six changes, at most `longest` octets. `words` are pieces that mean
 * something to the decoder.
 */
export function mutate(
  random: Random,
  corpus: readonly Uint8Array[],
  words: readonly Uint8Array[],
  longest: number,
): Uint8Array {
  let bytes: Buffer = Buffer.from(pick(random, corpus));
  // One change mostly, so that not all that was good is lost.
  const most = random() < 0.6 ? 1 : 6;
  for (let changes = 1 + below(random, most); changes > 0; changes--) {
    bytes = change(random, bytes, corpus, words);
  }
  return bytes.subarray(0, longest);
}

function change(
  random: Random,
  bytes: Buffer,
  corpus: readonly Uint8Array[],
  words: readonly Uint8Array[],
): Buffer {
  const at = below(random, bytes.length + 1);
  const until = Math.min(bytes.length, at + 1 + below(random, 16));
  const [head, span, tail] = [
    bytes.subarray(0, at),
    bytes.subarray(at, until),
    bytes.subarray(until),
  ];
  switch (below(random, 10)) {
    case 0:
      return Buffer.concat([head, Buffer.of(below(random, 256)), bytes.subarray(at + 1)]);
    case 1:
      return Buffer.concat([head, Buffer.of(pick(random, edges)), bytes.subarray(at + 1)]);
    case 2:
      return Buffer.concat([
        head,
        Buffer.of((bytes[at] ?? 0) ^ (1 << below(random, 8))),
        bytes.subarray(at + 1),
      ]);
    case 3:
      return Buffer.concat([head, tail]);
    case 4:
      return Buffer.concat([head, span, span, tail]);
    case 5:
      return Buffer.concat([
        head,
        Buffer.of(pick(random, edges), pick(random, edges)),
        bytes.subarray(at + 2),
      ]);
    case 6:
      return Buffer.concat([head, pick(random, corpus).subarray(below(random, 64))]);
    case 7:
      return words.length === 0 ? head : Buffer.concat([head, pick(random, words), tail]);
    case 8:
      return words.length === 0
        ? bytes
        : Buffer.concat([head, pick(random, words), bytes.subarray(at)]);
    default:
      return Buffer.concat([head, ...Array<Buffer>(1 << below(random, 9)).fill(span), tail]);
  }
}
