// Ballots: votes and overrides as the signed texts that directors post on boards.

import type { Opinion, Verdict, Vote } from '../../model/health.ts';
import type { HybridClock, Override, OverrideKind } from '../../model/override.ts';
import type { RegionId } from '../../model/region.ts';
import { type Millis, millis } from '../../model/time.ts';
import type { Seal } from '../../ports.ts';

/**
 * What one slot of a board says. The directors that post it may be relays, and none may trust the
 * clock of another, so it carries spans: `age` is how old the vote is, or how long ago the override
 * began (negative: it begins later), when it was posted; `lifetime` is what the board was told. A
 * reader adds how long the slot has been on the board, `lifetime` less what remains of it.
 */
export type Ballot = VoteBallot | OverrideBallot;

export interface VoteBallot extends Posting {
  readonly kind: 'vote';
  readonly vote: Vote;
}

/** `start` and `end` are by the clock of the director that posted it. */
export interface OverrideBallot extends Posting {
  readonly kind: 'override';
  readonly override: Override;
}

interface Posting {
  readonly age: Millis;
  readonly lifetime: Millis;
}

/** Why a text is no ballot. */
export type Refusal = 'oversized' | 'forged' | 'malformed';

/** Longer texts are not even checked. It holds the opinions on some 4,000 regions. */
const maxText = 262_144;
const maxOpinions = 10_000;
/** Longer texts of people are cut when written and refused when read. */
const maxReason = 200;
const maxActor = 200;
/** The farthest moment that ECMAScript can name (ECMA-262 §21.4.1.1). */
const maxMoment = 8.64e15;

/** `<mac> <json>`. The MAC covers all of the JSON: who has no secret cannot change an age either. */
export function encodeBallot(ballot: Ballot, seal: Seal): string {
  const { age, lifetime } = ballot;
  const payload = JSON.stringify(
    ballot.kind === 'vote'
      ? { age, lifetime, vote: voteJson(ballot.vote) }
      : { age, lifetime, override: overrideJson(ballot.override) },
  );
  return `${seal.sign(payload)} ${payload}`;
}

/** Reads what anybody may have written; never throws. */
export function decodeBallot(text: string, seal: Seal): Ballot | Refusal {
  if (text.length > maxText) return 'oversized';
  const space = text.indexOf(' ');
  if (space < 1) return 'malformed';
  const payload = text.slice(space + 1);
  if (!seal.verify(payload, text.slice(0, space))) return 'forged';
  return readBallot(parseJson(payload)) ?? 'malformed';
}

/** The slot that a ballot belongs in: one for each observer, and one register for each region. */
export function slotOf(ballot: Ballot): string {
  return ballot.kind === 'vote'
    ? `vote.${ballot.vote.observer}`
    : `override.${ballot.override.region}`;
}

export function overrideJson(override: Override): unknown {
  const { id, region, kind, start, end, isLifted, clock } = override;
  const actor = override.actor.slice(0, maxActor);
  const reason = override.reason.slice(0, maxReason);
  const order = [clock.wall, clock.counter, clock.node];
  return { id, region, kind, actor, reason, start, end, isLifted, clock: order };
}

function voteJson({ observer, region, incarnation, sequence, opinions }: Vote): unknown {
  const rows = Array.from(opinions, ([id, opinion]) => [
    id,
    opinion.verdict,
    opinion.since,
    opinion.latency ?? null,
    opinion.reason.slice(0, maxReason),
    opinion.isSuspect,
  ]);
  return { observer, region, incarnation, sequence, opinions: rows };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readBallot(json: unknown): Ballot | undefined {
  if (!isRecord(json)) return undefined;
  const { age, lifetime } = json;
  if (!isNumber(age, -maxMoment) || !isNumber(lifetime, 1)) return undefined;
  const posting = { age: millis(age), lifetime: millis(lifetime) };
  if (json['vote'] === undefined) {
    const override = readOverride(json['override']);
    return override === undefined ? undefined : { kind: 'override', override, ...posting };
  }
  const vote = age < 0 ? undefined : readVote(json['vote']);
  return vote === undefined ? undefined : { kind: 'vote', vote, ...posting };
}

function readVote(json: unknown): Vote | undefined {
  if (!isRecord(json)) return undefined;
  const { observer, region, incarnation, sequence, opinions: rows } = json;
  if (!isId(observer) || !isId(region)) return undefined;
  if (!isCount(incarnation) || !isCount(sequence)) return undefined;
  if (!Array.isArray(rows) || rows.length > maxOpinions) return undefined;
  const opinions = new Map<RegionId, Opinion>();
  for (const row of rows) {
    const id: unknown = Array.isArray(row) ? row[0] : undefined;
    const opinion = readOpinion(row);
    if (!isId(id) || opinion === undefined || opinions.has(id as RegionId)) return undefined;
    opinions.set(id as RegionId, opinion);
  }
  return { observer, region, incarnation, sequence, opinions };
}

function readOpinion(json: unknown): Opinion | undefined {
  if (!Array.isArray(json)) return undefined;
  const [, verdict, since, latency, reason, isSuspect] = json as readonly unknown[];
  if (!isOneOf<Verdict>(verdict, verdicts) || !isNumber(since, 0)) return undefined;
  if (latency !== null && !isNumber(latency, 0)) return undefined;
  if (!isText(reason, maxReason) || typeof isSuspect !== 'boolean') return undefined;
  return {
    verdict,
    since: millis(since),
    latency: latency === null ? undefined : millis(latency),
    reason,
    isSuspect,
  };
}

export function readOverride(json: unknown): Override | undefined {
  if (!isRecord(json)) return undefined;
  const { id, region, kind, actor, reason, start, end, isLifted } = json;
  const clock = readClock(json['clock']);
  if (!isId(id) || !isId(region) || !isOneOf<OverrideKind>(kind, overrideKinds)) return undefined;
  if (!isText(actor, maxActor) || !isText(reason, maxReason)) return undefined;
  if (!isNumber(start, 0) || !isNumber(end, start)) return undefined;
  if (typeof isLifted !== 'boolean' || clock === undefined) return undefined;
  return {
    id,
    region: region as RegionId,
    kind,
    actor,
    reason,
    start: millis(start),
    end: millis(end),
    isLifted,
    clock,
  };
}

function readClock(json: unknown): HybridClock | undefined {
  if (!Array.isArray(json)) return undefined;
  const [wall, counter, node] = json as readonly unknown[];
  if (!isNumber(wall, 0) || !isCount(counter) || !isId(node)) return undefined;
  return { wall: millis(wall), counter, node };
}

const verdicts: readonly Verdict[] = ['up', 'down', 'unknown'];
const overrideKinds: readonly OverrideKind[] = ['drain', 'down', 'up'];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Visible ASCII, as every id of a director, a region or an override is. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]{1,64}$/.test(value);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** A span or a moment, `least` or more; NaN is none. */
function isNumber(value: unknown, least: number): value is number {
  return typeof value === 'number' && value >= least && value <= maxMoment;
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length <= longest;
}

function isOneOf<T>(value: unknown, words: readonly T[]): value is T {
  return words.includes(value as T);
}
