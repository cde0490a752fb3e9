// The queue of one webhook: which message is due when, and what becomes of it after each try.

import { type Millis, millis } from '../../model/time.ts';
import type { HookMessage } from './message.ts';

export interface Queued {
  readonly message: HookMessage;
  readonly since: Millis;
  dueAt: Millis;
  tries: number;
  /** The receiver takes others, but not this one. */
  isRefused: boolean;
  /** How many messages had been taken when it was last tried. */
  taken: number;
  /** Until then the receiver asked to be left alone. */
  askedUntil: number;
  /** Another director is to tell it: it is ours only if that one has fallen silent by then. */
  readonly isReserve: boolean;
}

/** The oldest makes room: what happened last is what a receiver needs most. */
const mostQueued = 1000;

/** Before the second try; each pause is twice the one before. */
const firstPause = 5000;

const longestPause = 600_000;

/** A message that failed so often holds nothing back any more: it may be that this one alone cannot be taken. */
const mostHolding = 6;

export class HookQueue {
  readonly #entries: Queued[] = [];
  #taken = 0;

  get size(): number {
    return this.#entries.length;
  }

  /** True when the oldest had to make room. */
  put(message: HookMessage, now: Millis, wait?: Millis): boolean {
    const isReserve = wait !== undefined;
    const dueAt = millis(now + (wait ?? 0));
    const isFull = this.#entries.length >= mostQueued;
    if (isFull) this.#entries.shift();
    for (const earlier of this.#entries) if (isBefore(message, earlier)) hurry(earlier, now);
    const fresh = { tries: 0, isRefused: false, taken: 0, askedUntil: 0 };
    this.#entries.push({ message, since: now, dueAt, isReserve, ...fresh });
    return isFull;
  }

  /**
   * Whichever is due first, of those due together the oldest. What tells of the same thing as an
   * older one waits until that is taken or given up, so that the newest word is heard last; but for one that
   * the receiver refuses or never takes, which may be so for a day.
   */
  next(): Queued | undefined {
    let next: Queued | undefined;
    const subjects = new Set<string>();
    for (const entry of this.#entries) {
      const { subject } = entry.message;
      if (subjects.has(subject)) continue;
      if (!entry.isRefused && entry.tries < mostHolding) subjects.add(subject);
      if (next === undefined || entry.dueAt < next.dueAt) next = entry;
    }
    return next;
  }

  /** The receiver is there: what it could not take before is tried again at once, the oldest first. */
  noteTaken(entry: Queued, now: Millis): void {
    this.remove(entry);
    this.#taken++;
    for (const other of this.#entries) if (other.tries > 0 && !other.isRefused) hurry(other, now);
  }

  /** It was taken, or is given up; it may have made room meanwhile. */
  remove(entry: Queued): void {
    const place = this.#entries.indexOf(entry);
    if (place >= 0) this.#entries.splice(place, 1);
  }

  /**
   * After a try that was not taken: true when there will be another. `asked` is how long the receiver
   * wants to be left alone; `chance` in [0, 1) keeps a fleet from coming back all at once.
   */
  retry(
    entry: Queued,
    now: Millis,
    {
      chance,
      retryFor,
      asked = millis(0),
      isRefused = false,
    }: {
      readonly chance: number;
      readonly retryFor: Millis;
      readonly asked?: Millis | undefined;
      readonly isRefused?: boolean | undefined;
    },
  ): boolean {
    entry.tries++;
    const grown = Math.min(firstPause * 2 ** Math.min(entry.tries - 1, 30), longestPause);
    const atLeast = Math.min(asked, longestPause);
    const pause = Math.max(grown * (0.5 + chance / 2), atLeast);
    // Others were taken between this try and the one before it.
    entry.isRefused = isRefused || (entry.tries > 1 && this.#taken > entry.taken);
    entry.taken = this.#taken;
    entry.askedUntil = now + atLeast;
    entry.dueAt = millis(now + Math.round(pause));
    if (entry.dueAt - entry.since <= retryFor) return true;
    this.remove(entry);
    return false;
  }
}

/** An earlier word on the same, which the receiver could not take. */
function isBefore({ subject }: HookMessage, { message, tries, isRefused }: Queued): boolean {
  return tries > 0 && !isRefused && message.subject === subject;
}

/** There is news behind it: it is tried again without waiting for the end of its pause. */
function hurry(entry: Queued, now: Millis): void {
  entry.dueAt = millis(Math.min(entry.dueAt, Math.max(now, entry.askedUntil)));
}
