// A vote as JSON, and back.

import type {
  LoadClaim,
  Opinion,
  ReturnClaim,
  Standing,
  Verdict,
  Vote,
} from '../../model/health.ts';
import type { RegionId } from '../../model/region.ts';
import { millis } from '../../model/time.ts';
import { readMeasure } from './measure-json.ts';
import { isCount, isId, isNumber, isOneOf, isRecord, isText, maxText } from './json.ts';

const maxOpinions = 10_000;
const verdicts: readonly Verdict[] = ['up', 'down', 'unknown'];

/** A share that is worked out from a small capacity may be beyond what may be reported. */
const maxShare = 1e9;

/** As many regions as are named as missing, at most. */
const maxMissing = 256;

export function voteJson({ observer, region, incarnation, sequence, ...said }: Vote): unknown {
  const { opinions, standing, returns, loads, drill } = said;
  const rows = Array.from(opinions, ([id, opinion]) => [
    id,
    opinion.verdict,
    opinion.since,
    opinion.latency ?? null,
    opinion.reason.slice(0, maxText),
    opinion.isSuspect,
  ]);
  const self = standing && { ...standing, missing: standing.missing.slice(0, maxMissing) };
  const back = returns && Array.from(returns, claimRow);
  const load = loads && Array.from(loads, loadRow);
  const rest = { opinions: rows, standing: self, returns: back, loads: load, drill };
  return { observer, region, incarnation, sequence, ...rest };
}

/** JSON has no word for what is infinite: `null` is a region that is down. */
function claimRow([id, claim]: readonly [RegionId, ReturnClaim | undefined]): unknown {
  if (claim === undefined) return [id];
  return [id, claim.ago < 0 ? null : Math.round(claim.ago), claim.trips];
}

function loadRow([id, { share, connections, ago, shed }]: readonly [RegionId, LoadClaim]): unknown {
  return [id, share ?? null, connections ?? null, Math.round(ago), shed ?? null];
}

/** Undefined for what no director wrote. */
export function readVote(json: unknown): Vote | undefined {
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
  const standing = readStanding(json['standing']);
  const returns = readReturns(json['returns']);
  const loads = readLoads(json['loads']);
  const drill = readMeasure(json['drill']);
  const rest = {
    ...(standing && { standing }),
    ...(returns && { returns }),
    ...(loads && { loads }),
    ...(drill && { drill }),
  };
  return { observer, region, incarnation, sequence, opinions, ...rest };
}

/**
 * Undefined where another release says it in another way or not at all: what an observer says of
 * itself changes no answer, so a vote is no worse without.
 */
function readStanding(json: unknown): Standing | undefined {
  if (!isRecord(json)) return undefined;
  const { configuration, epoch, release, missing, lostBoards } = json;
  if (typeof configuration !== 'string' || !/^[0-9a-f]{12}$/.test(configuration)) return undefined;
  if (!isCount(epoch) || !isId(release) || !isCount(lostBoards)) return undefined;
  if (!Array.isArray(missing) || missing.length > maxMissing || !missing.every(isId)) {
    return undefined;
  }
  return { configuration, epoch, release, missing, lostBoards };
}

/**
 * Undefined from a release that tells none. What cannot be read is left out: a later release may
 * tell more, and its verdicts count all the same.
 */
function readReturns(json: unknown): Vote['returns'] {
  if (!Array.isArray(json)) return undefined;
  const returns = new Map<RegionId, ReturnClaim | undefined>();
  for (const row of json.slice(0, maxOpinions) as readonly unknown[]) {
    const [id, ago, trips] = (Array.isArray(row) ? row : []) as readonly unknown[];
    if (!isId(id)) continue;
    const isDown = ago === null;
    const isClaim = isCount(trips) && (isDown || isNumber(ago, 0));
    const span = isDown ? Number.NEGATIVE_INFINITY : (ago as number);
    returns.set(id as RegionId, isClaim ? { ago: span, trips } : undefined);
  }
  return returns;
}

/** As returns are read: what cannot be, or is no share that there can be, is left out. */
function readLoads(json: unknown): Vote['loads'] {
  if (!Array.isArray(json)) return undefined;
  const loads = new Map<RegionId, LoadClaim>();
  for (const row of json.slice(0, maxOpinions) as readonly unknown[]) {
    const [id, share, connections, ago, shed] = (Array.isArray(row) ? row : []) as unknown[];
    if (!isId(id) || !isNumber(ago, 0)) continue;
    loads.set(id as RegionId, {
      share: isNumber(share, 0) && share <= maxShare ? share : undefined,
      connections: isCount(connections) ? connections : undefined,
      ago: Math.round(ago),
      shed: isNumber(shed, 0) && shed <= 1 ? shed : undefined,
    });
  }
  return loads;
}

function readOpinion(json: unknown): Opinion | undefined {
  if (!Array.isArray(json)) return undefined;
  const [, verdict, since, latency, reason, isSuspect] = json as readonly unknown[];
  if (!isOneOf<Verdict>(verdict, verdicts) || !isNumber(since, 0)) return undefined;
  if (latency !== null && !isNumber(latency, 0)) return undefined;
  if (!isText(reason, maxText) || typeof isSuspect !== 'boolean') return undefined;
  return {
    verdict,
    since: millis(since),
    latency: latency === null ? undefined : millis(latency),
    reason,
    isSuspect,
  };
}
