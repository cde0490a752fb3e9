// Measuring a drill: which networks were answered with the region, when each asked again, and who moved.

import type { Millis } from '../model/time.ts';

/** Room for as many client networks; what comes after is only counted. */
const mostNetworks = 65_536;

/** A curve has so many points at most. */
const curvePoints = 60;

export interface Measure {
  /** To be told of every answer that the drill is about, by the client's network as steps draw it. */
  note(network: number, isRegion: boolean, now: Millis): void;
  /** Those who are answered with the region still are the ones that the step is about. */
  beginStep(now: Millis, isDue: (network: number) => boolean): void;
  /** Of the step that began last; undefined before the first. */
  measured(now: Millis): Measured | undefined;
  /** How many networks there was no room for. */
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
  hasMoved: boolean;
  /** Seconds into the step; undefined until it asks. */
  askedAt: number | undefined;
}

export function createMeasure(): Measure {
  const rows = new Map<number, Row>();
  let unnoted = 0;
  let begin: Millis | undefined;
  let firstMoved: number | undefined;
  return {
    note(network, isRegion, now) {
      const row = rows.get(network);
      if (row === undefined) {
        // Who was never answered with the region is none of its clients.
        if (!isRegion) return;
        if (rows.size >= mostNetworks) unnoted++;
        else rows.set(network, newcomer());
        return;
      }
      row.isRegion = isRegion;
      if (begin === undefined || !row.isInStep) return;
      const at = Math.max(0, now - begin) / 1000;
      row.askedAt ??= at;
      if (isRegion || row.hasMoved) return;
      row.hasMoved = true;
      firstMoved ??= at;
    },
    beginStep(now, isDue) {
      begin = now;
      firstMoved = undefined;
      for (const [network, row] of rows) {
        row.isInStep = row.isRegion;
        row.isDue = row.isRegion && isDue(network);
        row.hasMoved = false;
        row.askedAt = undefined;
      }
    },
    measured: (now) =>
      begin === undefined ? undefined : sumUp([...rows.values()], firstMoved, now - begin),
    unnoted: () => unnoted,
  };
}

function newcomer(): Row {
  return { isRegion: true, isInStep: false, isDue: false, hasMoved: false, askedAt: undefined };
}

function sumUp(rows: readonly Row[], firstMoved: number | undefined, span: number): Measured {
  const inStep = rows.filter(({ isInStep }) => isInStep);
  const asked = inStep.filter(({ askedAt }) => askedAt !== undefined);
  const times = asked.map(({ askedAt }) => askedAt ?? 0).sort((x, y) => x - y);
  const timeOf = (share: number): number | undefined =>
    inStep.length === 0 ? undefined : times[Math.ceil(share * inStep.length) - 1];
  return {
    networks: inStep.length,
    asked: asked.length,
    moved: asked.filter(({ hasMoved }) => hasMoved).length,
    due: asked.filter(({ isDue }) => isDue).length,
    firstMoved,
    askedAgain: { 50: timeOf(0.5), 90: timeOf(0.9), 99: timeOf(0.99) },
    curve: curveOf(times, inStep.length, span / 1000),
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
