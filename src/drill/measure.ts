// Measuring a drill: which networks were answered with the region, when each asked again, and who moved.

import {
  curveMoments,
  type DrillMeasure,
  lateTtls,
  type ReturnMeasure,
  returnBins,
  type StepMeasure,
} from '../model/drill-measure.ts';
import type { Millis } from '../model/time.ts';
import { Slots } from './slots.ts';
import { rowLength, sameVisit, type Visit } from './visits.ts';

/** Room for as many clients, a network that asks for a service, and pairs of one with a resolver; what comes after is only counted. */
const mostNetworks = 32_768;

/** What is remembered of a client, in bits. */
const [isRegionNow, isInStep, isDueNow, hasAsked, hasMoved] = [1, 2, 4, 8, 16] as const;

/** Sums of one step, kept up as answers come, so that to tell them costs little. */
interface Sums {
  readonly share: number;
  readonly begin: Millis;
  readonly heardAt: Millis;
  networks: number;
  asked: number;
  moved: number;
  due: number;
  firstMoved: number | null;
}

const nobody = { networks: 0, asked: 0, moved: 0, due: 0, firstMoved: null };

/** What one director measures of one drill, in tables of 1.5 MB whoever asks. */
export class Measure {
  readonly #drill: string;
  readonly #clients = new Slots(mostNetworks);
  readonly #draws = new Uint32Array(mostNetworks);
  readonly #bits = new Uint8Array(mostNetworks);
  readonly #pairs = new Slots(mostNetworks);
  readonly #lastAt = new Float64Array(mostNetworks);
  readonly #ttls = new Uint32Array(mostNetworks);
  readonly #returns = new Uint8Array(mostNetworks);
  readonly #lates = new Uint8Array(mostNetworks);
  readonly #counts = returnBins.concat(0).fill(0);
  /** When each client asked for the first time in the step, in seconds. */
  readonly #times = new Float64Array(mostNetworks);
  #unnoted = 0;
  #sums: Sums | undefined;
  #past: readonly StepMeasure[] = [];

  constructor(drill: string) {
    this.#drill = drill;
  }

  /** Rows of `Visits`, of any thread. */
  hear(rows: Float64Array): void {
    for (let i = 0; i + rowLength <= rows.length; i += rowLength) {
      const row = rows.subarray(i, i + rowLength);
      const [network = 0, client = 0, pair = 0, ttl = 0, region = 0, at = 0] = row;
      this.#note({ network, client, pair, ttl, isRegion: region === 1, at });
    }
  }

