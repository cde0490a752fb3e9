// How many clients a reload would move, and whether it may: worked out beside the traffic, in slices.

import { createSnapshotCell, type Groundwork, type SnapshotCell } from '../director/snapshot.ts';
import { assumedUp } from '../health/recover.ts';
import type { Fault } from '../model/fault.ts';
import type { Approval } from '../model/reload.ts';
import type { RegionHealth } from '../model/health.ts';
import { formatName } from '../model/name.ts';
import { formatShare } from '../model/number.ts';
import type { RegionId } from '../model/region.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';
import { type Population, crowdOf, wholeSlice } from '../simulation/population.ts';
import { replay } from '../simulation/replay.ts';
import { Flows, openRegionBook, type Totals } from '../simulation/totals.ts';
import { worldPopulation } from '../simulation/world.ts';
import type { Plan, Snapshot } from '../steering/snapshot.ts';

export interface JudgeOptions {
  readonly cell: SnapshotCell;
  /** Awaited between slices of work, so that queries are answered meanwhile. */
  readonly pause: () => Promise<void>;
  readonly clock: Clock;
}

/** Longer than that nobody waits for an answer. */
const sliceMs = 3;

/**
 * The fault of a change that sends more of a name's clients elsewhere than the running configuration
 * allows, by the default population; else what it would move, as far as that was worked out. Regions are as healthy on
 * both sides as they are now, new ones are up. Names that come or go move nobody.
 */
export async function judgeMoves(
  next: Groundwork,
  options: JudgeOptions,
): Promise<Fault | Pick<Approval, 'moved' | 'forced'>> {
  const { snapshot } = options.cell.view;
  const { reload, configuration } = snapshot.settings;
  if (reload === undefined) return { moved: [], forced: [] };
  if (next.settings.reload?.force === configuration) {
    return { moved: [], forced: ['reload.maxMoved'] };
  }
  const force = `to let it come into force all the same, write reload.force: ${configuration}`;
  const after = snapshotOf(next, snapshot, options.clock);
  const changed = [...after.plans.values()].filter((plan) => {
    const before = snapshot.plans.get(plan.service.name);
    return before !== undefined && !areAlike(before, plan, snapshot.settings, after.settings);
  });
  if (changed.length === 0) return { moved: [], forced: [] };
  if (next.atlas === undefined) {
    const message = `without GeoIP data nobody can tell how many clients this change would move; ${force}`;
    return { code: 'config.moves', message, path: '/reload/maxMoved' };
  }
  const population = await runInSlices(worldPopulation(next.atlas), options.pause);
  const all: Approval['moved'][number][] = [];
  for (const plan of changed) {
    const before = snapshot.plans.get(plan.service.name);
    if (before === undefined) continue;
    const sides = { before: { snapshot, plan: before }, after: { snapshot: after, plan } };
    const moved = await movedShare(sides, population, options);
    const service = formatName(plan.service.name);
    all.push({ service, share: Math.round(moved * 10_000) / 10_000 });
    if (moved <= reload.maxMoved) continue;
    const figures = `${formatShare(moved)} of the clients of ${service}`;
    const message = `this change would send ${figures} to another region, and reload.maxMoved allows ${formatShare(reload.maxMoved)}; ${force}`;
    return { code: 'config.moves', message, path: '/reload/maxMoved' };
  }
  return { moved: all, forced: [] };
}

/** As it would be now: what is known of regions holds for those that stay. */
function snapshotOf(ground: Groundwork, running: Snapshot, clock: Clock): Snapshot {
  const { health, overrides, epoch, loads } = running;
  const known = Array.from(ground.settings.regions.keys(), (id): [RegionId, RegionHealth] => [
    id,
    health.get(id) ?? assumedUp,
  ]);
  const cell = createSnapshotCell({ ground, health: new Map(known), overrides, epoch }, clock);
  cell.setLoads(loads);
  return cell.view.snapshot;
}

/** True where two plans can only decide alike: one map, one chain, and the same to say of their regions. */
function areAlike(before: Plan, after: Plan, was: Settings, is: Settings): boolean {
  const factsOf = ({ service }: Plan, { regions }: Settings): string =>
    JSON.stringify([service, service.regions.map((id) => regions.get(id))]);
  return before.areas === after.areas && factsOf(before, was) === factsOf(after, is);
}

interface Sides {
  readonly before: { readonly snapshot: Snapshot; readonly plan: Plan };
  readonly after: { readonly snapshot: Snapshot; readonly plan: Plan };
}

async function movedShare(
  { before, after }: Sides,
  population: Population,
  { pause, clock }: JudgeOptions,
): Promise<number> {
  const book = openRegionBook(before.snapshot.settings.regions, after.snapshot.settings.regions);
  const shared = { book, now: clock.now() } satisfies { book: typeof book; now: Millis };
  const steps = replay({
    before: { ...before, ...shared },
    after: { ...after, ...shared },
    crowd: crowdOf(population, after.plan.service.name),
    slice: wholeSlice,
    farKm: Number.POSITIVE_INFINITY,
    slowMs: Number.POSITIVE_INFINITY,
  });
  return shareMoved(await runInSlices(steps, pause), book.ids.length);
}

function shareMoved({ units, countries }: Totals, regions: number): number {
  let moved = 0;
  for (const flow of new Flows(regions, countries).entries()) {
    if (flow.before !== flow.after) moved += flow.units;
  }
  return units === 0 ? 0 : moved / units;
}

async function runInSlices<T>(
  steps: Generator<unknown, T>,
  pause: () => Promise<void>,
): Promise<T> {
  let turn = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - turn < sliceMs) continue;
    await pause();
    turn = performance.now();
  }
}
