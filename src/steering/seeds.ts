// Seeds of classes: of each one point of the world at which everything that orders its clients can be read.

import { share } from '../model/shared.ts';

/** Equal for all clients of a class, or ordered equally. */
export interface Seed {
  /** A place of the atlas; 0 is not known. */
  readonly place: number;
  /** The position of the rule that holds there, plus one; 0 is none. */
  readonly rule: number;
  readonly asn: number;
  readonly network: number;
  readonly isSpecial: boolean;
}

/** Words that one seed takes: `place`, `rule`, `asn`, `network`, and 1 where it is special. */
export const seedLength = 5;

export function seedAt(seeds: Uint32Array, index: number): Seed {
  const at = index * seedLength;
  return {
    place: seeds[at] ?? 0,
    rule: seeds[at + 1] ?? 0,
    asn: seeds[at + 2] ?? 0,
    network: seeds[at + 3] ?? 0,
    isSpecial: isSpecialAt(seeds, index),
  };
}

export function isSpecialAt(seeds: Uint32Array, index: number): boolean {
  return seeds[index * seedLength + 4] === 1;
}

export class SeedBuilder {
  #words = new Uint32Array(64 * seedLength);
  #count = 0;

  /** Its number. */
  append({ place, rule, asn, network, isSpecial }: Seed): number {
    const at = this.#count * seedLength;
    if (at === this.#words.length) {
      const longer = new Uint32Array(2 * at);
      longer.set(this.#words);
      this.#words = longer;
    }
    this.#words.set([place, rule, asn, network, isSpecial ? 1 : 0], at);
    return this.#count++;
  }

  /** In memory that threads share. */
  finish(): Uint32Array {
    return share(this.#words.subarray(0, this.#count * seedLength));
  }
}
