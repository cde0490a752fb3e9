// The loop: mutants of what is known, fed to a target; what becomes of them; the slowest of all.

import { hashText, mixHash } from '../../src/steering/hash.ts';
import type { Random } from '../../src/ports.ts';
import { mutate } from './mutate.ts';
import type { Target } from './targets.ts';

export interface Finding {
  readonly target: string;
  /** What was broken, in words. */
  readonly why: string;
  /** The input in hex, as a corpus file has it. */
  readonly hex: string;
}

export interface Tally {
  readonly target: Target;
  inputs: number;
  /** How often each thing became of an input. */
  readonly fates: Map<string, number>;
  readonly findings: Finding[];
  /** The slowest inputs so far with what their first call took, in ms; measured again in the end. */
  readonly slow: { readonly input: Uint8Array; readonly ms: number }[];
}

/** Inputs beside the corpus that are mutated further: the first of each new fate, and the slow ones. */
const mostKept = 200;
const mostSlow = 12;
const mostFindings = 5;

/** Numbers from 0 to below 1, the same for the same seed, without a short cycle. */
export function randomOf(seed: string): Random {
  const start = hashText(seed);
  let count = 0;
  return () => mixHash(mixHash(start, count), count++) / 0x1_0000_0000;
}

export function createTally(target: Target): Tally {
  return { target, inputs: 0, fates: new Map(), findings: [], slow: [] };
}

/** Feeds `count` mutants to one target, after its whole corpus where it has had none. */
export async function fuzz(tally: Tally, random: Random, count: number): Promise<void> {
  const { target } = tally;
  if (tally.inputs === 0) for (const input of target.corpus) await feed(tally, input, random);
  const kept: Uint8Array[] = [...target.corpus];
  for (let i = 0; i < count; i++) {
    const input =
      random() < 0.02
        ? Buffer.concat([mutate(random, kept, target.words, target.longest), noise(random)])
        : mutate(random, kept, target.words, target.longest);
    const isNew = await feed(tally, input.subarray(0, target.longest), random);
    if (isNew && kept.length < mostKept) kept.push(input);
  }
}

function noise(random: Random): Uint8Array {
  return Uint8Array.from({ length: 1 + Math.floor(random() * 64) }, () => random() * 256);
}

/** True when what became of the input had never become of one. */
async function feed(tally: Tally, input: Uint8Array, random: Random): Promise<boolean> {
  const { target, fates, findings } = tally;
  tally.inputs++;
  const start = performance.now();
  try {
    const given = target.feed(input, random);
    const fate = typeof given === 'string' ? given : await given;
    remember(tally, input, performance.now() - start);
    const before = fates.get(fate) ?? 0;
    fates.set(fate, before + 1);
    return before === 0;
  } catch (error) {
    if (findings.length < mostFindings) {
      const hex = Buffer.from(input).toString('hex');
      findings.push({ target: target.name, why: String(error), hex });
    }
    return false;
  }
}

function remember({ slow }: Tally, input: Uint8Array, ms: number): void {
  if (slow.length === mostSlow && ms <= (slow.at(-1)?.ms ?? 0)) return;
  slow.push({ input: Uint8Array.from(input), ms });
  slow.sort((x, y) => y.ms - x.ms);
  slow.length = Math.min(slow.length, mostSlow);
}

/**
 * The slowest call of a target, in ms: each of the slow inputs is fed twenty times more and counts
 * with the fastest of these. Whatever else a machine does only ever makes a call slower, so one
 * undisturbed call in twenty is enough to clear an input, and an input that is slow by itself is
 * slow in all of them.
 */
export async function slowestOf({ target, slow }: Tally, random: Random): Promise<number> {
  let slowest = 0;
  for (const { input } of slow) {
    let fastest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 20; i++) {
      const start = performance.now();
      await target.feed(input, random);
      fastest = Math.min(fastest, performance.now() - start);
    }
    slowest = Math.max(slowest, fastest);
  }
  return slowest;
}
