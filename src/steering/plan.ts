// Services made ready for a snapshot, each when it is first asked for.

import type { HealthView } from '../model/health.ts';
import { type LoadView, noLoads } from '../model/load.ts';
import type { DomainName } from '../model/name.ts';
import type { OverrideView } from '../model/override.ts';
import type { Service, Settings } from '../model/settings.ts';
import { isOrdering, prepareChain } from './chain.ts';
import { ClassList } from './class-list.ts';
import { effectOn } from './effect.ts';
import { areaKey } from './order.ts';
import {
  enterPlan,
  findPlan,
  type Motion,
  openPlanBook,
  type PlanBook,
  turnPage,
} from './plan-book.ts';
import type { AreaMap, Plan } from './snapshot.ts';
import { horizonOf } from './ttl.ts';

/**
 * One plan a service; `areas` holds the compiled map of every `areaKey` among the services. With
 * thousands of services few are asked for between two snapshots, so a plan is made when it is asked
 * for, or comes from the book, which belongs to these settings and maps: where nothing of a service
 * has moved, all that was decided and compiled for it stays.
 */
export function preparePlans(
  settings: Settings,
  areas: ReadonlyMap<string, AreaMap>,
  health: HealthView,
  overrides: OverrideView,
  loads: LoadView = noLoads,
  book: PlanBook = openPlanBook(),
): ReadonlyMap<DomainName, Plan> {
  return new Plans(settings, areas, { health, overrides, loads }, book);
}

/** Classes whose decisions are kept: by all plans of a snapshot together, and by one at most and at least. */
const startsOfAll = 1_000_000;
const mostStarts = 131_072;
const leastStarts = 64;

class Plans implements ReadonlyMap<DomainName, Plan> {
  readonly #settings: Settings;
  readonly #areas: ReadonlyMap<string, AreaMap>;
  readonly #motion: Motion;
  readonly #book: PlanBook;
  readonly #number: number;
  readonly #mostStarts: number;
  readonly #made = new Map<DomainName, Plan>();

  constructor(
    settings: Settings,
    areas: ReadonlyMap<string, AreaMap>,
    motion: Motion,
    book: PlanBook,
  ) {
    this.#settings = settings;
    this.#areas = areas;
    this.#motion = motion;
    this.#book = book;
    this.#number = turnPage(book, motion);
    const share = Math.floor(startsOfAll / settings.services.size);
    this.#mostStarts = Math.max(leastStarts, Math.min(mostStarts, share));
  }

  get(name: DomainName): Plan | undefined {
    return this.#made.get(name) ?? this.#find(name);
  }

  has(name: DomainName): boolean {
    const service = this.#settings.services.get(name);
    return service !== undefined && this.#mapOf(service) !== undefined;
  }

  get size(): number {
    return [...this.keys()].length;
  }

  *keys(): MapIterator<DomainName> {
    for (const name of this.#settings.services.keys()) if (this.has(name)) yield name;
  }

  *values(): MapIterator<Plan> {
    for (const [, plan] of this) yield plan;
  }

  *entries(): MapIterator<[DomainName, Plan]> {
    for (const name of this.#settings.services.keys()) {
      const plan = this.get(name);
      if (plan !== undefined) yield [name, plan];
    }
  }

  [Symbol.iterator](): MapIterator<[DomainName, Plan]> {
    return this.entries();
  }

  forEach(each: (plan: Plan, name: DomainName, of: ReadonlyMap<DomainName, Plan>) => void): void {
    for (const [name, plan] of this) each(plan, name, this);
  }

  #mapOf(service: Service): AreaMap | undefined {
    return this.#areas.get(areaKey(service, this.#settings.regions));
  }

  #find(name: DomainName): Plan | undefined {
    const service = this.#settings.services.get(name);
    if (service === undefined) return undefined;
    const last = findPlan(this.#book, service, this.#number);
    const plan = last?.isCurrent === true ? last.plan : this.#make(service, last?.plan);
    if (plan === undefined) return undefined;
    this.#made.set(name, plan);
    enterPlan(this.#book, plan, this.#number);
    return plan;
  }

  /** `last` is a plan of the same service by the same settings, if there was one. */
  #make(service: Service, last: Plan | undefined): Plan | undefined {
    const { regions, health: of } = this.#settings;
    const { health, overrides, loads } = this.#motion;
    const areas = last?.areas ?? this.#mapOf(service);
    if (areas === undefined) return undefined;
    const effect = effectOn(service, overrides, regions);
    const { classes, steps } = last ?? prepare(service, regions, areas, this.#book);
    return {
      service,
      areas,
      classes,
      steps,
      overrides: effect,
      horizon: horizonOf(service, { health, overrides, effect }, of.settle, loads),
      survivors: undefined,
      starts: new Map(),
      mostStarts: this.#mostStarts,
      memo: new Map(),
    };
  }
}

/** Services that share a map share its classes, and with equal policies their steps. */
function prepare(
  service: Service,
  regions: Settings['regions'],
  areas: AreaMap,
  { chains }: PlanBook,
): Pick<Plan, 'classes' | 'steps'> {
  const known = chains.get(areas);
  // Ordering steps, and the tables that they may have, stand in the map's own key.
  const key = JSON.stringify(service.steps.filter(({ kind }) => !isOrdering(kind)));
  const steps = known?.steps.get(key);
  if (known !== undefined && steps !== undefined) return { classes: known.classes, steps };
  const { ordering, thinning } = prepareChain(service, regions);
  const chain = known ?? { classes: new ClassList(areas, service, ordering), steps: new Map() };
  chains.set(areas, chain);
  chain.steps.set(key, thinning);
  return { classes: chain.classes, steps: thinning };
}
