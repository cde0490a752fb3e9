// The one mutable cell: what every query reads, swapped whole by whoever has news.

import { indexZones, type ZoneIndex } from '../authority/zone.ts';
import type { Atlas } from '../model/atlas.ts';
import type { HealthView } from '../model/health.ts';
import { type LoadView, noLoads } from '../model/load.ts';
import type { OverrideView } from '../model/override.ts';
import type { Settings } from '../model/settings.ts';
import type { Clock } from '../ports.ts';
import { withoutWithheld } from '../steering/effect.ts';
import { preparePlans } from '../steering/plan.ts';
import { openPlanBook, type PlanBook } from '../steering/plan-book.ts';
import type { AreaMap, Snapshot } from '../steering/snapshot.ts';

/** What one question is answered from: read it once and keep the reference. */
export interface View {
  readonly snapshot: Snapshot;
  readonly zones: ZoneIndex;
}

/** Everything that changes only when an operator changes it. */
export interface Groundwork {
  readonly settings: Settings;
  readonly atlas: Atlas | undefined;
  readonly areas: ReadonlyMap<string, AreaMap>;
  /** Of the settings' zones; left out where it is made when the groundwork is taken. */
  readonly zones?: ZoneIndex | undefined;
  /** Names the data of the atlas; left out where that may be other data than its files have now. */
  readonly stamp?: string | undefined;
}

export interface SnapshotCell {
  readonly view: View;
  readonly ground: Groundwork;
  setGround(ground: Groundwork): void;
  setHealth(health: HealthView): void;
  setOverrides(overrides: OverrideView): void;
  setLoads(loads: LoadView): void;
  onSwap(listener: (view: View) => void): void;
}

export interface FirstState {
  readonly ground: Groundwork;
  readonly health: HealthView;
  readonly overrides: OverrideView;
  /** The last epoch before this start; the first snapshot has the next one. */
  readonly epoch: number;
}

/** What moves by itself, or by an operator's word. */
export interface Motion {
  readonly health: HealthView;
  readonly overrides: OverrideView;
  readonly loads: LoadView;
}

/** When it was made, and as which one. */
export type Mark = Pick<Snapshot, 'epoch' | 'builtAt'>;

/** `zones` are those of the groundwork's settings; plans are handed on from view to view of one groundwork. */
export function viewOf(ground: Groundwork, zones: ZoneIndex, motion: Motion, mark: Mark): View {
  const { settings, atlas, areas } = ground;
  const { health, overrides, loads } = motion;
  const book = books.get(ground) ?? openPlanBook();
  books.set(ground, book);
  const plans = preparePlans(settings, areas, health, overrides, loads, book);
  const named = withoutWithheld(settings.regions, overrides);
  return { snapshot: { ...mark, settings, atlas, ...motion, named, plans }, zones };
}

/** Gone with the last view of their groundwork. */
const books = new WeakMap<Groundwork, PlanBook>();

export function createSnapshotCell(first: FirstState, clock: Clock): SnapshotCell {
  let { ground, health, overrides, epoch } = first;
  let loads = noLoads;
  let zones = ground.zones ?? indexZones(ground.settings);
  const listeners: ((view: View) => void)[] = [];
  const build = (): View => {
    epoch++;
    const mark = { epoch, builtAt: clock.now() };
    return viewOf(ground, zones, { health, overrides, loads }, mark);
  };
  let view = build();
  const swap = (): void => {
    view = build();
    for (const listener of listeners) listener(view);
  };
  return {
    get view() {
      return view;
    },
    get ground() {
      return ground;
    },
    setGround(next) {
      ground = next;
      zones = next.zones ?? indexZones(next.settings);
      swap();
    },
    setHealth(next) {
      health = next;
      swap();
    },
    setOverrides(next) {
      overrides = next;
      swap();
    },
    setLoads(next) {
      loads = next;
      swap();
    },
    onSwap: (listener) => void listeners.push(listener),
  };
}
