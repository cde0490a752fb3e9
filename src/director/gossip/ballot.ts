// Ballots: votes, overrides and applications' reports as the signed texts that directors post on boards.

import type { Vote } from '../../model/health.ts';
import { type Override, overrideKey } from '../../model/override.ts';
import type { SelfReport } from '../../model/self-report.ts';
import { type Millis, millis } from '../../model/time.ts';
import type { Seal } from '../../ports.ts';
import { hashText } from '../../steering/hash.ts';
import { isNumber, isRecord, maxMoment, parseJson } from './json.ts';
import { overrideJson, readOverride } from './override-json.ts';
import { readReport, reportJson } from './report-json.ts';
import { readVote, voteJson } from './vote-json.ts';

/**
 * What one slot of a board says. The directors that post it may be relays, and none may trust the
 * clock of another, so it carries spans: `age` is how old the vote or the report is, or how long ago
 * the override began (negative: it begins later), when it was posted; `lifetime` is what the board was told. A
 * reader adds how long the slot has been on the board, `lifetime` less what remains of it.
 */
export type Ballot = VoteBallot | OverrideBallot | ReportBallot;

export interface VoteBallot extends Posting {
  readonly kind: 'vote';
  readonly vote: Vote;
}

/** `start` and `end` are by the clock of the director that posted it. */
export interface OverrideBallot extends Posting {
  readonly kind: 'override';
  readonly override: Override;
}

/** What was read has its start at 0. */
export interface ReportBallot extends Posting {
  readonly kind: 'report';
  readonly report: SelfReport;
}

interface Posting {
  readonly age: Millis;
  readonly lifetime: Millis;
}

/** Why a text is no ballot. */
export type Refusal = 'oversized' | 'forged' | 'malformed';

/** Longer texts are not even checked. It holds the opinions on some 4,000 regions. */
const longest = 262_144;

/** `<mac> <json>`. The MAC covers all of the JSON: who has no secret cannot change an age either. */
export function encodeBallot(ballot: Ballot, seal: Seal): string {
  const { age, lifetime } = ballot;
  const payload = JSON.stringify({ age, lifetime, ...contentJson(ballot) });
  return `${seal.sign(payload)} ${payload}`;
}

/** Under one key for each kind; a release that knows none of them refuses the ballot as malformed. */
function contentJson(ballot: Ballot): object {
  if (ballot.kind === 'vote') return { vote: voteJson(ballot.vote) };
  if (ballot.kind === 'override') return { override: overrideJson(ballot.override) };
  return { report: reportJson(ballot.report) };
}

/** Reads what anybody may have written; never throws. */
export function decodeBallot(text: string, seal: Seal): Ballot | Refusal {
  if (text.length > longest) return 'oversized';
  const space = text.indexOf(' ');
  if (space < 1) return 'malformed';
  const payload = text.slice(space + 1);
  if (!seal.verify(payload, text.slice(0, space))) return 'forged';
  return readBallot(parseJson(payload)) ?? 'malformed';
}

/**
 * The slot that a ballot belongs in: one for each observer, one register for each region and for
 * each part of one that a word is on, and one for each application of a region.
 */
export function slotOf(ballot: Ballot): string {
  if (ballot.kind === 'vote') return `vote.${ballot.vote.observer}`;
  if (ballot.kind === 'override') return `override.${registerOf(ballot.override)}`;
  return `report.${ballot.report.region}.${ballot.report.name}`;
}

/** A name may be longer than that of a slot, and has no place between its dots. */
function registerOf(override: Override): string {
  const { region } = override;
  const key = overrideKey(override);
  if (key === region) return region;
  return `${region}.${[key, `slot ${key}`].map((text) => hashText(text).toString(36)).join('')}`;
}

function readBallot(json: unknown): Ballot | undefined {
  if (!isRecord(json)) return undefined;
  const { age, lifetime } = json;
  if (!isNumber(age, -maxMoment) || !isNumber(lifetime, 1)) return undefined;
  const posting = { age: millis(age), lifetime: millis(lifetime) };
  if (json['override'] !== undefined) {
    const override = readOverride(json['override']);
    return override && { kind: 'override', override, ...posting };
  }
  if (age < 0) return undefined;
  if (json['report'] !== undefined) {
    const report = readReport(json['report']);
    return report && { kind: 'report', report, ...posting };
  }
  const vote = readVote(json['vote']);
  return vote && { kind: 'vote', vote, ...posting };
}
