// A snapshot cell that follows another thread's: takes parts, makes the next view, and shows it when told.

import { indexInSlices, type ZoneIndex } from '../../authority/zone.ts';
import type { Atlas } from '../../model/atlas.ts';
import type { RegionHealth } from '../../model/health.ts';
import { noLoads } from '../../model/load.ts';
import type { RRset } from '../../model/message.ts';
import type { DomainName } from '../../model/name.ts';
import type { Region, RegionId } from '../../model/region.ts';
import type { Service, Zone } from '../../model/settings.ts';
import type { AreaMap } from '../../steering/snapshot.ts';
import { type Groundwork, type Mark, type Motion, type View, viewOf } from '../snapshot.ts';
import type { Facts, Part } from './parts.ts';

/** What was taken of a groundwork so far. */
interface Draft {
  readonly facts: Facts;
  readonly regions: Map<RegionId, Region>;
  readonly services: Map<DomainName, Service>;
  readonly zones: Map<DomainName, { readonly zone: Zone; readonly records: RRset[] }>;
  readonly areas: Map<string, Omit<AreaMap, 'atlas'>>;
}

export interface Follower {
  readonly cell: { readonly view: View };
  take(part: Part): void;
  /**
   * Makes the next view of what was taken. It is shown from the moment on when `shown` says this
   * number or a later one, to every thread at once. The first is shown at once. In slices: with new
   * settings there may be many names to index, and nothing is to be taken until that is over.
   */
  prepare(number: number, mark: Mark): Generator<void, void>;
}

/** What a follower holds of the other thread's snapshot. */
interface Held {
  draft: Draft | undefined;
  atlas: Atlas | undefined;
  readonly health: Map<RegionId, RegionHealth>;
  motion: Motion;
}

/** `shown` is read with each query while there is something to wait for. Throws before the first view. */
export function follow(shown: () => number): Follower {
  const held: Held = {
    draft: undefined,
    atlas: undefined,
    health: new Map(),
    motion: { health: new Map(), overrides: new Map(), loads: noLoads },
  };
  let ground: Groundwork | undefined;
  let zones: ZoneIndex | undefined;
  let view: View | undefined;
  let next: { readonly number: number; readonly view: View } | undefined;
  return {
    cell: {
      get view() {
        if (next !== undefined && shown() >= next.number) {
          view = next.view;
          next = undefined;
        }
        if (view === undefined) throw new Error('asked before the first snapshot');
        return view;
      },
    },
    take: (part) => takeInto(held, part),
    *prepare(number, mark) {
      if (held.draft !== undefined) {
        const drawn = groundOf(held.draft, held.atlas);
        held.draft = undefined;
        zones = yield* indexInSlices(drawn.settings);
        ground = drawn;
      }
      if (ground === undefined || zones === undefined) return;
      const made = viewOf(ground, zones, held.motion, mark);
      if (view === undefined) view = made;
      else next = { number, view: made };
    },
  };
}

function takeInto(held: Held, part: Part): void {
  const { draft, health, motion } = held;
  switch (part.kind) {
    case 'settings':
      held.draft = emptyDraft(part.settings);
      break;
    case 'atlas':
      held.atlas = part.atlas;
      break;
    case 'health':
      for (const id of part.gone) health.delete(id);
      for (const [id, each] of part.changed) health.set(id, each);
      held.motion = { ...motion, health: new Map(health) };
      break;
    case 'overrides':
      held.motion = { ...motion, overrides: part.overrides };
      break;
    case 'loads':
      held.motion = { ...motion, loads: part.loads };
      break;
    default:
      if (draft !== undefined) addTo(draft, part);
  }
}

function emptyDraft(facts: Facts): Draft {
  return {
    facts,
    regions: new Map(),
    services: new Map(),
    zones: new Map(),
    areas: new Map(),
  };
}

type GroundPart = Exclude<Part, { kind: 'settings' | 'atlas' | 'health' | 'overrides' | 'loads' }>;

function addTo(draft: Draft, part: GroundPart): void {
  switch (part.kind) {
    case 'regions':
      for (const region of part.regions) draft.regions.set(region.id, region);
      break;
    case 'services':
      for (const service of part.services) draft.services.set(service.name, service);
      break;
    case 'zone':
      draft.zones.set(part.zone.apex, { zone: part.zone, records: [] });
      break;
    case 'records':
      draft.zones.get(part.apex)?.records.push(...part.records);
      break;
    case 'areas':
      draft.areas.set(part.key, part.map);
  }
}

function groundOf(draft: Draft, atlas: Atlas | undefined): Groundwork {
  const { facts, regions, services } = draft;
  const areas = new Map(Array.from(draft.areas, ([key, map]) => [key, { ...map, atlas }]));
  const zones = Array.from(draft.zones.values(), ({ zone, records }) => ({ ...zone, records }));
  return { settings: { ...facts, regions, services, zones }, atlas, areas };
}
