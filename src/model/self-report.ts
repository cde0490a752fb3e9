// What an application says of itself.

import type { HybridClock } from './override.ts';
import type { RegionId } from './region.ts';
import type { Millis } from './time.ts';

/** `draining`: it serves whom it has and wants no new clients. */
export type ReportState = 'up' | 'draining' | 'down';

/**
 * A last-writer-wins register for one application of one region, ordered as overrides are, so that
 * an old word that is posted again never stands against a newer one.
 */
export interface SelfReport {
  readonly region: RegionId;
  /** The word that the region's push probe has for it. */
  readonly name: string;
  readonly state: ReportState;
  /** Share of its capacity that is in use: 1 is full. Undefined where it does not say. */
  readonly load: number | undefined;
  readonly connections: number | undefined;
  /** In its own words; may be empty. */
  readonly reason: string;
  /** When it was said, by the local clock. */
  readonly start: Millis;
  /** From then on it says nothing any more. */
  readonly end: Millis;
  readonly clock: HybridClock;
}

/** How long one report may speak at most, in ms. */
export const longestReport = 86_400_000;

/** A load beyond this is a mistake of whoever reports it. */
export const maxLoad = 1000;
