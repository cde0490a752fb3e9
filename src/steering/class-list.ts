// What the clients of a class are offered, worked out when one of them asks.

import { type Atlas, coordinatesAt, countryAt } from '../model/atlas.ts';
import type { Departure, Tiers } from '../model/decision.ts';
import { labelAt } from '../model/labels.ts';
import type { Coordinates, Place } from '../model/place.ts';
import type { RegionId } from '../model/region.ts';
import type { Service, SteeringRule } from '../model/settings.ts';
import { type Mark, unmarked } from './overlay.ts';
import { isSpecialAt, seedAt } from './seeds.ts';
import type { AreaClass, AreaClasses, AreaMap } from './snapshot.ts';
import type { Area, OrderingStep } from './step.ts';
import { rulesIn } from './steps/rules.ts';

/** Regions in the orders that one list keeps: a hundred thousand classes of a few, and hundreds of thousands. */
const mostKept = 262_144;

/**
 * The classes of a map. With many regions nearly every position of the atlas has an order of its own,
 * and all of them together would fill gigabytes: so a map says where each class is, and its order is
 * worked out from that. `ordering` are the prepared steps of a service with the map's key.
 */
export class ClassList implements AreaClasses {
  readonly canCut: boolean;
  readonly #map: AreaMap;
  readonly #ordering: readonly OrderingStep[];
  readonly #regions: readonly RegionId[];
  readonly #rules: readonly SteeringRule[];
  readonly #known = new Map<number, AreaClass>();

  constructor(map: AreaMap, service: Service, ordering: readonly OrderingStep[]) {
    this.canCut = ordering.every(({ isIndependent }) => isIndependent === true);
    this.#map = map;
    this.#ordering = ordering;
    this.#regions = service.regions;
    this.#rules = rulesIn(service.steps);
  }

  isSpecial(index: number): boolean {
    return isSpecialAt(this.#map.seeds, index);
  }

  at(index: number): AreaClass {
    const known = this.#known.get(index);
    if (known !== undefined) return known;
    const left: Departure[] = [];
    const area = this.#areaAt(index);
    let tiers: Tiers = [this.#regions];
    for (const step of this.#ordering) tiers = step.apply(tiers, area, left);
    const isFenced = left.some(({ code }) => code === 'fenced');
    const found: AreaClass = { tiers, isSpecial: this.isSpecial(index), isFenced };
    if ((this.#known.size + 1) * this.#regions.length <= mostKept) this.#known.set(index, found);
    return found;
  }

  cut(index: number, among: readonly RegionId[], count: number): Tiers {
    const area = this.#areaAt(index);
    let tiers: Tiers = among.length === 0 ? [] : [among];
    for (const step of this.#ordering) {
      tiers = cutTiers(step.first?.(tiers, area, count) ?? step.apply(tiers, area), count);
    }
    return tiers;
  }

  #areaAt(index: number): Area {
    const { place, rule, asn, network, isSpecial } = seedAt(this.#map.seeds, index);
    if (isSpecial) return areaOf(undefined, 0, unmarked);
    return areaOf(this.#map.atlas, place, {
      ...unmarked,
      rule: this.#rules[rule - 1],
      asn,
      network,
    });
  }
}

/** The first tiers that hold so many regions together. */
function cutTiers(tiers: Tiers, count: number): Tiers {
  let held = 0;
  const wanted = tiers.findIndex((tier) => (held += tier.length) >= count);
  return wanted < 0 ? tiers : tiers.slice(0, wanted + 1);
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
