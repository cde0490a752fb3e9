// An operator's word on a region.

import type { RegionId } from './region.ts';
import type { Millis } from './time.ts';

/** `drain`: send no new clients. `down`: as if every probe failed. `up`: whatever probes say. */
export type OverrideKind = 'drain' | 'down' | 'up';

/**
 * A last-writer-wins register for one region, ordered by a hybrid logical clock, so that every
 * director that has heard the same words believes the same one. Lifting an override is the same
 * register with `isLifted`; it stays on the boards until its end so that no old word returns.
 */
export interface Override {
  readonly id: string;
  readonly region: RegionId;
  readonly kind: OverrideKind;
  readonly actor: string;
  readonly reason: string;
  readonly start: Millis;
  /** An override never outlives this moment, whoever is alive. */
  readonly end: Millis;
  readonly isLifted: boolean;
  readonly clock: HybridClock;
}

/** Wall time, then a counter, then the writer's id: a total order (Kulkarni et al., 2014). */
export interface HybridClock {
  readonly wall: Millis;
  readonly counter: number;
  readonly node: string;
}

export function compareClocks(x: HybridClock, y: HybridClock): number {
  if (x.wall !== y.wall) return x.wall - y.wall;
  if (x.counter !== y.counter) return x.counter - y.counter;
  return x.node === y.node ? 0 : x.node < y.node ? -1 : 1;
}

/** The next clock value of `node`, greater than every one it has seen. */
export function tickClock(last: HybridClock | undefined, now: Millis, node: string): HybridClock {
  if (last === undefined || last.wall < now) return { wall: now, counter: 0, node };
  return { wall: last.wall, counter: last.counter + 1, node };
}

export function isActive(override: Override, now: Millis): boolean {
  return !override.isLifted && override.start <= now && now < override.end;
}
