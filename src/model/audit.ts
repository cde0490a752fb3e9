// What a director has recorded, as it is asked for: pages of a timeline.

import type { Millis } from './time.ts';

/** Something that moved traffic, or could have: a change of `model/event.ts`, or what the log says of itself. */
export interface TimelineEntry {
  /** ISO 8601 in UTC, by the clock of the director that recorded it. */
  readonly at: string;
  /** Which kind of thing; the list of kinds is open. */
  readonly event: string;
  /** What else is known of it depends on the kind. */
  readonly [fact: string]: unknown;
}

export interface TimelineRequest {
  /** ISO 8601; entries of that moment and later. */
  readonly since?: string | undefined;
  /** ISO 8601; entries before that moment. */
  readonly until?: string | undefined;
  /** Only what concerns this region, or all regions. */
  readonly region?: string | undefined;
  /** Only what concerns this service, or all services. */
  readonly service?: string | undefined;
  /** `next` of the page before. */
  readonly after?: string | undefined;
  /** How many entries at most. */
  readonly limit?: number | undefined;
}

export interface TimelinePage {
  readonly director: string;
  /** This director's clock as it answered, in ISO 8601. */
  readonly now: string;
  /** Since when everything is remembered, in ISO 8601; what was before is in the files alone. */
  readonly remembersSince: string;
  /** The newest entry on disk; null where no log is kept. */
  readonly head: ChainHead | null;
  /** Oldest first. */
  readonly entries: readonly TimelineEntry[];
  /** Where to go on; null at the end. */
  readonly next: string | null;
}

export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
}

/** In octets. */
export interface AuditBounds {
  /** How long a file grows before the next begins. */
  readonly file: number;
  /** How long all together may be. */
  readonly total: number;
}

/** How writing goes; of this process alone. */
export interface AuditTally {
  /** Entries that are on disk, and that wait to be. */
  readonly written: number;
  readonly waiting: number;
  /** Entries that found no room to wait. */
  readonly lost: number;
  /** Tries that failed. */
  readonly failures: number;
  /** When the newest came to disk; undefined before the first. */
  readonly writtenAt: Millis | undefined;
}
