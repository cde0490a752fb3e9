// How each service is answered at the moment, whoever asks: by its healthy regions, or in which other way.

import type { DecisionState } from '../model/decision.ts';
import type { HealthView } from '../model/health.ts';
import { type DomainName, formatName } from '../model/name.ts';
import type { OverrideView } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import type { Service, Settings } from '../model/settings.ts';
import { prepareExclusions } from './chain.ts';
import { stateOf } from './decide.ts';
import { effectOn } from './effect.ts';
import { nobody } from './floor.ts';
import type { Snapshot } from './snapshot.ts';
import { flattenTiers, type Moment, type Race, type ThinningStep } from './step.ts';
import { fencesIn } from './steps/fence.ts';

/** Worst last. */
const severity: readonly DecisionState[] = [
  'healthy',
  'below-floor',
  'fail-open',
  'stand-in',
  'fail-closed',
  'withheld',
];

type Facts = Pick<Snapshot, 'settings' | 'health' | 'overrides' | 'loads'>;

/**
 * By the service's name, the worst that clients of any territory get: of all regions together, and of
 * those inside each fence. Steps that only choose among regions that may serve are left out, and a
 * region that is drained for some clients is out for the worst off. Services that have the same regions
 * and rules fare alike, and only what a change may touch is looked at: with as many services as a fleet
 * has, a change of health must not hold up whoever tells of it. Without any change it is the same map.
 */
export function serviceStates(facts: Facts): ReadonlyMap<string, DecisionState> {
  const { settings, health, overrides } = facts;
  const book = books.get(settings) ?? openBook(settings);
  const { last } = book;
  const moved = last === undefined ? undefined : movedBetween(last.health, health);
  const isSameWords = last !== undefined && last.overrides === overrides;
  if (last !== undefined && isSameWords && moved?.size === 0) return last.states;
  const general = { ...facts, overrides: withoutServices(overrides) };
  let isAny = false;
  for (const kin of book.kins) {
    if (isSameWords && !kin.regions.some((id) => moved?.has(id) ?? true)) continue;
    const state = worstOf(kin, kin.first, general);
    isAny ||= state !== kin.state;
    kin.state = state;
  }
  const own = new Map<DomainName, DecisionState>();
  for (const { service: name } of overrides.values()) {
    const service = name === undefined ? undefined : settings.services.get(name);
    const kin = service && book.kinOf.get(service);
    if (service && kin) own.set(service.name, worstOf(kin, service, facts));
  }
  const isSame = !isAny && own.size === 0 && last?.own.size === 0;
  const states = isSame ? last.states : statesOf(book, own);
  book.last = { health, overrides, states, own };
  return states;
}

/** Services that fare alike, as long as no operator speaks of one of them. */
interface Kin {
  /** Any of them, seen without what is said of it alone. */
  readonly first: Service;
  readonly regions: readonly RegionId[];
  readonly steps: readonly ThinningStep[];
  readonly territories: readonly { readonly regions: readonly RegionId[] }[];
  state: DecisionState;
}

interface Book {
  readonly kins: readonly Kin[];
  readonly kinOf: ReadonlyMap<Service, Kin>;
  readonly names: ReadonlyMap<Service, string>;
  /** What was found last, and of what. */
  last:
    | {
        readonly health: HealthView;
        readonly overrides: OverrideView;
        readonly states: ReadonlyMap<string, DecisionState>;
        readonly own: ReadonlyMap<DomainName, DecisionState>;
      }
    | undefined;
}

const books = new WeakMap<Settings, Book>();

/** Services taken in between two pauses. */
const servicesPerSlice = 256;

/** Sorts the services of new settings once, in slices; whoever asks before that waits for all of it. */
export function* readyStates(settings: Settings): Generator<void, void> {
  const { services, regions } = settings;
  const kins = new Map<string, Kin>();
  const kinOf = new Map<Service, Kin>();
  const names = new Map<Service, string>();
  for (const service of services.values()) {
    const key = kinKey(service);
    const kin = kins.get(key) ?? {
      first: service,
      regions: service.regions,
      steps: prepareExclusions(service, regions),
      territories: [service, ...fencesIn(service.steps)],
      state: 'healthy',
    };
    kins.set(key, kin);
    kinOf.set(service, kin);
    names.set(service, formatName(service.name));
    if (kinOf.size % servicesPerSlice === 0) yield;
  }
  books.set(settings, { kins: [...kins.values()], kinOf, names, last: undefined });
}

function openBook(settings: Settings): Book {
  for (const _pause of readyStates(settings));
  return books.get(settings) as Book;
}

/** Equal for services that fare alike. */
function kinKey({ regions, steps, answers }: Service): string {
  const decisive = steps.filter(({ kind }) => ['fence', 'alive', 'last-resort'].includes(kind));
  // No region's id has a space in it.
  return `${answers} ${regions.join(' ')} ${decisive.length > 0 ? JSON.stringify(decisive) : ''}`;
}

function statesOf(
  { kinOf, names }: Book,
  own: ReadonlyMap<DomainName, DecisionState>,
): ReadonlyMap<string, DecisionState> {
  const states = new Map<string, DecisionState>();
  for (const [service, { state }] of kinOf) {
    states.set(names.get(service) as string, own.get(service.name) ?? state);
  }
  return states;
}

function movedBetween(before: HealthView, after: HealthView): ReadonlySet<RegionId> {
  const moved = new Set<RegionId>();
  if (before === after) return moved;
  for (const [id, health] of after) if (before.get(id) !== health) moved.add(id);
  for (const id of before.keys()) if (!after.has(id)) moved.add(id);
  return moved;
}

/** What is said of regions and addresses in all services. */
function withoutServices(overrides: OverrideView): OverrideView {
  const general = Array.from(overrides).filter(([, { service }]) => service === undefined);
  return general.length === overrides.size ? overrides : new Map(general);
}

/** `service` is one of the kin. */
function worstOf(
  kin: Kin,
  service: Service,
  { settings, health, overrides, loads }: Facts,
): DecisionState {
  const words = effectOn(service, overrides, settings.regions);
  const effect = new Map(
    Array.from(words, ([region, { share: _all, ...word }]) => [region, word] as const),
  );
  const moment: Moment = { health, overrides: effect, loads, networkHash: 0, turn: undefined };
  const states = kin.territories.map((territory) => stateIn(kin.steps, territory.regions, moment));
  return states.toSorted((x, y) => severity.indexOf(y) - severity.indexOf(x))[0] ?? 'healthy';
}

function stateIn(
  steps: readonly ThinningStep[],
  regions: readonly RegionId[],
  moment: Moment,
): DecisionState {
  const tiers = [regions];
  let race: Race = { tiers, reserve: tiers, floored: nobody, isFailOpen: false };
  for (const step of steps) race = step.apply(race, moment);
  return stateOf(flattenTiers(race.tiers), race, moment);
}
