// Relaying: how long what is on boards has been under way, what of it a board lacks, and what sets it right.

import type { HeardVote } from '../../model/health.ts';
import {
  compareClocks,
  type HybridClock,
  type Override,
  overrideKey,
} from '../../model/override.ts';
import type { SelfReport } from '../../model/self-report.ts';
import { type Millis, millis, startedAt } from '../../model/time.ts';
import type { Posted } from '../../ports.ts';
import { type Ballot, slotOf } from './ballot.ts';
import { compareMarks, type Ledger, reportKey } from './ledger.ts';

/** An override stays on a board a minute longer than it lasts, and at most a week longer. */
const afterEnd = 60_000;
const longestStay = 7 * 86_400_000;

/** Clocks that differ by less count as the same, so that a whole fleet names the same end. */
const clockTolerance = 5_000;

/** Older than any vote that counts, or that is listed. */
const longSilent = millis(7 * 86_400_000);

/** A vote as it is posted now; undefined once it is too old to say anything. */
export function voteBallot(heard: HeardVote, now: Millis, lifetime: Millis): Ballot | undefined {
  const age = Math.max(0, now - heard.freshAt);
  const left = Math.ceil(lifetime - age);
  return left > 0
    ? { kind: 'vote', vote: heard.vote, age: millis(age), lifetime: millis(left) }
    : undefined;
}

/** An override as it is posted now, its times by the local clock; undefined once it has ended. */
export function overrideBallot(override: Override, now: Millis): Ballot | undefined {
  const left = override.end - now;
  const lifetime = millis(Math.ceil(Math.min(left, longestStay)) + afterEnd);
  return left > 0
    ? { kind: 'override', override, age: millis(now - override.start), lifetime }
    : undefined;
}

/** A report as it is posted now; undefined once it says nothing any more. */
export function reportBallot(report: SelfReport, now: Millis): Ballot | undefined {
  const left = Math.ceil(report.end - now);
  const age = millis(Math.max(0, now - report.start));
  return left > 0 ? { kind: 'report', report, age, lifetime: millis(left) } : undefined;
}

/** Who relays, and when. */
interface Moment {
  readonly observer: string;
  readonly voteLifetime: Millis;
  readonly now: Millis;
}

export interface Relay {
  /** What a director would post for others, by slot; its own votes it posts by itself. */
  readonly known: () => ReadonlyMap<string, Ballot>;
  /** What to post in the place of a ballot that is not known any more, if it should not stand there. */
  readonly correct: (found: Ballot) => Ballot | undefined;
}

export function relayOf(ledger: Ledger, moment: () => Moment): Relay {
  return {
    known: () => toRelay(ledger, moment()),
    correct: (found) => correctionOf(found, ledger, moment()),
  };
}

function toRelay(
  ledger: Ledger,
  { observer, voteLifetime, now }: Moment,
): ReadonlyMap<string, Ballot> {
  const ballots = [
    ...Array.from(ledger.votes.values(), (heard) => voteBallot(heard, now, voteLifetime)),
    ...Array.from(ledger.registers.values(), (override) => overrideBallot(override, now)),
    ...Array.from(ledger.reports.values(), (report) => reportBallot(report, now)),
  ];
  const known = new Map<string, Ballot>();
  for (const ballot of ballots) {
    const isOwn = ballot?.kind === 'vote' && ballot.vote.observer === observer;
    if (ballot !== undefined && !isOwn) known.set(slotOf(ballot), ballot);
  }
  return known;
}

/**
 * What sets a board right that holds an older ballot than what is known, where that has nothing left
 * to say: a word or a report that has ended, so that the one before it does not go on elsewhere; and
 * how far an observer had come, so that one which lost its disk and hours of its clock, and whose
 * votes are all refused, counts on from there. Undefined where nothing is outdone.
 */
function correctionOf(
  found: Ballot,
  ledger: Ledger,
  { observer, now }: Moment,
): Ballot | undefined {
  const lifetime = millis(afterEnd);
  if (found.kind === 'vote') {
    const { observer: other, region } = found.vote;
    const mark = ledger.marks.get(other);
    if (other === observer || mark === undefined || compareMarks(mark, found.vote) <= 0) {
      return undefined;
    }
    const vote = { observer: other, region, ...mark, opinions: new Map() };
    return { kind: 'vote', vote, age: longSilent, lifetime };
  }
  if (found.kind === 'override') {
    const override = ledger.registers.get(overrideKey(found.override));
    if (override === undefined || !isLater(override, found.override)) return undefined;
    return { kind: 'override', override, age: millis(now - override.start), lifetime };
  }
  const report = ledger.reports.get(reportKey(found.report.region, found.report.name));
  if (report === undefined || !isLater(report, found.report)) return undefined;
  return { kind: 'report', report, age: millis(Math.max(0, now - report.start)), lifetime };
}

/**
 * The ballot with the age it has now that it was read; undefined when the slot has longer to live
 * than it was given, because then nobody can tell how long it has been there.
 */
export function aged(ballot: Ballot, posted: Posted): Ballot | undefined {
  const onBoard = ballot.lifetime - posted.remaining;
  return onBoard < 0 ? undefined : { ...ballot, age: millis(ballot.age + onBoard) };
}

/**
 * The override of a ballot just read, by the local clock. Its writer's clock may be hours off, so it
 * began `age` ago and lasts as long as its writer said, wherever it is heard.
 */
export function localOverride(override: Override, age: Millis, now: Millis): Override {
  const start = millis(now - age);
  return Math.abs(start - override.start) <= clockTolerance ? override : startedAt(override, start);
}

/** True when `x` is a later word than `y` in the same slot. */
export function isNewer(x: Ballot, y: Ballot): boolean {
  if (x.kind === 'vote') return y.kind === 'vote' && compareMarks(x.vote, y.vote) > 0;
  return y.kind === x.kind && compareClocks(clockOf(x), clockOf(y)) > 0;
}

function clockOf(ballot: Exclude<Ballot, { kind: 'vote' }>): HybridClock {
  return ballot.kind === 'override' ? ballot.override.clock : ballot.report.clock;
}

function isLater(x: { readonly clock: HybridClock }, y: { readonly clock: HybridClock }): boolean {
  return compareClocks(x.clock, y.clock) > 0;
}
