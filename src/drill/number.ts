// What is read of a number while a drill goes on, and whether that ends it.

import type { DrillAbort, NumberReport } from '../model/drill.ts';
import { formatSpan, type Millis } from '../model/time.ts';
import type { NumberLimit } from './number-limit.ts';

/** One answer, or that none came. */
export interface Reading {
  /** Undefined where it is not known: of a counter, before the second answer. */
  readonly value: number | undefined;
  /** Why it could not be read; empty where it could. */
  readonly reason: string;
}

/** Never changed in place. */
export interface NumberState {
  readonly limit: NumberLimit;
  readonly before: number | undefined;
  readonly last: number | undefined;
  readonly worst: number | undefined;
  /** Since when every answer lay beyond the limit. */
  readonly beyondSince: Millis | undefined;
  /** When it was last read; before that, when the drill was asked for. */
  readonly readAt: Millis;
  readonly readings: number;
  readonly failures: number;
  readonly reason: string;
  /** True once it has lain beyond for as long as it may not. */
  readonly isBroken: boolean;
}

/**
 * Who was not read for so many intervals is silent: one answer that is lost or late says nothing yet, and
 * jitter makes an interval a fifth longer.
 */
const silentAfter = 4;

export function startNumber(limit: NumberLimit, now: Millis): NumberState {
  return {
    limit,
    before: undefined,
    last: undefined,
    worst: undefined,
    beyondSince: undefined,
    readAt: now,
    readings: 0,
    failures: 0,
    reason: '',
    isBroken: false,
  };
}

/** Only answers count towards how long it lies beyond: what could not be read lies nowhere. */
export function noteReading(state: NumberState, reading: Reading, now: Millis): NumberState {
  const { value, reason } = reading;
  if (reason !== '') {
    const isSilent = isOfSilence(state, now);
    const beyondSince = isSilent ? undefined : state.beyondSince;
    return { ...state, beyondSince, failures: state.failures + 1, reason };
  }
  const read = { ...state, readAt: now, readings: state.readings + 1, reason: '' };
  if (value === undefined) return read;
  const { bound, span } = state.limit;
  const beyondSince = isBeyond(state.limit, value) ? (state.beyondSince ?? now) : undefined;
  const sides = [value, state.worst ?? value];
  return {
    ...read,
    before: state.before ?? value,
    last: value,
    worst: bound === 'above' ? Math.max(...sides) : Math.min(...sides),
    beyondSince,
    isBroken: state.isBroken || (beyondSince !== undefined && now - beyondSince >= span),
  };
}

/** Why a drill must end by one of them; undefined where none says so. */
export function whyOfNumbers(states: readonly NumberState[], now: Millis): DrillAbort | undefined {
  for (const state of states) {
    const { words, onSilence } = state.limit;
    if (state.isBroken) {
      const { span } = state.limit;
      const how = span === 0 ? '' : `, and was so for ${formatSpan(span)}`;
      return { code: 'number', message: `${tellBeyond(state)}${how}` };
    }
    if (onSilence === 'continue' || !isOfSilence(state, now)) continue;
    const span = formatSpan(Math.floor((now - state.readAt) / 1000) * 1000);
    return { code: 'blind', message: `${words} was not read for ${span}${because(state)}` };
  }
  return undefined;
}

/** Why no drill must begin after the first reading of each; one that lies beyond is not waited for. */
export function whyNotNumbers(states: readonly NumberState[]): string | undefined {
  for (const state of states) {
    const { limit, last, failures, readings } = state;
    if (last !== undefined && isBeyond(limit, last)) return tellBeyond(state);
    const isUnread = readings === 0 && failures > 0;
    if (isUnread && limit.onSilence === 'abort') {
      return `${limit.words} cannot be read${because(state)}`;
    }
  }
  return undefined;
}

export function reportNumbers(states: readonly NumberState[]): NumberReport[] {
  return states.map(({ limit, before, last, worst, readings, failures, reason }) => ({
    number: limit.words,
    bound: limit.bound,
    limit: limit.limit,
    forSeconds: limit.span / 1000,
    onSilence: limit.onSilence,
    before: before ?? null,
    last: last ?? null,
    worst: worst ?? null,
    readings,
    failures,
    reason,
  }));
}

function isBeyond({ bound, limit }: NumberLimit, value: number): boolean {
  return bound === 'above' ? value > limit : value < limit;
}

function isOfSilence({ limit, readAt }: NumberState, now: Millis): boolean {
  return now - readAt > silentAfter * limit.every;
}

function tellBeyond({ limit, last = 0 }: NumberState): string {
  return `${limit.words} is at ${Number(last.toPrecision(6))}, ${limit.bound} ${limit.limit}`;
}

function because({ reason }: NumberState): string {
  return reason === '' ? '' : `: ${reason}`;
}
