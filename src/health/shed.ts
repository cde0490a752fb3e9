// Shedding: what share of client networks a busy region passes on, in steps that wait for their own effect.

import type { RegionLoad } from '../model/load.ts';
import type { LoadSettings } from '../model/region.ts';
import { type Millis, millis } from '../model/time.ts';

/** What is remembered of one region from one moment to the next; never changed in place. */
export interface Shedding {
  /** Share of client networks that should be passed on, 0 to `mostShed`, in hundredths. */
  readonly share: number;
  /** The share that answers went by when this was worked out, and since when. */
  readonly inForce: number;
  readonly since: Millis;
  /** Reports of an earlier moment tell of traffic that an answer under another share still sends. */
  readonly clearAt: Millis;
  /** The load that reports since then come to, newer ones counting more; undefined before the first. */
  readonly load: number | undefined;
  /** How many reports that rests on, at most `memory`. */
  readonly reports: number;
  /** When the newest of them was so. */
  readonly heardAt: Millis;
  /** Load that the last step passed on, for which others have to have room; 0 after a step down. */
  readonly moved: number;
  /** How the share last went: up, down, or not yet. */
  readonly trend: 1 | -1 | 0;
  /** How often of late it went up again after it had gone down, and when it last did. */
  readonly turns: number;
  readonly turnedAt: Millis;
}

export interface ShedInput {
  readonly last: Shedding;
  /** The newest report that is believed; undefined where there is none. */
  readonly load: Pick<RegionLoad, 'share' | 'at'> | undefined;
  readonly settings: Pick<LoadSettings, 'low' | 'high' | 'lifetime'>;
  /** The share that answers go by: what the fleet agreed on, or what this director last wished for. */
  readonly inForce: number;
  /** Part of what is too much in the whole fleet that other regions could take, 0 to 1. */
  readonly room: number;
  /** The longest that any answer which names the region may be cached. */
  readonly ttl: { readonly stable: Millis; readonly short: Millis };
  readonly now: Millis;
}

/** However busy it is, a region keeps so much: without clients nobody could tell that it is no longer busy. */
export const mostShed = 0.95;

/** Largest steps. Up is the larger one: too busy hurts all, a little idle hurts nobody. */
const stepUp = 0.25;
const stepDown = 0.1;

/** Reports that a load is made of: few enough to follow a change within a minute at one in five seconds. */
export const memory = 12;

/**
 * Two standard deviations of a report that may be wrong by 30 % either way (0.3 / √3, twice). The
 * more reports, the less the load can be off; far beyond a watermark even one is enough.
 */
const doubt = 0.35;

/**
 * So many lifetimes of a report without any, and a step down follows; another after as long again. A
 * region may fall silent because it is overwhelmed, so nothing moves at first; but nobody can tell any
 * more that it is, and a reporter that broke must not keep clients away for days.
 */
const longestSilence = 20;

/** Some resolvers keep answers for longer than they may; most of those are through after half as much again. */
const overstay = 1.5;

/** The longest that coming down waits after going to and fro, and how long that is held against it. */
const longestWait = 3_600_000;

export function startShedding(now: Millis): Shedding {
  return {
    share: 0,
    inForce: 0,
    since: now,
    clearAt: now,
    load: undefined,
    reports: 0,
    heardAt: millis(Number.NEGATIVE_INFINITY),
    moved: 0,
    trend: 0,
    turns: 0,
    turnedAt: now,
  };
}

/**
 * One look at one region; may be taken as often as one likes. Between the watermarks nothing moves.
 * Above the high one the share grows, below the low one it shrinks, each time to what would bring the
 * load half-way between them if load followed the share, and by no more than the reports bear out.
 * After each step it waits until the answers of before can have left all caches and looks only at
 * reports from then on, so it never corrects what is already on its way. Coming down needs a full
 * memory of reports and twice the wait, and that doubles with each turn to and fro.
 *
 * No news moves nothing for a long while, then back step by step; and nothing is passed on that nobody could take: else two busy regions would
 * send each other their clients.
 */
