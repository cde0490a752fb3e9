// Events: what a director tells of as it happens, one change each, as plain data.

import type { AnswersChange } from './answers.ts';
import type { DecisionState } from './decision.ts';
import type { DrillAbort, DrillPhase } from './drill.ts';
import type { ReminderChange, ScheduleChange } from './drill-schedule.ts';
import type { RecoveryStage, Verdict } from './health.ts';
import type { OverrideKind } from './override.ts';
import type { NoticeChange, RefusalChange, RepeatsChange } from './refusal.ts';
import type { GateChange, ReloadChange } from './reload.ts';
import type { ConfigurationReport, OverrideReport } from './report.ts';
import type { BreakGlass, Finding } from './safety.ts';
import type { SafetyChange } from './safety-change.ts';

export type Change =
  | VerdictChange
  | SuspicionChange
  | ReturnChange
  | TripChange
  | ShedChange
  | OverrideChange
  | DrillChange
  | ScheduleChange
  | ReminderChange
  | GossipChange
  | ConfigurationChange
  | MixtureChange
  | FilesChange
  | ServiceChange
  | IsolationChange
  | SafetyChange
  | ReloadChange
  | GateChange
  | RefusalChange
  | NoticeChange
  | RepeatsChange
  | AnswersChange
  | LifeChange
  | EpochChange;

export interface VerdictChange {
  readonly type: 'verdict';
  readonly region: string;
  readonly from: Verdict | 'none';
  readonly to: Verdict;
  /** True when too few fresh votes are left, so that an old verdict is kept. */
  readonly isKept: boolean;
  /** In an observer's words; empty when there is nothing to say. */
  readonly reason: string;
  /** Whose votes stood when it turned; releases before this one did not tell. */
  readonly votes?: readonly VoteWord[];
}

