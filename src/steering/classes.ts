// Classes of clients, numbered: everyone who is offered the same regions in the same order shares one.

import type { Atlas } from '../model/atlas.ts';
import type { Departure } from '../model/decision.ts';
import type { RegionId } from '../model/region.ts';
import type { Service, SteeringRule } from '../model/settings.ts';
import { areaOf } from './class-list.ts';
import { type Mark, unmarked } from './overlay.ts';
import type { Positions } from './positions.ts';
import { SeedBuilder } from './seeds.ts';
import type { OrderingStep } from './step.ts';
import { rulesIn } from './steps/rules.ts';

/**
 * So many regions times positions are put in order to find out who shares one: about 30 regions with
 * the whole world. Of more regions hardly two positions have all in the same order, and what it would
 * take to find those grows with both.
 */
const mostCompared = 4_200_000;

/** Regions of which an order is spelt, however few the positions are. */
const mostSpelt = 4096;

/** Gives equal orders one class, as far as orders are compared, and else equal positions. */
export class ClassBook {
  readonly #service: Service;
  readonly #ordering: readonly OrderingStep[];
  readonly #atlas: Atlas | undefined;
  readonly #positions: Positions | undefined;
  readonly #rules: ReadonlyMap<SteeringRule, number>;
  readonly #seeds = new SeedBuilder();
  /** The classes of the orders so far; undefined where orders are not compared. */
  readonly #orders: OrderBook | undefined;
  /** Class of each position outside every network that a policy names, plus one; 0 is not worked out yet. */
  readonly #plain: Uint32Array;
  /** The same for what else holds; such networks have few positions, so they are looked up. */
  readonly #pages = new Map<Mark, Map<number, number>>();
  #specialClass: number | undefined;

  constructor(
    service: Service,
    ordering: readonly OrderingStep[],
    atlas: Atlas | undefined,
    positions: Positions | undefined,
    most = mostCompared,
  ) {
    const count = positions?.count ?? 1;
    this.#service = service;
    this.#ordering = ordering;
    this.#atlas = atlas;
    this.#positions = positions;
    this.#rules = new Map(rulesIn(service.steps).map((rule, i) => [rule, i + 1]));
    this.#plain = new Uint32Array(count);
    const { length } = service.regions;
    const isCompared = length <= mostSpelt && count * length <= most;
    this.#orders = isCompared ? new OrderBook(service) : undefined;
  }

  classOf(place: number, mark: Mark): number {
    if (mark.isSpecial) {
      this.#specialClass ??= this.#enter(0, { ...unmarked, isSpecial: true });
      return this.#specialClass;
    }
    const position = this.#positions?.of[place] ?? 0;
    if (mark !== unmarked) return this.#markedClass(position, place, mark);
    const known = this.#plain[position] as number;
    if (known > 0) return known - 1;
    const found = this.#enter(place, unmarked);
    this.#plain[position] = found + 1;
    return found;
  }

  /** Of every class where it is, as `AreaMap` has it. */
  finish(): Uint32Array {
    return this.#seeds.finish();
  }

  #markedClass(position: number, place: number, mark: Mark): number {
    const page = this.#pages.get(mark) ?? new Map<number, number>();
    this.#pages.set(mark, page);
    const found = page.get(position) ?? this.#enter(place, mark);
    page.set(position, found);
    return found;
  }

  #enter(place: number, mark: Mark): number {
    const { rule, isSpecial, asn, network } = mark;
    const ruleNumber = rule === undefined ? 0 : (this.#rules.get(rule) ?? 0);
    const seed = { place, rule: ruleNumber, asn, network, isSpecial };
    if (this.#orders === undefined) return this.#seeds.append(seed);
    const key = this.#orders.keyOf(this.#order(place, mark), isSpecial);
    const known = this.#orders.classes.get(key);
    if (known !== undefined) return known;
    const fresh = this.#seeds.append(seed);
    this.#orders.classes.set(key, fresh);
    return fresh;
  }

  #order(place: number, mark: Mark): Ordered {
    const area = areaOf(mark.isSpecial ? undefined : this.#atlas, place, mark);
    const left: Departure[] = [];
    let tiers: Ordered['tiers'] = [this.#service.regions];
    for (const step of this.#ordering) tiers = step.apply(tiers, area, left);
    return { tiers, isFenced: left.some(({ code }) => code === 'fenced') };
  }
}

/** What geography makes of one point. */
interface Ordered {
  readonly tiers: readonly (readonly RegionId[])[];
  readonly isFenced: boolean;
}

/** Orders spelt with one unit of text a region, which takes less time and memory than any other key. */
class OrderBook {
  readonly classes = new Map<string, number>();
  readonly #numbers: ReadonlyMap<RegionId, number>;
  readonly #units: Uint16Array;

  constructor({ regions }: Service) {
    // 0 ends a tier, and the units below are flags.
    this.#numbers = new Map(regions.map((id, i) => [id, i + 1]));
    this.#units = new Uint16Array(1 + 2 * regions.length);
  }

  keyOf({ tiers, isFenced }: Ordered, isSpecial: boolean): string {
    const units = this.#units;
    units[0] = (isSpecial ? 2 : 0) + (isFenced ? 1 : 0);
    let length = 1;
    for (const tier of tiers) {
      for (const id of tier) units[length++] = this.#numbers.get(id) as number;
      units[length++] = 0;
    }
    return String.fromCharCode(...units.subarray(0, length));
  }
}
