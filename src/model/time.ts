// Moments and spans: milliseconds for clocks, seconds for TTLs, and never one for the other.

export type Brand<Base, Tag extends string> = Base & { readonly __brand: Tag };

/** Milliseconds: a moment since the Unix epoch, or a span between two moments. */
export type Millis = Brand<number, 'Millis'>;

/** Whole seconds, the unit of every TTL (RFC 2181 §8: 0 to 2^31 - 1). */
export type Seconds = Brand<number, 'Seconds'>;

export function millis(value: number): Millis {
  return value as Millis;
}

export function seconds(value: number): Seconds {
  return Math.max(0, Math.min(0x7fffffff, Math.floor(value))) as Seconds;
}

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** What lasts from one moment to another. */
export interface Timed {
  readonly start: Millis;
  readonly end: Millis;
}

/** The same for as long, but from another moment on. */
export function startedAt<T extends Timed>(timed: T, start: Millis): T {
  return { ...timed, start, end: millis(start + timed.end - timed.start) };
}

/**
 * By how much moments move that were written down at `savedAt`, in ms up to 0: a clock that reads earlier now
 * was set back, and they go on as if no time had passed. 0 where nobody knows when that was.
 */
export function shiftSince(savedAt: Millis | undefined, now: Millis): number {
  return savedAt === undefined ? 0 : Math.min(0, now - savedAt);
}

/** Reads `250ms`, `5s`, `10m`, `1h`, `7d`; undefined when the text is anything else. */
export function parseSpan(text: string): Millis | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  const unit = match?.[2] === undefined ? undefined : units[match[2]];
  return unit === undefined ? undefined : millis(Math.round(Number(match?.[1]) * unit));
}

/** Words for a span, in its largest whole unit: `90s`, `10m`, `2h`; else in about as many seconds. */
export function formatSpan(span: number): string {
  const whole = Math.round(span);
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = units[unit] ?? 1;
    if (whole >= size && whole % size === 0) return `${whole / size}${unit}`;
  }
  return whole >= 1000 ? `${Math.round(whole / 1000)}s` : `${whole}ms`;
}

/** ISO 8601 in UTC with milliseconds; a moment that no calendar holds becomes the Unix epoch. */
export function formatInstant(moment: Millis): string {
  const isFine = Math.abs(moment) <= 8.64e15;
  // oxlint-disable-next-line no-restricted-globals -- formats a given moment, reads no clock
  return new Date(isFine ? moment : 0).toISOString();
}

/** `2026-05-01 14:00:00 UTC`, for people. */
export function formatMoment(moment: Millis): string {
  return `${formatInstant(moment).slice(0, 19).replace('T', ' ')} UTC`;
}
