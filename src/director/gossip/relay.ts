// Relaying: how long what is on boards has been under way, and what of it a board lacks.

import type { HeardVote } from '../../model/health.ts';
import { compareClocks, type HybridClock, type Override } from '../../model/override.ts';
import type { SelfReport } from '../../model/self-report.ts';
import { type Millis, millis, startedAt } from '../../model/time.ts';
import type { Posted } from '../../ports.ts';
import { type Ballot, slotOf } from './ballot.ts';
import { compareMarks, type Ledger } from './ledger.ts';

/** An override stays on a board a minute longer than it lasts, and at most a week longer. */
const afterEnd = 60_000;
const longestStay = 7 * 86_400_000;

/** Clocks that differ by less count as the same, so that a whole fleet names the same end. */
const clockTolerance = 5_000;

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

/** What a director would post for others, by slot; its own votes it posts by itself. */
export function toRelay(
  ledger: Ledger,
  about: { readonly observer: string; readonly voteLifetime: Millis; readonly now: Millis },
): ReadonlyMap<string, Ballot> {
  const { observer, voteLifetime, now } = about;
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
