// The failover curve: the share of a region's clients that are still there, second by second.

import type { TtlBounds } from '../model/settings.ts';
import { type Millis, millis } from '../model/time.ts';
import { type Caches, withObedient } from './caches.ts';
import { type Detection, type Moment, momentsOf } from './detection.ts';
import { Leaving, linger } from './leaving.ts';

/** What is predicted from; `ttl` is the service's. */
export interface Failover {
  readonly detection: Detection;
  readonly ttl: TtlBounds;
  readonly caches: Caches;
}

/** Why a client is still there; later ones come on top of earlier ones. */
export type Hold = 'unnoticed' | 'cached' | 'overstayed' | 'kept';

export interface FailoverCurve {
  /** At each second from 0 to an hour, the share of the region's former clients, 0 to 1. */
  readonly remaining: Float64Array;
  /** What that share is made of, by the same seconds. */
  readonly holds: Readonly<Record<Hold, Float64Array>>;
  /** Over all courses of events: when directors doubted, and when they stopped naming the region. */
  readonly doubted: Spread;
  readonly moved: Spread;
  /** When so many have left; undefined where it takes more than an hour. */
  readonly left: Readonly<Record<Quantile, Millis | undefined>>;
}

/** Infinite where it never happens. */
export interface Spread {
  readonly earliest: number;
  readonly median: number;
  readonly latest: number;
}

export const quantiles = [50, 90, 99] as const;

export type Quantile = (typeof quantiles)[number];

/** From one figure of a curve to the next. */
export const curveStep = millis(1000);

/** An hour, with both ends. */
const steps = 3601;

/**
 * A resolver asks again as soon as its answer ends, as one does that has many clients, so at the
 * failure the ages of what is cached are spread evenly over its life. What it fetches while directors
 * doubt lives for the short TTL and still names the region. A client that keeps an address for itself
 * asks its resolver again when that time is over. What is connected to the region while it is
 * drained may stay for longer; that is not counted.
 */
export function curveOf({ detection, ttl, caches }: Failover): FailoverCurve {
  const moments = momentsOf(detection);
  const stable = ttl.stable * 1000;
  const short = ttl.short * 1000;
  const honest = cacheOf(moments, { stable, short, hold: 0 });
  const [overstayed, kept] = [new Float64Array(steps), new Float64Array(steps)];
  for (const resolvers of withObedient(caches.resolvers)) {
    const life = {
      stable: Math.max(stable, resolvers.least),
      short: Math.max(short, resolvers.least),
    };
    const plain = cacheOf(moments, { ...life, hold: 0 });
    addTo(overstayed, plain, resolvers.share);
    for (const { share, least } of withObedient(caches.clients)) {
      const held = least === 0 ? plain : heldBy(least, plain, life, moments);
      addTo(kept, held, share * resolvers.share);
    }
  }
  const still = new Leaving(steps, curveStep);
  for (const { movesAt } of moments) still.add(movesAt, movesAt, 1 / moments.length);
  return {
    remaining: kept,
    holds: layer(kept, { unnoticed: still.remaining(), cached: honest, overstayed }),
    doubted: spreadOf(moments.map(({ doubtsAt }) => doubtsAt)),
    moved: spreadOf(moments.map(({ movesAt }) => movesAt)),
    left: { 50: whenLeft(kept, 0.5), 90: whenLeft(kept, 0.9), 99: whenLeft(kept, 0.99) },
  };
}

interface Life {
  /** How long a resolver keeps an answer that is fetched before and while directors doubt. */
  readonly stable: number;
  readonly short: number;
}

/**
 * A client that keeps for less than the stable life asks again when its resolver does. One that keeps
 * for longer asks at any moment, so it comes to learn of the change at any moment of that span.
 */
function heldBy(
  hold: number,
  plain: Float64Array,
  life: Life,
  moments: readonly Moment[],
): Float64Array {
  if (hold >= life.stable) return linger(plain, hold, curveStep);
  return cacheOf(moments, { ...life, hold });
}

function cacheOf(moments: readonly Moment[], life: Life & { readonly hold: number }): Float64Array {
  const leaving = new Leaving(steps, curveStep);
  for (const moment of moments) addLeaving(moment, life, 1 / moments.length, leaving);
  return leaving.remaining();
}

/**
 * The first fetch after doubts began comes at any moment of the stable life. At or after the move it
 * is the last one; before, fetches follow a short life apart, and a client that holds an address
 * for longer than that comes back when a whole number of its own spans is over.
 */
function addLeaving(
  { doubtsAt, movesAt }: Moment,
  { stable, short, hold }: Life & { readonly hold: number },
  share: number,
  leaving: Leaving,
): void {
  if (!Number.isFinite(movesAt)) return;
  const end = doubtsAt + stable;
  const density = share / stable;
  if (movesAt < end) leaving.add(movesAt, end, density * (end - movesAt));
  for (let round = 1; movesAt - (round - 1) * short > doubtsAt; round++) {
    const from = Math.max(movesAt - round * short, doubtsAt);
    const to = Math.min(movesAt - (round - 1) * short, end);
    if (to <= from) continue;
    const wait = round * short;
    const shift = hold > short ? Math.ceil(wait / hold) * hold : wait;
    leaving.add(from + shift, to + shift, density * (to - from));
  }
}

/** Each part is what the whole has beyond those before it. */
function layer(
  whole: Float64Array,
  tops: Readonly<Record<Exclude<Hold, 'kept'>, Float64Array>>,
): Record<Hold, Float64Array> {
  const below = new Float64Array(whole.length);
  const cut = (top: Float64Array): Float64Array =>
    top.map((share, i) => {
      const part = Math.max(0, Math.min(share, whole[i] ?? 0) - (below[i] ?? 0));
      below[i] = (below[i] ?? 0) + part;
      return part;
    });
  return {
    unnoticed: cut(tops.unnoticed),
    cached: cut(tops.cached),
    overstayed: cut(tops.overstayed),
    kept: cut(whole),
  };
}

function addTo(sums: Float64Array, shares: Float64Array, weight: number): void {
  for (const [i, share] of shares.entries()) sums[i] = (sums[i] ?? 0) + share * weight;
}

/** Between two seconds, as if clients left evenly. */
function whenLeft(remaining: Float64Array, share: number): Millis | undefined {
  const rest = 1 - share;
  const at = remaining.findIndex((each) => each <= rest + 1e-9);
  if (at < 0) return undefined;
  const here = remaining[at] ?? 0;
  const before = remaining[at - 1] ?? here;
  const part = before > here ? (before - rest) / (before - here) : 1;
  return millis((at - 1 + Math.min(1, part)) * curveStep);
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ??
    Number.POSITIVE_INFINITY;
  return { earliest: at(0), median: at(0.5), latest: at(1) };
}
