// What observers say of regions, and what the fleet concludes.

import type { DrillMeasure } from './drill-measure.ts';
import type { Figure } from './figure.ts';
import type { RegionId } from './region.ts';
import type { Millis } from './time.ts';

export type Verdict = 'up' | 'down' | 'unknown';

/** One probe result. */
export interface Sample {
  readonly isHealthy: boolean;
  /** How long the probe took; undefined where it asked nobody. */
  readonly latency: Millis | undefined;
  /** Why it failed, in words for the operator; empty on success. */
  readonly reason: string;
  /** How long the certificate it was shown is still valid; left out where none was. */
  readonly expiresIn?: Millis | undefined;
  /** True where the service itself says that it is leaving: no further failure need be waited for. */
  readonly isFinal?: boolean;
  /** True where nothing could be seen: it then says neither that the region is healthy nor that not. */
  readonly isBlind?: boolean;
  /** Figures of load that the answer told, in the order of the probe's `tells`; undefined for none. */
  readonly told?: readonly (Figure | undefined)[] | undefined;
}

/** What one observer says of one region, after damping. */
export interface Opinion {
  readonly verdict: Verdict;
  /** When the verdict last changed, by the observer's clock. */
  readonly since: Millis;
  /** Median latency of recent successful probes; undefined before the first. */
  readonly latency: Millis | undefined;
  /** Why the last probe failed; empty when it did not. */
  readonly reason: string;
  /** True while samples contradict the verdict but have not yet overturned it. */
  readonly isSuspect: boolean;
}

/** What a director says of itself beside its vote, for those who watch the fleet: no verdict hangs on it. */
export interface Standing {
  /** What its answers follow, in 12 hexadecimal digits: `Settings.configuration`. */
  readonly configuration: string;
  /** Number of its own snapshot; directors count each for themselves. */
  readonly epoch: number;
  /** Version of the program that it runs. */
  readonly release: string;
  /** Observing regions that it does not hear. */
  readonly missing: readonly string[];
  /** How many of its boards it cannot reach. */
  readonly lostBoards: number;
}

/** Everything one observer says, as posted on the boards. Only its observer ever changes it. */
export interface Vote {
  /** The director that speaks. */
  readonly observer: string;
  /** The region that director stands in; one vote counts per observing region. */
  readonly region: string;
  /** New at each start of the observer: its start time in Unix milliseconds. */
  readonly incarnation: number;
  /** Grows by one at each posting within an incarnation. */
  readonly sequence: number;
  readonly opinions: ReadonlyMap<RegionId, Opinion>;
  /** Left out by a release that does not say it. */
  readonly standing?: Standing | undefined;
  /**
   * What it has seen of regions' ways back, one claim a region; undefined for one that it cannot
   * judge. A region that is not listed is not on its way. A release that knows of no returns says
   * nothing at all.
   */
  readonly returns?: ReadonlyMap<RegionId, ReturnClaim | undefined> | undefined;
  /** What it knows of regions' loads, and makes of them; left out by a release that does not say it. */
  readonly loads?: ReadonlyMap<RegionId, LoadClaim> | undefined;
  /** What its own answers show of the drill that is under way, or has just ended. */
  readonly drill?: DrillMeasure | undefined;
}

/** What one observer says of a region's load; a span, so that no clock needs to be believed. */
export interface LoadClaim {
  /** As its own probes were told, as in `RegionLoad`. */
  readonly share: number | undefined;
  readonly connections: number | undefined;
  /** How long ago that was, when the vote was written. */
  readonly ago: number;
  /** Share of client networks, 0 to 1, that it would move on; undefined while it has no opinion. */
  readonly shed: number | undefined;
}

/** One observer's claim on a region's way back: spans, so that no clock needs to be believed. */
export interface ReturnClaim {
  /** How long the verdict has been `up` again; infinite when it was never down, -Infinity while it is. */
  readonly ago: number;
  readonly trips: number;
}

/** A vote as a director holds it: with its age, which never uses the sender's clock. */
export interface HeardVote {
  readonly vote: Vote;
  /** Local time at which this vote was new, counting the age it carried when it was received. */
  readonly freshAt: Millis;
}

/** The fleet's conclusion on one region. */
export interface RegionHealth {
  readonly verdict: Verdict;
  /** True when too few fresh votes exist and the last verdict is kept. */
  readonly isKept: boolean;
  /**
   * True until the first majority of this life: the verdict is then one that the last life left on
   * disk, or none, and gives way to what the others have seen meanwhile.
   */
  readonly isUnproven?: boolean;
  /** When the verdict last changed, by this director's clock. */
  readonly since: Millis;
  /** True while some observer's samples contradict the verdict. */
  readonly isSuspect: boolean;
  /** One line per fresh observing region: what it says. */
  readonly votes: readonly CountedVote[];
  readonly recovery: Recovery;
}

export type RecoveryStage =
  /** The verdict is `down`. */
  | 'out'
  /** Up again, and no client is sent there yet. */
  | 'holding'
  /** A share of the client networks is. */
  | 'half-open'
  | 'open';

/** How far a region is on its way back from `down`, by the fleet's schedule. */
export interface Recovery {
  readonly stage: RecoveryStage;
  /** Share of client networks that may be sent there: 0 to 1, which is all. */
  readonly share: number;
  /** When this stage began, by this director's clock; undefined where no return is remembered. */
  readonly since: Millis | undefined;
  /** When the next stage begins, if the region stays up; undefined when there is none. */
  readonly nextAt: Millis | undefined;
  /** The share in that stage; this one's when there is none. */
  readonly nextShare: number;
  /** How often it went down again before it had been open for long. */
  readonly trips: number;
  /** What this director tells the others; undefined while it cannot know. */
  readonly seen: Sighting | undefined;
}

/** What one director has itself seen of a region's way back. */
export interface Sighting {
  /** When the verdict became `up`, by its own clock; -Infinity long ago, Infinity while it is `down`. */
  readonly upAt: number;
  readonly trips: number;
}

export interface CountedVote {
  readonly region: string;
  readonly observer: string;
  readonly verdict: Verdict;
  readonly age: Millis;
  readonly latency: Millis | undefined;
  readonly reason: string;
}

/**
 * The first thing that may change of itself, and when at the earliest. `unknown`: too few votes are
 * left, so the verdict is kept.
 */
export interface NextChange {
  readonly change: Verdict | 'half-open' | 'open' | 'override-ends';
  readonly at: Millis;
}

/** Health of every region. */
export type HealthView = ReadonlyMap<RegionId, RegionHealth>;
