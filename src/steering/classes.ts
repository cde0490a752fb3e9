// Classes of clients: everyone who is offered the same regions in the same order shares one.

import { type Atlas, coordinatesAt, countryAt } from '../model/atlas.ts';
import type { Departure, Tiers } from '../model/decision.ts';
import { labelAt } from '../model/labels.ts';
import type { Coordinates, Place } from '../model/place.ts';
import type { Service } from '../model/settings.ts';
import { type Mark, unmarked } from './overlay.ts';
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
  readonly #fenced = startTree();
  readonly #special = startTree();
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
  ) {
    this.#start = [service.regions];
    this.#ordering = ordering;
    this.#atlas = atlas;
    this.#positions = positions;
    this.#plain = new Uint32Array(positions?.count ?? 1);
  }

  classOf(place: number, mark: Mark): number {
    if (mark.isSpecial) {
      this.#specialClass ??= this.#intern(this.#order(0, unmarked), true);
      return this.#specialClass;
    }
    const position = this.#positions?.of[place] ?? 0;
    if (mark !== unmarked) return this.#markedClass(position, place, mark);
    const known = this.#plain[position] as number;
    if (known > 0) return known - 1;
    const found = this.#intern(this.#order(place, unmarked), false);
    this.#plain[position] = found + 1;
    return found;
  }

  #markedClass(position: number, place: number, mark: Mark): number {
    const page = this.#pages.get(mark) ?? new Map<number, number>();
    this.#pages.set(mark, page);
    const found = page.get(position) ?? this.#intern(this.#order(place, mark), false);
    page.set(position, found);
    return found;
  }

  #order(place: number, mark: Mark): Ordered {
    const area = areaOf(this.#atlas, place, mark);
    const left: Departure[] = [];
    const tiers = this.#ordering.reduce(
      (soFar, step) => step.apply(soFar, area, left),
      this.#start,
    );
    return { tiers, isFenced: left.some(({ code }) => code === 'fenced') };
  }

  #intern({ tiers, isFenced }: Ordered, isSpecial: boolean): number {
    let branch = isSpecial ? this.#special : isFenced ? this.#fenced : this.#ordinary;
    for (const tier of tiers) {
      for (const region of tier) branch = branchOf(branch, region);
      branch = branchOf(branch, endOfTier);
    }
    if (branch.found === undefined) {
      branch.found = this.list.length;
      this.list.push({ tiers, isSpecial, isFenced });
    }
    return branch.found;
  }
}

/** What geography makes of one point. */
type Ordered = Pick<AreaClass, 'tiers' | 'isFenced'>;

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
  { rule, asn, network }: Mark,
): Area {
  const isKnown = atlas !== undefined && placeIndex !== 0;
  const place = isKnown ? new AtlasPlace(atlas, placeIndex) : undefined;
  return { place, networkRule: rule, asn, network };
}

/** A place of the atlas that reads its words only when a step looks at them. */
class AtlasPlace implements Place {
  readonly country: string;
  readonly coordinates: Coordinates;
  readonly #atlas: Atlas;
  readonly #index: number;

  constructor(atlas: Atlas, index: number) {
    this.country = countryAt(atlas, index);
    this.coordinates = coordinatesAt(atlas, index);
    this.#atlas = atlas;
    this.#index = index;
  }

  get subdivision(): string {
    return labelAt(this.#atlas.labels, this.#index).subdivision;
  }

  get city(): string {
    return labelAt(this.#atlas.labels, this.#index).city;
  }

  get radiusKm(): number {
    return this.#atlas.radii[this.#index] ?? 0;
  }
}
