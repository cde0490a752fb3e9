// The course of a drill: where it stands and what is seen → where it stands next, and what to say.

import { type DrillAbort, isOver } from '../model/drill.ts';
import { shareOfNobody } from '../model/override.ts';
import { type Millis, millis } from '../model/time.ts';
import type { Plan } from './plan.ts';
import { type Baseline, type Seen, whyStop } from './stops.ts';

/**
 * A word outlives its step by so much, so that the next one is everywhere before it ends: two clocks
 * that gossip takes for the same may differ by 5 s, and a word is under way for a moment.
 */
export const margin = millis(10_000);

export interface DrillState {
  readonly plan: Plan;
  readonly phase: 'preparing' | 'step' | 'done' | 'aborted';
  /** From 1 on; 0 before the first. */
  readonly step: number;
  readonly startedAt: Millis;
  /** When the phase is over, or the drill ended. */
  readonly until: Millis;
  readonly baseline: Baseline;
  /** Why it ended early. */
  readonly abort: DrillAbort | undefined;
}

/** What to say now: a drain of that share, to end by itself after `span`; `revert` takes it back. */
export type Saying =
  | { readonly kind: 'drain'; readonly share: number; readonly span: Millis }
  | { readonly kind: 'revert' }
  | undefined;

export interface Turn {
  readonly state: DrillState;
  readonly say: Saying;
}

/** The first turn; nothing of it may happen where `whyStop` has an objection already. */
export function beginDrill(plan: Plan, baseline: Baseline, now: Millis): Turn {
  const state: DrillState = {
    plan,
    phase: 'preparing',
    step: 0,
    startedAt: now,
    until: millis(now + plan.notice),
    baseline,
    abort: undefined,
  };
  if (plan.notice === 0) return step(state, now);
  const span = millis(plan.notice + margin);
  return { state, say: { kind: 'drain', share: shareOfNobody, span } };
}

/** To be called often; a drill that is over stays as it is. */
export function nextDrill(state: DrillState, seen: Seen, now: Millis): Turn {
  if (isOver(state)) return { state, say: undefined };
  // What is seen so late is that the word is gone: nobody took it back.
  const abort = whyLate(state, now) ?? whyStop(state, seen);
  if (abort !== undefined) return abortDrill(state, abort, now);
  return now < state.until ? { state, say: undefined } : step(state, now);
}

/** Takes back what was said, and says nothing more. */
export function abortDrill(state: DrillState, abort: DrillAbort, now: Millis): Turn {
  if (isOver(state)) return { state, say: undefined };
  return { state: { ...state, phase: 'aborted', until: now, abort }, say: { kind: 'revert' } };
}

function step(state: DrillState, now: Millis): Turn {
  const next = state.plan.steps[state.step];
  if (next === undefined) {
    return { state: { ...state, phase: 'done', until: now }, say: { kind: 'revert' } };
  }
  const { share, hold } = next;
  const until = millis(now + hold);
  return {
    state: { ...state, phase: 'step', step: state.step + 1, until },
    say: { kind: 'drain', share, span: millis(hold + margin) },
  };
}

/** Once a word has ended by itself clients are back already: to go on would move them about. */
function whyLate({ until }: DrillState, now: Millis): DrillAbort | undefined {
  if (now < until + margin) return undefined;
  const late = Math.round((now - until) / 1000);
  const message = `the next step was ${late} s late, and the last one has ended by itself`;
  return { code: 'late', message };
}