  /** Those whose last answer named the region are the ones that the step is about. */
  beginStep(
    share: number,
    { begin, heardAt }: { readonly begin: Millis; readonly heardAt: Millis },
    isDue: (network: number) => boolean,
  ): void {
    this.endStep(heardAt);
    this.#sums = { share, begin, heardAt, ...nobody };
    for (let slot = 0; slot < this.#clients.size; slot++) {
      const isRegion = ((this.#bits[slot] as number) & isRegionNow) !== 0;
      const due = isRegion && isDue(this.#draws[slot] as number) ? isDueNow : 0;
      this.#bits[slot] = isRegion ? isRegionNow | isInStep | due : 0;
      if (isRegion) this.#sums.networks++;
    }
  }

  /** What comes later is of no step until the next begins. */
  endStep(now: Millis): void {
    if (this.#sums === undefined) return;
    this.#past = [...this.#past, this.#sumUp(this.#sums, now)];
    this.#sums = undefined;
  }

  /** All of it as it is now. */
  measured(now: Millis): DrillMeasure {
    const current = this.#sums === undefined ? [] : [this.#sumUp(this.#sums, now)];
    const steps = [...this.#past, ...current];
    return { drill: this.#drill, steps, returns: this.#returned(now), unnoted: this.#unnoted };
  }

  #note({ network, client, pair, ttl, isRegion, at }: Visit): void {
    let slot = this.#clients.find(client);
    if (slot < 0) {
      // Who was never answered with the region is none of its clients.
      if (!isRegion) return;
      slot = this.#clients.add(client);
      if (slot < 0) {
        this.#unnoted++;
        return;
      }
      this.#bits[slot] = isRegionNow;
      this.#draws[slot] = network;
    } else this.#noteAgain(slot, isRegion, at);
    this.#noteReturn(pair, ttl, at);
  }

  #noteAgain(slot: number, isRegion: boolean, at: number): void {
    let bits = (this.#bits[slot] as number) & ~isRegionNow;
    if (isRegion) bits |= isRegionNow;
    const sums = this.#sums;
    // What another thread answered before the step began is told after it.
    if (sums !== undefined && (bits & isInStep) !== 0 && at >= sums.begin) {
      const seconds = (at - sums.begin) / 1000;
      if ((bits & hasAsked) === 0) {
        bits |= hasAsked;
        this.#times[slot] = seconds;
        sums.asked++;
        if ((bits & isDueNow) !== 0) sums.due++;
      }
      // Rows of several threads are not in the order of their moments.
      this.#times[slot] = Math.min(seconds, this.#times[slot] as number);
      if (!isRegion && (bits & hasMoved) === 0) {
        bits |= hasMoved;
        sums.moved++;
        sums.firstMoved = Math.min(sums.firstMoved ?? seconds, seconds);
      }
    }
    this.#bits[slot] = bits;
  }

  #noteReturn(pair: number, ttl: number, at: number): void {
    let slot = this.#pairs.find(pair);
    if (slot < 0) {
      slot = this.#pairs.add(pair);
      if (slot < 0) this.#unnoted++;
      else [this.#lastAt[slot], this.#ttls[slot]] = [at, ttl];
      return;
    }
    const span = at - (this.#lastAt[slot] as number);
    if (span < sameVisit) return;
    const ttls = span / (1000 * Math.max(1, this.#ttls[slot] as number));
    const bin = returnBins.findIndex((end) => ttls <= end);
    const place = bin < 0 ? returnBins.length : bin;
    this.#counts[place] = (this.#counts[place] as number) + 1;
    this.#returns[slot] = Math.min(255, (this.#returns[slot] as number) + 1);
    if (ttls > lateTtls) this.#lates[slot] = Math.min(255, (this.#lates[slot] as number) + 1);
    [this.#lastAt[slot], this.#ttls[slot]] = [at, ttl];
  }

  #sumUp({ begin, heardAt, ...sums }: Sums, now: Millis): StepMeasure {
    const times = this.#times
      .subarray(0, this.#clients.size)
      .filter((_, slot) => ((this.#bits[slot] as number) & hasAsked) !== 0)
      .sort();
    const timeOf = (share: number): number | null =>
      sums.networks === 0 ? null : (times[Math.ceil(share * sums.networks) - 1] ?? null);
    return {
      ...sums,
      heard: Math.max(0, heardAt - begin) / 1000,
      askedAgain: { 50: timeOf(0.5), 90: timeOf(0.9), 99: timeOf(0.99) },
      curve: curveOf(times, Math.max(0, now - begin) / 1000),
    };
  }

  #returned(now: Millis): ReturnMeasure {
    let [ttl, pairs, late, silent] = [0, 0, 0, 0];
    for (let slot = 0; slot < this.#pairs.size; slot++) {
      const [own = 0, returns = 0] = [this.#ttls[slot], this.#returns[slot]];
      ttl = Math.max(ttl, own);
      if (returns > 0) pairs++;
      if (returns > 1 && this.#lates[slot] === returns) late++;
      if (now - (this.#lastAt[slot] as number) > own * lateTtls * 1000) silent++;
    }
    return { ttl, pairs, counts: [...this.#counts], late, silent };
  }
}

/** How many times lie at or before each moment that the step has reached. */
function curveOf(times: Float64Array, span: number): number[] {
  let count = 0;
  return curveMoments
    .filter((moment) => moment <= span)
    .map((moment) => {
      while ((times[count] ?? Number.POSITIVE_INFINITY) <= moment) count++;
      return count;
    });
}