/** What one observer said of a region. */
export interface VoteWord {
  readonly observer: string;
  readonly region: string;
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Samples of some observer contradict the verdict, or no longer do. */
export interface SuspicionChange {
  readonly type: 'suspicion';
  readonly region: string;
  readonly isSuspect: boolean;
}

/** A region that was down is at another stage of its way back. */
export interface ReturnChange {
  readonly type: 'return';
  readonly region: string;
  readonly from: RecoveryStage;
  readonly to: RecoveryStage;
  /** Share of client networks, 0 to 1, that may be sent there. */
  readonly share: number;
  /** When the next stage begins, in ISO 8601; null when there is none. */
  readonly until: string | null;
  readonly trips: number;
}

/** A region went down again before it had been open for long. */
export interface TripChange {
  readonly type: 'trip';
  readonly region: string;
  /** How often by now. */
  readonly trips: number;
}

/** A busy region passes on another share of its client networks than before. */
export interface ShedChange {
  readonly type: 'shed';
  readonly region: string;
  /** Shares of client networks, 0 to 1; 0 is nobody. */
  readonly from: number;
  readonly to: number;
  /** Share of its capacity that was in use then; null where nobody said. */
  readonly load: number | null;
}

export interface OverrideChange
  extends Pick<OverrideReport, 'service' | 'endpoint' | 'share' | 'isPermanent'> {
  readonly type: 'override';
  readonly region: string;
  readonly id: string;
  readonly kind: OverrideKind;
  readonly hasBegun: boolean;
  /** Who gave it, or took it back or replaced it; null when its time was over. */
  readonly by: string | null;
  readonly reason: string;
  /** ISO 8601 in UTC. */
  readonly end: string;
  /** Which one, since an event has an id of its own. */
  readonly override?: string;
  /** When it was given: a director that starts tells anew of what is in force. */
  readonly start?: string;
  /** The director at which this word was given; null when its time was over. */
  readonly from?: string | null;
  /** By which door, as `loopback` or `token ops`; null at any other director than that one. */
  readonly door?: string | null;
  /** Whose request it was, and which; and what every safety rule said of it. Only there, too. */
  readonly client?: string;
  readonly request?: string;
  readonly rules?: readonly Finding[];
  /** Safety rules that it was given in spite of. */
  readonly breakGlass?: BreakGlass;
}

/** A drill of this director has begun, is at another step, or is over; its words are overrides. */
export interface DrillChange {
  readonly type: 'drill';
  readonly drill: string;
  readonly region: string;
  readonly phase: DrillPhase;
  /** From 1 on; 0 before the first. */
  readonly step: number;
  /** Of client networks, that are drained from now on. */
  readonly share: number;
  /** Who began it, and why. */
  readonly by: string;
  readonly reason: string;
  readonly abort: DrillAbort | null;
  /** Of whoever began it, as it begins, or broke it off; left out where nobody did. */
  readonly door?: string;
  readonly client?: string;
  readonly request?: string;
  /** What every safety rule said of the drill as a whole, as it begins. */
  readonly rules?: readonly Finding[];
}

export interface GossipChange {
  readonly type: 'gossip';
  readonly from: string;
  readonly to: string;
  readonly missingObservers: readonly string[];
  readonly lostBoards: readonly string[];
}

/** Another one is in force, by the digest that directors compare. */
export interface ConfigurationChange {
  readonly type: 'configuration';
  readonly from: string;
  readonly to: string;
  /** The same of all files, with what each director has of its own. */
  readonly files?: { readonly from: string; readonly to: string };
}

/** Directors that are heard run different configurations, or all the same again. */
export interface MixtureChange {
  readonly type: 'mixture';
  readonly isMixed: boolean;
  /** Who runs what, most common first. */
  readonly configurations: readonly ConfigurationReport[];
}

/** The files have faults, so that the last good configuration is in force, or they no longer have. */
export interface FilesChange {
  readonly type: 'files';
  readonly areGood: boolean;
  /** A line each; as many as a report names. */
  readonly faults: readonly string[];
}

/** A service is answered in another way than by its healthy regions, or is so again. */
export interface ServiceChange {
  readonly type: 'service';
  readonly service: string;
  readonly from: DecisionState;
  /** The worst that clients of any territory get. */
  readonly to: DecisionState;
}

/** An observer alone sees every other region down, so its votes are left out; or no longer. */
export interface IsolationChange {
  readonly type: 'isolation';
  readonly observer: string;
  readonly isIsolated: boolean;
}

/** This director has started, or stops in order. */
export interface LifeChange {
  readonly type: 'started' | 'stopped';
  readonly release: string;
  readonly configuration: string;
  /** Digest of all of its files. */
  readonly files: string;
}

/** A new snapshot is in force; comes after whatever made it new. */
export interface EpochChange {
  readonly type: 'epoch';
}

export type DirectorEvent = Change & {
  /** Tells this event from all others, also of other directors and of earlier lives of this one. */
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The snapshot that is in force since. */
  readonly epoch: number;
};

/** For whoever needs no token: where operators sit is for those who may read the timeline. */
export function withoutClient(event: DirectorEvent): DirectorEvent {
  if (!('client' in event)) return event;
  const { client: _client, ...told } = event;
  return told as DirectorEvent;
}

/** What a stream of events says of itself. */
export interface StreamNotice {
  /** `start`: from here on, without a past; `missed`: there were events that cannot be told any more. */
  readonly type: 'start' | 'missed';
  /** `other-life`: before a restart, or of another director; `forgotten`: too long ago, or read too slowly. */
  readonly reason: 'other-life' | 'forgotten' | null;
  readonly director: string;
  readonly epoch: number;
}

/** What happens at this director, as it happens, and for as long as it is remembered. */
export interface Events {
  /** The id of the newest event. */
  newest(): string;
  /** Every event after this one; undefined when some are forgotten, or it is not one of this life. */
  since(id: string): readonly DirectorEvent[] | undefined;
  /** Calls back with each event from now on; what it gives ends that. */
  subscribe(listener: (event: DirectorEvent) => void): () => void;
}
