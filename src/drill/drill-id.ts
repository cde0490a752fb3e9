// The name of a drill: when it began and at which director, so that of two everybody knows the earlier.

import type { Caller } from '../model/caller.ts';
import { formatInstant, type Millis } from '../model/time.ts';

/** `20260501T120000000Z-eu-1`: in the order of their beginnings, of one moment in that of directors. */
export function drillId(director: string, now: Millis): string {
  return `${formatInstant(now).replaceAll(/[-:.]/g, '')}-${director}`;
}

/** Where it began; undefined where that is the name of no drill. */
export function directorOfDrill(id: string): string | undefined {
  return /^\d{8}T\d{9}Z-([a-z0-9-]{1,63})$/.exec(id)?.[1];
}

/** Who a drill's words are by. */
export function drillActor(id: string): string {
  return `drill ${id}`;
}

/** The drill that gave a word; undefined for a person. */
export function drillOfActor(actor: string): string | undefined {
  const id = actor.startsWith('drill ') ? actor.slice('drill '.length) : '';
  return directorOfDrill(id) === undefined ? undefined : id;
}

/** By which door a drill's words come in: nobody who comes from outside comes in by it. */
export const drillDoor = 'drill';

export const byDrill: Caller = { door: drillDoor };
