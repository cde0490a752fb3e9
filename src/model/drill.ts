// A rehearsed failover: what is asked for, how far it is, and what it has measured, as plain data.

import type { DrillMeasure } from './drill-measure.ts';
import type { Verdict } from './health.ts';

export interface DrillRequest {
  readonly region: string;
  /** The name of a service of the region: within it alone. */
  readonly service?: string;
  /** In this order; shares grow. */
  readonly steps: readonly DrillStep[];
  /** False begins at once, while resolvers still hold answers with the long TTL; true when left out. */
  readonly lowerTtl?: boolean;
  readonly abortIf?: DrillLimits;
  readonly objectives?: DrillObjectives;
  readonly actor: string;
  readonly reason: string;
}

export interface DrillStep {
  /** Of client networks, above 0 up to 1. */
  readonly share: number;
  /** How long the step lasts: a span with its unit, such as `5m`. */
  readonly hold: string;
}

/** What ends a drill early, besides every change of a verdict. */
export interface DrillLimits {
  /** Of any other region of the services: a share of its capacity, such as 0.9. */
  readonly load?: number;
  /** Numbers that anybody serves over HTTP. */
  readonly numbers?: readonly NumberWish[];
}

/** A number in the answer to a GET request, and where it ends a drill: exactly one place, and one bound. */
export interface NumberWish {
  readonly http: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** False accepts any certificate. */
  readonly verify?: boolean;
  /** The name of a header. */
  readonly answerHeader?: string;
  /** Keys of a JSON body with dots between them. */
  readonly json?: string;
  /** A metric in Prometheus's text format, with labels; of a counter, what it grows by in a second. */
  readonly metric?: string;
  readonly above?: number;
  readonly below?: number;
  /** How long it must be so, such as `30s`; a single reading is enough when left out. */
  readonly for?: string;
  /** How often it is read, such as `5s`, which is the default. */
  readonly every?: string;
  /** What comes of it when it cannot be read; `abort` when left out. */
  readonly onSilence?: 'abort' | 'continue';
}

/** What a drill is to show; spans with their units, such as `30s`, from the beginning of each step. */
export interface DrillObjectives {
  /** Until a network that was answered with the region is first answered with another one. */
  readonly firstMoved?: string;
  /** Until 90 % of the networks that were answered with the region have asked again. */
  readonly drained?: string;
  /** That it is not aborted: without it no drill counts as passed either, but a report lists what was stated. */
  readonly noAbort?: true;
}

/** `preparing`: the TTL is short already and nobody is moved yet. */
export type DrillPhase = 'preparing' | 'step' | 'done' | 'aborted';

/** Nobody is moved any more, and nothing will be said. */
export function isOver({ phase }: { readonly phase: DrillPhase }): boolean {
  return phase === 'done' || phase === 'aborted';
}

/** A drill that ended early has met nothing, whatever was seen before. */
export function hasMetAll(phase: DrillPhase, objectives: readonly ObjectiveReport[]): boolean {
  return phase === 'done' && objectives.every(({ isMet }) => isMet);
}

/** Why a drill ended early; the list is open. */
export type AbortCode =
  | 'asked'
  | 'verdict'
  | 'blind'
  | 'load'
  | 'number'
  | 'override'
  | 'other-drill'
  | 'late'
  | 'refused'
  | 'configuration'
  | 'failed'
  | 'stopped'
  | 'restarted';

/** Why a drill ended early. */
export interface DrillAbort {
  readonly code: AbortCode;
  /** In words, without a final full stop. */
  readonly message: string;
}

