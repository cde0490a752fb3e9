// An operator's word on a region, on a region within one service, or on one address of a region.

import { formatIp, type Ip } from './ip.ts';
import { type DomainName, formatName } from './name.ts';
import type { RegionId } from './region.ts';
import type { BreakGlass } from './safety.ts';
import { type Millis, millis } from './time.ts';

/** `drain`: send no new clients. `down`: as if every probe failed. `up`: whatever probes say. */
export type OverrideKind = 'drain' | 'down' | 'up';

/**
 * A last-writer-wins register for what it speaks of (`overrideKey`), ordered by a hybrid logical
 * clock, so that every director that has heard the same words believes the same one. Lifting an
 * override is the same register with `isLifted`; it stays on the boards until its end so that no old
 * word returns.
 */
export interface Override {
  readonly id: string;
  readonly region: RegionId;
  /** Left out for all services. */
  readonly service?: DomainName | undefined;
  /** One address of the region, in all services; left out for the region itself. */
  readonly endpoint?: Ip | undefined;
  readonly kind: OverrideKind;
  /** Of client networks, above 0 and below 1, that a drain is for; left out for all. */
  readonly share?: number | undefined;
  readonly actor: string;
  readonly reason: string;
  readonly start: Millis;
  /** An override never outlives this moment, whoever is alive. */
  readonly end: Millis;
  readonly isLifted: boolean;
  /** Safety rules that it was given in spite of; it is taken all the same wherever it is carried. */
  readonly breakGlass?: BreakGlass | undefined;
  readonly clock: HybridClock;
}

/** Wall time, then a counter, then the writer's id: a total order (Kulkarni et al., 2014). */
export interface HybridClock {
  readonly wall: Millis;
  readonly counter: number;
  readonly node: string;
}

export function compareClocks(x: HybridClock, y: HybridClock): number {
  if (x.wall !== y.wall) return x.wall - y.wall;
  if (x.counter !== y.counter) return x.counter - y.counter;
  return x.node === y.node ? 0 : x.node < y.node ? -1 : 1;
}

/** The next clock value of `node`, greater than every one it has seen. */
export function tickClock(last: HybridClock | undefined, now: Millis, node: string): HybridClock {
  if (last === undefined || last.wall < now) return { wall: now, counter: 0, node };
  return { wall: last.wall, counter: last.counter + 1, node };
}

/**
 * From the moment it is heard: no word is for later, and where it has yet to start the clock is behind
 * that of who gave it.
 */
export function isActive({ isLifted, end }: Override, now: Millis): boolean {
  return !isLifted && now < end;
}

/**
 * What a word speaks of: the newest word of each key is the one that counts. The key of a word on a
 * whole region is the region's id, in which no key of another word can be mistaken for it.
 */
export function overrideKey({ region, service, endpoint }: Scope): string {
  if (service !== undefined) return `${region}/${formatName(service)}`;
  return endpoint === undefined ? region : `${region}@${formatIp(endpoint)}`;
}

type Scope = Pick<Override, 'region' | 'service' | 'endpoint'>;

/** Words that are in force, by `overrideKey`. */
export type OverrideView = ReadonlyMap<string, Override>;

/** True for a word that leaves none of its clients to what it speaks of. */
export function takesOut(word: Override | undefined): boolean {
  return word !== undefined && word.kind !== 'up' && word.share === undefined;
}

/**
 * The share of a drain that is for nobody, given so that answers carry the short TTL before anybody is
 * moved. A network is drawn by 32 bits, and a share of so little takes one that draws nothing but zeros.
 */
export const shareOfNobody = 2 ** -32;

/** True for a word that is no change to who serves whom. */
export function movesNobody({ share }: Pick<Override, 'share'>): boolean {
  return share !== undefined && share <= shareOfNobody;
}

/** A week: whoever means longer says so, or changes the configuration. */
export const longestOverride = millis(7 * 86_400_000);

/**
 * How long a permanent word lasts: a century. A far end rather than none, since a release that knows
 * nothing of permanent words keeps and relays this one as well.
 */
export const permanentSpan = millis(36_525 * 86_400_000);

export function isPermanent({ start, end }: Pick<Override, 'start' | 'end'>): boolean {
  return end - start > permanentSpan / 2;
}