export function nextShed(input: ShedInput): Shedding {
  const inForce = Math.max(0, Math.min(mostShed, input.inForce));
  const last = follow(rightClock(input.last, input.now), { ...input, inForce });
  const heard = hear(last, input.load);
  if (isForgotten(heard, input)) return aim(heard, Math.max(0, inForce - stepDown));
  if (heard.load === undefined) return heard;
  const { low, high } = input.settings;
  const off = doubt * Math.sqrt(spreadOf(heard.reports));
  const least = heard.load * (1 - off);
  const most = heard.load * (1 + off);
  if (least > high) {
    const wanted = shareFor(least, heard, input) - inForce;
    const step = Math.floor(100 * Math.min(stepUp, wanted * input.room) + 1e-9) / 100;
    return aim(heard, Math.min(mostShed, inForce + Math.max(0, step)));
  }
  if (most < low && inForce > 0 && isPatient(heard, input)) {
    const wanted = inForce - shareFor(most, heard, input);
    const step = Math.max(0.01, Math.floor(100 * Math.min(stepDown, wanted)) / 100);
    return aim(heard, Math.max(0, inForce - step));
  }
  return aim(heard, inForce);
}

/** When another share has come into force the old evidence is void. */
function follow(last: Shedding, { inForce, ttl, now }: ShedInput): Shedding {
  if (inForce === last.inForce) return last;
  const trend = inForce > last.inForce ? 1 : -1;
  const isTurn = trend === 1 && last.trend === -1;
  const isOld = now - last.turnedAt > longestWait;
  // While nothing is shed answers live long; from then on they are short.
  const cached = last.inForce === 0 ? ttl.stable : ttl.short;
  return {
    ...last,
    share: inForce,
    inForce,
    since: now,
    clearAt: millis(Math.max(last.clearAt, now + overstay * cached)),
    load: undefined,
    reports: 0,
    moved: (Math.max(0, inForce - last.inForce) / (1 - last.inForce)) * (last.load ?? 0),
    trend,
    turns: (isOld ? 0 : last.turns) + (isTurn ? 1 : 0),
    turnedAt: isTurn ? now : last.turnedAt,
  };
}

function hear(last: Shedding, load: ShedInput['load']): Shedding {
  const share = load?.share;
  if (load === undefined || share === undefined || !Number.isFinite(share) || share < 0)
    return last;
  if (load.at <= last.heardAt || load.at < last.clearAt) return last;
  const reports = Math.min(memory, last.reports + 1);
  const before = last.load ?? share;
  return { ...last, load: before + (share - before) / reports, reports, heardAt: load.at };
}

/** Variance of a mean of so many reports, in those of one; a full memory is a moving mean, whose weights fade. */
function spreadOf(reports: number): number {
  return 1 / (reports < memory ? reports : 2 * memory - 1);
}

/** The share at which a load that is now `load` would be half-way between the watermarks. */
function shareFor(load: number, { inForce }: Shedding, { settings }: ShedInput): number {
  return 1 - ((1 - inForce) * (settings.low + settings.high)) / 2 / load;
}

function isPatient({ reports, since, clearAt, turns }: Shedding, { now }: ShedInput): boolean {
  const wait = Math.min(longestWait, (clearAt - since) * 2 ** (1 + Math.min(turns, 20)));
  return reports === memory && now >= since + wait;
}

/** True when nobody has said for too long how busy a region is that passes clients on. */
function isForgotten(
  { inForce, since, clearAt, heardAt }: Shedding,
  { load, settings, now }: ShedInput,
): boolean {
  const last = Math.max(since, clearAt, heardAt);
  const isSilent = load?.share === undefined;
  return inForce > 0 && isSilent && now - last >= longestSilence * settings.lifetime;
}

function aim(heard: Shedding, share: number): Shedding {
  const whole = Math.round(share * 100) / 100;
  return whole === heard.share ? heard : { ...heard, share: whole };
}

/** After the clock was set back nothing takes longer than it would have by the old one. */
function rightClock(last: Shedding, now: Millis): Shedding {
  const by = Math.min(0, now - Math.max(last.since, last.heardAt));
  if (by === 0) return last;
  const shift = (moment: Millis): Millis => millis(moment + by);
  return {
    ...last,
    since: shift(last.since),
    clearAt: shift(last.clearAt),
    heardAt: shift(last.heardAt),
    turnedAt: shift(last.turnedAt),
  };
}