/** Times are ISO 8601 in UTC, spans are seconds. */
export interface DrillReport {
  readonly id: string;
  /** The director that runs it; each measures its own answers. */
  readonly director: string;
  readonly region: string;
  readonly service?: string;
  readonly actor: string;
  readonly reason: string;
  readonly phase: DrillPhase;
  /** From 1 on; 0 while it is prepared. */
  readonly step: number;
  readonly startedAt: string;
  /** When the phase ends, or the drill ended. */
  readonly until: string;
  readonly plan: readonly DrillStep[];
  readonly steps: readonly StepReport[];
  /** The other regions that clients may be moved to, by their ids. */
  readonly others: readonly OtherReport[];
  /** The numbers that may end it, in the order of the plan. */
  readonly numbers: readonly NumberReport[];
  readonly objectives: readonly ObjectiveReport[];
  /**
   * True when it is done and every objective is met; null while it goes on, and for the two seconds after its
   * end in which directors tell what they measured last.
   */
  readonly isMet: boolean | null;
  /** Null unless it ended early. */
  readonly abort: DrillAbort | null;
  /** Answers to client networks that were not noted, since there was no room. */
  readonly unnoted: number;
  /** In seconds: the longest of its services before the drill, and while a word is in force. */
  readonly ttl: { readonly stable: number; readonly short: number };
  /** Safety rules of the configuration when it began: each word was held against all of them. */
  readonly rules: readonly string[];
  /** What each rule found each time that it was asked, in that order. */
  readonly judgements: readonly JudgementReport[];
  /** What each director measured, by its id. */
  readonly directors: readonly DirectorReport[];
}

/** What a safety rule found before a word of a drill was given. */
export interface JudgementReport {
  /** Null for the drill as a whole, before it began; 0 for the word that only lowers the TTL. */
  readonly step: number | null;
  readonly at: string;
  readonly rule: string;
  readonly isAllowed: boolean;
  /** How things would stand, and what the rule asks for; without a final full stop. */
  readonly figures: string;
}

/** Null where a director that was heard when it began has told nothing of it. */
export interface DirectorReport {
  readonly director: string;
  readonly measure: Omit<DrillMeasure, 'drill'> | null;
}

/** Added up over all directors that told of it: a network that asks two of them counts twice. */
export interface StepReport {
  readonly step: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Of all of the region's client networks, as planned. */
  readonly share: number;
  /** Networks that had been answered with the region before, and were so when the step began. */
  readonly networks: number;
  /** How many of them asked again. */
  readonly asked: number;
  /** How many of them were answered with another region. */
  readonly moved: number;
  /** Of those that asked again: how many should move, by the plan, and how many did; null of nobody. */
  readonly predicted: number | null;
  readonly observed: number | null;
  /** Until the first of them moved at the last director where any asked that should; null when none did. */
  readonly firstMovedSeconds: number | null;
  /** Until that share of the networks, in percent, had asked again; null when they did not. */
  readonly askedAgainSeconds: Readonly<Record<'50' | '90' | '99', number | null>>;
  /** Share of the networks that had asked again, 0 to 1, by the second; the same as it was predicted. */
  readonly curve: readonly CurvePoint[];
  readonly predictedCurve: readonly CurvePoint[];
}

export interface OtherReport {
  readonly region: string;
  readonly before: Verdict;
  readonly last: Verdict;
  /** Shares of its capacity; null where none is known. */
  readonly loadBefore: number | null;
  readonly loadMost: number | null;
  /** What was seen over time, at moments of equal distance. */
  readonly course: readonly CoursePoint[];
}

export type CurvePoint = readonly [seconds: number, share: number];

export interface CoursePoint {
  /** Since the drill began. */
  readonly seconds: number;
  /** A share of its capacity. */
  readonly load: number | null;
  readonly verdict: Verdict;
}

/** A number that may end a drill, as far as it was read; null where it was not. */
export interface NumberReport {
  /** What is read and where, without what may be secret. */
  readonly number: string;
  readonly bound: 'above' | 'below';
  readonly limit: number;
  readonly forSeconds: number;
  readonly onSilence: 'abort' | 'continue';
  /** The first that was known, the newest, and the one farthest towards the limit or beyond it. */
  readonly before: number | null;
  readonly last: number | null;
  readonly worst: number | null;
  /** How often it was read, and how often it could not be. */
  readonly readings: number;
  readonly failures: number;
  /** Why it could not be read the last time; empty where it could. */
  readonly reason: string;
}

export interface ObjectiveReport {
  readonly objective: keyof DrillObjectives;
  /** Null for the drill as a whole, which is within no time. */
  readonly step: number | null;
  readonly withinSeconds: number | null;
  /** Null when it was not seen, and of the drill as a whole. */
  readonly seconds: number | null;
  readonly isMet: boolean;
}
