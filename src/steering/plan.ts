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
  commonFindings,
  enterPlan,
  findPlan,
  type Kin,
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
    const kin = last?.kin ?? this.#kinOf(service);
    if (kin === undefined) return undefined;
    const plan = last?.isCurrent === true ? last.plan : this.#make(service, kin);
    this.#made.set(name, plan);
    enterPlan(this.#book, { plan, kin, number: this.#number });
    return plan;
  }

  #kinOf(service: Service): Kin | undefined {
    const areas = this.#mapOf(service);
    return areas && kinOf(service, this.#settings.regions, areas, this.#book);
  }

  #make(service: Service, kin: Kin): Plan {
    const { regions, health: of } = this.#settings;
    const { health, overrides, loads } = this.#motion;
    const { areas, classes, steps } = kin;
    const effect = effectOn(service, overrides, regions);
    const findings = commonFindings(this.#book, kin, service, effect, this.#number);
    // Whoever joins brings its share.
    findings.mostStarts = Math.min(mostStarts, findings.mostStarts + this.#mostStarts);
    const horizon = horizonOf(service, { health, overrides, effect }, of.settle, loads);
    return { service, areas, classes, steps, overrides: effect, horizon, findings };
  }
}

/** Services that share a map share its classes, and with equal policies their steps. */
function kinOf(
  service: Service,
  regions: Settings['regions'],
  areas: AreaMap,
  { chains }: PlanBook,
): Kin {
  const known = chains.get(areas);
  // Ordering steps, and the tables that they may have, stand in the map's own key.
  const key = JSON.stringify(service.steps.filter(({ kind }) => !isOrdering(kind)));
  const kin = known?.kins.get(key);
  if (known !== undefined && kin !== undefined) return kin;
  const { ordering, thinning } = prepareChain(service, regions);
  const chain = known ?? { classes: new ClassList(areas, service, ordering), kins: new Map() };
  chains.set(areas, chain);
  const fresh: Kin = { areas, classes: chain.classes, steps: thinning, common: undefined };
  chain.kins.set(key, fresh);
  return fresh;
}
