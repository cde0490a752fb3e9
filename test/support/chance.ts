// Chance for tests: numbers that are others for each seed, and the same in every run.

import type { Random } from '../../src/ports.ts';
import { hashText, mixHash } from '../../src/steering/hash.ts';

export function chanceOf(seed: string): Random {
  let state = hashText(seed);
  return () => {
    state = mixHash(state, 1);
    return state / 0x1_0000_0000;
  };
}
