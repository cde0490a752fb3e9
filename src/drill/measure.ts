// Measuring a drill: which networks were answered with the region, when each asked again, and who moved.

import type { Millis } from '../model/time.ts';

/** Room for as many client networks; what comes after is only counted. */
const mostNetworks = 32_768;

/** A curve has so many points at most, and one more. */
const curvePoints = 60;

export interface Measure {
  /** To be told of every answer that the drill is about, by the client's network as steps draw it. */
  note(network: number, isRegion: boolean, now: Millis): void;
  /** Those who are answered with the region still are the ones that the step is about. */
  beginStep(now: Millis, isDue: (network: number) => boolean): void;
  /** Of the step that began last; undefined before the first. */
  measured(now: Millis): Measured | undefined;
  /** How many answers were for networks that there was no room for. */
  unnoted(): number;
}

/** Spans are seconds since the step began. */
export interface Measured {
  readonly networks: number;
  readonly asked: number;
  readonly moved: number;
  /** How many of those that asked should have moved. */
  readonly due: number;
  readonly firstMoved: number | undefined;
  /** When that share of the networks had asked again, by percent. */
  readonly askedAgain: Readonly<Record<'50' | '90' | '99', number | undefined>>;
  readonly curve: readonly (readonly [seconds: number, share: number])[];
}

interface Row {
  /** As of its last answer. */
  isRegion: boolean;
  isInStep: boolean;
  isDue: boolean;
  hasAsked: boolean;
  hasMoved: boolean;
}

/** Sums of one step, kept up as answers come, so that to tell them costs little. */
interface Sums {
  readonly begin: Millis;
  networks: number;
  moved: number;
  due: number;
  firstMoved: number | undefined;
  /** When each network asked for the first time, in that order. */
  readonly times: number[];
}

export function createMeasure(): Measure {
  const rows = new Map<number, Row>();
  let unnoted = 0;
  let sums: Sums | undefined;
  return {
    note(network, isRegion, now) {
      const row = rows.get(network);
      if (row !== undefined) return noteAgain(row, isRegion, sums, now);
      // Who was never answered with the region is none of its clients.
      if (!isRegion) return;
      if (rows.size >= mostNetworks) unnoted++;
      else rows.set(network, newcomer());
    },
    beginStep(now, isDue) {
      sums = { begin: now, networks: 0, moved: 0, due: 0, firstMoved: undefined, times: [] };
      for (const [network, row] of rows) {
        row.isInStep = row.isRegion;
        row.isDue = row.isRegion && isDue(network);
        row.hasAsked = false;
        row.hasMoved = false;
        if (row.isInStep) sums.networks++;
      }
    },
    measured: (now) => sums && sumUp(sums, now - sums.begin),
    unnoted: () => unnoted,
  };
}

function newcomer(): Row {
  return { isRegion: true, isInStep: false, isDue: false, hasAsked: false, hasMoved: false };
}

function noteAgain(row: Row, isRegion: boolean, sums: Sums | undefined, now: Millis): void {
  row.isRegion = isRegion;
  if (sums === undefined || !row.isInStep) return;
  const at = Math.max(0, now - sums.begin) / 1000;
  if (!row.hasAsked) {
    row.hasAsked = true;
    sums.times.push(at);
    if (row.isDue) sums.due++;
  }
  if (isRegion || row.hasMoved) return;
  row.hasMoved = true;
  sums.moved++;
  sums.firstMoved ??= at;
}

function sumUp({ networks, moved, due, firstMoved, times }: Sums, span: number): Measured {
  const timeOf = (share: number): number | undefined =>
    networks === 0 ? undefined : times[Math.ceil(share * networks) - 1];
  return {
    networks,
    asked: times.length,
    moved,
    due,
    firstMoved,
    askedAgain: { 50: timeOf(0.5), 90: timeOf(0.9), 99: timeOf(0.99) },
    curve: curveOf(times, networks, span / 1000),
  };
}

/** At moments of equal distance, in whole seconds, up to the end of what was seen. */
function curveOf(times: readonly number[], all: number, span: number): [number, number][] {
  if (all === 0) return [];
  const every = Math.max(1, Math.ceil(span / curvePoints));
  const curve: [number, number][] = [];
  let count = 0;
  for (let second = 0; second <= span; second += every) {
    while ((times[count] ?? Number.POSITIVE_INFINITY) <= second) count++;
    curve.push([second, Math.round((count / all) * 1000) / 1000]);
  }
  return curve;
}
