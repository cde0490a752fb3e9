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

/** What an application asks to be taken in. */
export interface ReportRequest {
  readonly state: ReportState;
  readonly load?: number;
  readonly connections?: number;
  readonly reason?: string;
  /** How long it speaks: a span with its unit, at most the probe's lifetime, which is the default. */
  readonly for?: string;
}

/** What is known of an application now, as plain data. */
export interface ReportFacts {
  readonly region: string;
  readonly name: string;
  /** `silent` when nothing speaks any more, or nothing was ever heard. */
  readonly state: ReportState | 'silent';
  readonly load: number | null;
  readonly connections: number | null;
  readonly reason: string;
  /** Since the last report, also one that speaks no longer; null before the first. */
  readonly ageSeconds: number | null;
  /** How long that one still speaks. */
  readonly leftSeconds: number;
  /** The director that took it in. */
  readonly director: string | null;
  /** On how many boards it stands; only in the answer to a report. */
  readonly posted?: number;
}

/** How long one report may speak at most, in ms. */
export const longestReport = 86_400_000;

/** A load beyond this is a mistake of whoever reports it. */
export const maxLoad = 1000;

/**
 * The name under which a region's load is reported as a whole. No push probe can have it, and a
 * release that knows no loads holds and relays it like any other.
 */
export const loadName = '-';
