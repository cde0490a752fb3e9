// Smooth weighted round robin: whose turn it is among regions of different weight.

import type { RegionId } from '../model/region.ts';

/** Turns of one round at most; weights that want more are rounded to this. */
const longestRound = 4096;
/** How far ahead of a turn the next ones are looked for. */
const outlook = 64;
/** Groups of regions whose rounds are kept; a fleet has few, and they are worked out anew. */
const roundsKept = 256;

/** Rounds by the regions that take part; weight 0 takes no turn. */
export class Turns {
  readonly #weightOf: (region: RegionId) => number;
  readonly #rounds = new Map<string, readonly RegionId[]>();

  constructor(weightOf: (region: RegionId) => number) {
    this.#weightOf = weightOf;
  }

  /** Who has this turn, then the others in the order in which theirs come; none where none has weight. */
  orderAt(tier: readonly RegionId[], turn: number): RegionId[] {
    const round = this.#roundOf(tier);
    const order = new Set<RegionId>();
    const start = round.length === 0 ? 0 : turn % round.length;
    for (let i = 0; i < Math.min(outlook, round.length) && order.size < tier.length; i++) {
      order.add(round[(start + i) % round.length] as RegionId);
    }
    for (const region of tier) if (this.#weightOf(region) > 0) order.add(region);
    return [...order];
  }

  #roundOf(tier: readonly RegionId[]): readonly RegionId[] {
    const key = tier.join(',');
    const known = this.#rounds.get(key);
    if (known !== undefined) return known;
    if (this.#rounds.size >= roundsKept) this.#rounds.clear();
    const entries = tier.map((id) => ({ id, weight: this.#weightOf(id) }));
    const round = smoothRound(entries.filter(({ weight }) => weight > 0));
    this.#rounds.set(key, round);
    return round;
  }
}

/**
 * Each turn everybody gains its weight and the richest pays the sum of all for the turn: the way
 * nginx spreads requests, so that nobody has two turns in a row without need.
 */
function smoothRound(entries: readonly { id: RegionId; weight: number }[]): RegionId[] {
  const divisor = entries.reduce((found, { weight }) => gcd(found, weight), 0);
  const whole = entries.reduce((sum, { weight }) => sum + weight / divisor, 0);
  const shrink = Math.min(1, longestRound / whole);
  const runners = entries.map(({ id, weight }) => ({
    id,
    gain: Math.max(1, Math.round((weight / divisor) * shrink)),
    purse: 0,
  }));
  const price = runners.reduce((sum, { gain }) => sum + gain, 0);
  return Array.from({ length: price }, () => {
    let richest = runners[0] as (typeof runners)[number];
    for (const runner of runners) {
      runner.purse += runner.gain;
      if (runner.purse > richest.purse) richest = runner;
    }
    richest.purse -= price;
    return richest.id;
  });
}

function gcd(x: number, y: number): number {
  return y === 0 ? x : gcd(y, x % y);
}
