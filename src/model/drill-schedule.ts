// Drills that are begun without anybody's hand, and what is told of when each region was drilled.

import type { DrillRequest } from './drill.ts';
import type { RegionId } from './region.ts';
import type { Millis } from './time.ts';
import type { Window } from './window.ts';

export interface DrillSettings {
  /** How long a region may go without a drill before somebody is reminded; undefined reminds nobody. */
  readonly remindAfter: Millis | undefined;
  readonly schedules: readonly DrillSchedule[];
}

export interface DrillSchedule {
  readonly name: string;
  /** One of them at a time: whichever was not drilled for longest. */
  readonly regions: readonly RegionId[];
  /** A drill begins and ends within one of them, once at most. */
  readonly windows: readonly Window[];
  /** At least so long lies between a drill of any of them and the end of the window of the next. */
  readonly every: Millis;
  readonly request: Omit<DrillRequest, 'region' | 'actor'>;
}

/** When a region was drilled, as far as a director knows. */
export interface DrillAge {
  readonly region: string;
  /** When its last drill was done, in ISO 8601; null where none is known. */
  readonly drilledAt: string | null;
  readonly ageSeconds: number | null;
  /** True where it has not been drilled for as long as `drills.remindAfter` allows. */
  readonly isOverdue: boolean;
}

/** A schedule has begun a drill, waits for something within its window, or has let a window pass. */
export interface ScheduleChange {
  readonly type: 'schedule';
  readonly schedule: string;
  readonly region: string;
  readonly state: 'begun' | 'waiting' | 'skipped';
  /** The drill that was begun; else why none was. */
  readonly reason: string;
}

/** Regions that have not been drilled for too long; told once a day. */
export interface ReminderChange {
  readonly type: 'reminder';
  readonly regions: readonly string[];
  /** How long they may go without. */
  readonly afterSeconds: number;
}
