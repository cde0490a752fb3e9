// One side of a comparison: where a service sends an address, decided as rarely as that is exact.

import type { Client, DecisionState } from '../model/decision.ts';
import { type Ip, ipv4, ipv6 } from '../model/ip.ts';
import { RangeCursor } from '../model/range-cursor.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { Region } from '../model/region.ts';
import type { Millis } from '../model/time.ts';
import { decide, pickingStep } from '../steering/decide.ts';
import { locate } from '../steering/locate.ts';
import type { Plan, Snapshot } from '../steering/snapshot.ts';
import type { RegionBook } from './totals.ts';

/** What a client is answered, as far as it is counted: the first region, and how the decision ended. */
export interface Fate {
  /** By the region book; 0 for none. */
  readonly number: number;
  readonly region: Region | undefined;
  readonly state: DecisionState;
}

export interface Scene {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
  readonly book: RegionBook;
  readonly now: Millis;
}

/**
 * Everyone in a class is decided alike until a step picks by the client's network: such a class is decided
 * for each network anew, any other once.
 */
export class Side {
  readonly areas: RangeTable;
  readonly usesSubnet: boolean;
  readonly #scene: Scene;
  /** By class; undefined for one that is not decided yet. */
  readonly #fates: (Fate | 'by-network' | undefined)[] = [];
  readonly #known = new Map<string, Fate>();

  constructor(scene: Scene) {
    this.#scene = scene;
    this.areas = scene.plan.areas.ranges;
    this.usesSubnet = scene.plan.service.usesSubnet;
  }

  cursor(family: 4 | 6): RangeCursor {
    return new RangeCursor(family === 4 ? this.areas.v4 : this.areas.v6);
  }

  /** What everyone of a class gets, of whom one has this address; undefined where a step picks. */
  fateOf(classIndex: number, family: 4 | 6, high: number, low: number): Fate | undefined {
    const known = this.#fates[classIndex];
    if (known !== undefined) return known === 'by-network' ? undefined : known;
    const { plan, snapshot, now } = this.#scene;
    const located = locate(clientAt(family, high, low), plan);
    const isPicked = pickingStep(plan, located, snapshot, now) !== undefined;
    const fate = isPicked ? 'by-network' : this.decide(family, high, low);
    this.#fates[classIndex] = fate;
    return fate === 'by-network' ? undefined : fate;
  }

  /** True when an answer to the class holds for one network alone: addresses that nobody has are not told apart. */
  isScopePicked(classIndex: number, family: 4 | 6, high: number, low: number): boolean {
    const isSpecial = this.#scene.plan.classes.isSpecial(classIndex);
    return !isSpecial && this.fateOf(classIndex, family, high, low) === undefined;
  }

  decide(family: 4 | 6, high: number, low: number): Fate {
    const { plan, snapshot, book, now } = this.#scene;
    const { regions, state } = decide(plan, clientAt(family, high, low), snapshot, now);
    const [first] = regions;
    const key = `${state}/${first ?? ''}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const number = first === undefined ? 0 : (book.numbers.get(first) ?? 0);
    const region = first === undefined ? undefined : snapshot.settings.regions.get(first);
    const fate: Fate = { number, region, state };
    this.#known.set(key, fate);
    return fate;
  }
}

export function addressAt(family: 4 | 6, high: number, low: number): Ip {
  return family === 4 ? ipv4(high) : ipv6(high, low, 0, 0);
}

/** Someone at an address whose resolver is there as well and tells where it is. */
export function clientAt(family: 4 | 6, high: number, low: number): Client {
  const address = addressAt(family, high, low);
  return { address, origin: 'peer', subnet: { ip: address, length: family === 4 ? 32 : 64 } };
}
