// Classes of clients: everyone who is offered the same regions in the same order shares one.

import { type Atlas, coordinatesAt, countryAt } from '../model/atlas.ts';
import type { Tiers } from '../model/decision.ts';
import type { Service, SteeringRule } from '../model/settings.ts';
import type { Overlay } from './overlay.ts';
import type { Positions } from './positions.ts';
import type { AreaClass } from './snapshot.ts';
import type { Area, OrderingStep } from './step.ts';

/** Gives equal orders one class; remembers what it worked out per position. */
export class ClassBook {
  readonly list: AreaClass[] = [];
  readonly #ordering: readonly OrderingStep[];
  readonly #start: Tiers;
  readonly #atlas: Atlas | undefined;
  readonly #positions: Positions | undefined;
  readonly #ordinary = startTree();
  readonly #special = startTree();
  /** Class of each position outside every rule's network, plus one; 0 is not worked out yet. */
  readonly #plain: Uint32Array;
  /** The same for each rule; its networks hold few positions, so they are looked up. */
  readonly #ruled = new Map<SteeringRule, Map<number, number>>();
  #specialClass: number | undefined;

  constructor(
    service: Service,
    ordering: readonly OrderingStep[],
    atlas: Atlas | undefined,
    positions: Positions | undefined,
  ) {
    this.#start = [service.regions];
    this.#ordering = ordering;
    this.#atlas = atlas;
    this.#positions = positions;
    this.#plain = new Uint32Array(positions?.count ?? 1);
  }

  classOf(place: number, over: Overlay): number {
    if (over.isSpecial) {
      this.#specialClass ??= this.#intern(this.#order(0, undefined), true);
      return this.#specialClass;
    }
    const position = this.#positions?.of[place] ?? 0;
    if (over.rule !== undefined) return this.#ruledClass(position, place, over.rule);
    const known = this.#plain[position] as number;
    if (known > 0) return known - 1;
    const found = this.#intern(this.#order(place, undefined), false);
    this.#plain[position] = found + 1;
    return found;
  }

  #ruledClass(position: number, place: number, rule: SteeringRule): number {
    const page = this.#ruled.get(rule) ?? new Map<number, number>();
    this.#ruled.set(rule, page);
    const found = page.get(position) ?? this.#intern(this.#order(place, rule), false);
    page.set(position, found);
    return found;
  }

  #order(place: number, rule: SteeringRule | undefined): Tiers {
    const area = areaOf(this.#atlas, place, rule);
    return this.#ordering.reduce((soFar, step) => step.apply(soFar, area), this.#start);
  }

  #intern(tiers: Tiers, isSpecial: boolean): number {
    let branch = isSpecial ? this.#special : this.#ordinary;
    for (const tier of tiers) {
      for (const region of tier) branch = branchOf(branch, region);
      branch = branchOf(branch, endOfTier);
    }
    if (branch.found === undefined) {
      branch.found = this.list.length;
      this.list.push({ tiers, isSpecial });
    }
    return branch.found;
  }
}

/** A tree of orders, region by region: finds an equal order without spelling it out as text. */
interface Branch {
  readonly next: Map<string, Branch>;
  found: number | undefined;
}

/** No region has this id. */
const endOfTier = '';

function startTree(): Branch {
  return { next: new Map(), found: undefined };
}

function branchOf(branch: Branch, word: string): Branch {
  const known = branch.next.get(word);
  if (known !== undefined) return known;
  const fresh = startTree();
  branch.next.set(word, fresh);
  return fresh;
}

/** Everything that orders a client at one point of the table. */
export function areaOf(
  atlas: Atlas | undefined,
  placeIndex: number,
  networkRule: SteeringRule | undefined,
): Area {
  const isKnown = atlas !== undefined && placeIndex !== 0;
  return {
    place: isKnown
      ? { country: countryAt(atlas, placeIndex), coordinates: coordinatesAt(atlas, placeIndex) }
      : undefined,
    networkRule,
  };
}
