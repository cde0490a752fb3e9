// Windows: times of the week or of the calendar, all in UTC.

import { type Millis, millis } from './time.ts';

/** `from` included, `to` not; weekly ones count from the beginning of Monday, and may go round Sunday. */
export interface Window {
  readonly isWeekly: boolean;
  readonly from: Millis;
  readonly to: Millis;
  /** As it is written. */
  readonly words: string;
}

const day = 86_400_000;
const week = 7 * day;
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** The Unix epoch was a Thursday. */
const firstMonday = 4 * day;

/**
 * Reads `sat,sun 02:00-04:00`, `daily 22:00-02:00` or `2026-12-24T00:00Z/2026-12-27T00:00Z`; a day of the
 * week names the day on which a window begins. Undefined for any other text.
 */
export function readWindows(text: string): readonly Window[] | undefined {
  const dated = /^(\S+Z)\/(\S+Z)$/.exec(text);
  if (dated !== null) {
    const [from, to] = [readInstant(dated[1] ?? ''), readInstant(dated[2] ?? '')];
    const isFine = from !== undefined && to !== undefined && from < to;
    return isFine ? [{ isWeekly: false, from, to, words: text }] : undefined;
  }
  const [, names = '', start = '', end = ''] =
    /^([a-z,]+) (\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? [];
  const [from, to] = [readTime(start), readTime(end)];
  if (from === undefined || to === undefined || from === to || from === day) return undefined;
  const named = names === 'daily' ? days : names.split(',');
  if (new Set(named).size < named.length || named.some((each) => !days.includes(each)))
    return undefined;
  return named.map((each) => {
    const at = days.indexOf(each) * day;
    const ends = at + to + (to < from ? day : 0);
    return { isWeekly: true, from: millis(at + from), to: millis(ends), words: text };
  });
}

export function isWithin({ isWeekly, from, to }: Window, moment: Millis): boolean {
  if (!isWeekly) return from <= moment && moment < to;
  const at = (((moment - firstMonday) % week) + week) % week;
  return (from <= at && at < to) || (from <= at + week && at + week < to);
}

/** When it next begins, counted from a moment outside of it; undefined where it is over for good. */
export function nextStart({ isWeekly, from }: Window, moment: Millis): Millis | undefined {
  if (!isWeekly) return from > moment ? from : undefined;
  const at = (((moment - firstMonday) % week) + week) % week;
  return millis(moment + ((from - at + week) % week));
}

/** When it ends, counted from a moment inside it. */
export function endAfter({ isWeekly, to }: Window, moment: Millis): Millis {
  if (!isWeekly) return to;
  const at = (((moment - firstMonday) % week) + week) % week;
  return millis(moment + (to - at > week ? to - at - week : to - at));
}

/** Minutes of a day; `24:00` is its end. */
function readTime(text: string): number | undefined {
  const [hours = Number.NaN, minutes = Number.NaN] = text.split(':').map(Number);
  const isFine = (hours < 24 && minutes < 60) || (hours === 24 && minutes === 0);
  return isFine ? (hours * 60 + minutes) * 60_000 : undefined;
}

function readInstant(text: string): Millis | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(text)) return undefined;
  // oxlint-disable-next-line no-restricted-globals -- reads a given moment, no clock
  const at = Date.parse(text);
  return Number.isFinite(at) ? millis(at) : undefined;
}
