// The ledger: what one director has heard, the newest vote of each observer, word on each region and
// report of each application.

import type { HeardVote, Opinion, Vote } from '../../model/health.ts';
import {
  compareClocks,
  type HybridClock,
  type Override,
  overrideKey,
} from '../../model/override.ts';
import type { SelfReport } from '../../model/self-report.ts';
import { type Millis, millis, shiftSince, startedAt, type Timed } from '../../model/time.ts';

export interface Ledger {
  /** The newest vote of each observer, whatever its age. */
  readonly votes: Map<string, HeardVote>;
  /** How far each observer had come, to refuse what was said before; renewed longest ago first. */
  readonly marks: Map<string, Mark>;
  /** By `overrideKey`; ended ones stay, so that no old word returns. */
  readonly registers: Map<string, Override>;
  /** By `reportKey`; ended ones stay for the same reason. */
  readonly reports: Map<string, SelfReport>;
  /**
   * Words from disk: their times are by a clock that may have been set back while nobody looked, so
   * a board that says they end sooner is right. One that says later may have been told again.
   */
  readonly kept: WeakSet<object>;
  /** The greatest clock heard of. */
  clock: HybridClock | undefined;
}

export interface Mark {
  readonly incarnation: number;
  readonly sequence: number;
}

/** What a ledger holds of importance to the next start of its director. */
export interface Memory {
  readonly marks: ReadonlyMap<string, Mark>;
  /** Every register, also lifted and ended ones. */
  readonly registers: readonly Override[];
  readonly reports: readonly SelfReport[];
  /** When it was written; undefined by a release that did not say. */
  readonly savedAt: Millis | undefined;
}

/**
 * What hearing something meant: `news` says something else than before, `renewal` the same again,
 * `known` was heard already, `stale` is older than what is known, and `full` had no room.
 */
export type Hearing = 'news' | 'renewal' | 'known' | 'stale' | 'full';

/** How many observers are held, and how many registers; applications may be two to a region. */
const capacity = 1024;
const reportCapacity = 2048;

export function startLedger(memory: Memory | undefined, now: Millis): Ledger {
  const ledger: Ledger = {
    votes: new Map(),
    marks: new Map(Array.from(memory?.marks ?? []).slice(0, capacity)),
    registers: new Map(),
    reports: new Map(),
    kept: new WeakSet(),
    clock: undefined,
  };
  const shift = shiftSince(memory?.savedAt, now);
  for (const override of memory?.registers ?? []) {
    hearOverride(ledger, startedAt(override, millis(override.start + shift)), millis(0));
  }
  for (const report of memory?.reports ?? []) {
    hearReport(ledger, startedAt(report, millis(report.start + shift)), millis(0));
  }
  for (const word of [...ledger.registers.values(), ...ledger.reports.values()]) {
    ledger.kept.add(word);
  }
  return ledger;
}

/**
 * `freshAt` is by the local clock; only a newer vote of its observer renews the freshness. When
 * the ledger is full, an observer that was last fresh before `staleBefore` gives way.
 */
export function hearVote(ledger: Ledger, heard: HeardVote, staleBefore: Millis): Hearing {
  const { observer, incarnation, sequence } = heard.vote;
  const mark = ledger.marks.get(observer);
  const order = mark === undefined ? 1 : compareMarks(heard.vote, mark);
  if (order <= 0) return order === 0 ? 'known' : 'stale';
  if (mark === undefined && !hasRoom(ledger, staleBefore)) return 'full';
  const before = ledger.votes.get(observer);
  // Set anew, so that the map stays in the order of renewal.
  ledger.marks.delete(observer);
  ledger.marks.set(observer, { incarnation, sequence });
  // A newer vote may have come by a slower way; it is no less a sign of life.
  const freshAt = millis(Math.max(heard.freshAt, before?.freshAt ?? 0));
  ledger.votes.set(observer, { vote: heard.vote, freshAt });
  return before !== undefined && saysSame(before.vote, heard.vote) ? 'renewal' : 'news';
}

/** `override` has its start and end by the local clock. */
export function hearOverride(ledger: Ledger, override: Override, now: Millis): Hearing {
  const { registers } = ledger;
  return hearWord(ledger, { registers, key: overrideKey(override), capacity }, override, now);
}

/** `report` has its start and end by the local clock. */
export function hearReport(ledger: Ledger, report: SelfReport, now: Millis): Hearing {
  const key = reportKey(report.region, report.name);
  const held = ledger.reports.get(key);
  const into = { registers: ledger.reports, key, capacity: reportCapacity };
  const hearing = hearWord(ledger, into, report, now);
  const isSame = held !== undefined && now < held.end && held.state === report.state;
  return hearing === 'news' && isSame ? 'renewal' : hearing;
}

export function reportKey(region: string, name: string): string {
  return `${region} ${name}`;
}

/** The later word of two wins; when there is no room, one that has ended gives way. */
function hearWord<Key, Word extends Timed & { readonly clock: HybridClock }>(
  ledger: Ledger,
  into: { readonly registers: Map<Key, Word>; readonly key: Key; readonly capacity: number },
  word: Word,
  now: Millis,
): Hearing {
  const { registers, key } = into;
  const { clock } = word;
  if (ledger.clock === undefined || compareClocks(clock, ledger.clock) > 0) ledger.clock = clock;
  const held = registers.get(key);
  const order = held === undefined ? 1 : compareClocks(clock, held.clock);
  if (order < 0) return 'stale';
  if (held !== undefined && order === 0) {
    if (!ledger.kept.has(held) || word.end >= held.end) return 'known';
    ledger.kept.add(word);
  }
  if (held === undefined && registers.size >= into.capacity) {
    const ended = registers.entries().find(([, { end }]) => end <= now);
    if (ended === undefined) return 'full';
    registers.delete(ended[0]);
  }
  registers.set(key, word);
  return 'news';
}

/** A copy of what is worth keeping on disk. */
export function memoryOf(ledger: Ledger, now: Millis): Memory {
  return {
    marks: new Map(ledger.marks),
    registers: [...ledger.registers.values()],
    reports: [...ledger.reports.values()],
    savedAt: now,
  };
}

/** Positive when `x` was said after `y`. */
export function compareMarks(x: Mark, y: Mark): number {
  return x.incarnation === y.incarnation ? x.sequence - y.sequence : x.incarnation - y.incarnation;
}

/** Makes room for one observer more, if need be at the cost of the one renewed longest ago. */
function hasRoom(ledger: Ledger, staleBefore: Millis): boolean {
  if (ledger.marks.size < capacity) return true;
  const [oldest = ''] = ledger.marks.keys();
  const heard = ledger.votes.get(oldest);
  if (heard !== undefined && heard.freshAt >= staleBefore) return false;
  ledger.votes.delete(oldest);
  return ledger.marks.delete(oldest);
}

/** Sequence and latency apart: a latency is a figure and no opinion. */
function saysSame(x: Vote, y: Vote): boolean {
  return x.region === y.region && isSameView(x.opinions, y.opinions);
}

export function isSameView(x: Vote['opinions'], y: Vote['opinions']): boolean {
  if (x.size !== y.size) return false;
  for (const [region, opinion] of x) {
    const other = y.get(region);
    if (other === undefined || !isSameOpinion(opinion, other)) return false;
  }
  return true;
}

function isSameOpinion(x: Opinion, y: Opinion): boolean {
  return (
    x.verdict === y.verdict &&
    x.since === y.since &&
    x.reason === y.reason &&
    x.isSuspect === y.isSuspect
  );
}
