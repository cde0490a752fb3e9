// How much slower one region is than another: as the policy's own table has it, or as distance lets one guess.

import type { Atlas } from '../model/atlas.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { Region, RegionId } from '../model/region.ts';
import type { Service } from '../model/settings.ts';
import { prepareChain } from '../steering/chain.ts';
import { areaOf } from '../steering/class-list.ts';
import { unmarked } from '../steering/overlay.ts';
import type { OrderingStep } from '../steering/step.ts';
import { latencyStep } from '../steering/steps/latency.ts';

/** Light in ordinary fibre, whose group index is about 1.468 (ITU-T G.652), in km a millisecond. */
const fibreKmPerMs = 204;

/** Assumed: a route through cables and exchanges is twice as long as the great circle. */
const stretch = 2;

/** Milliseconds of a round trip over that many km of great circle; the last mile is not in it. */
export function estimateMs(km: number): number {
  return (2 * stretch * km) / fibreKmPerMs;
}

/** Who is asked about: a place of the atlas, with the networks that a table may know. */
export interface Asker {
  readonly atlas: Atlas | undefined;
  readonly place: number;
  readonly asn: number;
  /** By `Delays.networks`; 0 outside them. */
  readonly network: number;
}

/** The table of a service's step `latency`; knows nothing where the policy has none. */
export class Delays {
  /** Networks that the table has rows for; undefined where it has none. */
  readonly networks: RangeTable | undefined;
  readonly #step: OrderingStep | undefined;

  constructor(service: Service, regions: ReadonlyMap<RegionId, Region>) {
    const { ordering } = prepareChain(service, regions);
    this.#step = ordering.find(({ name }) => name === latencyStep.kind);
    this.networks = this.#step?.networks;
  }

  /** Milliseconds from `from` to `to`, negative where that is faster; undefined without figures for both. */
  gain(from: RegionId, to: RegionId, { atlas, place, asn, network }: Asker): number | undefined {
    if (this.#step === undefined) return undefined;
    const area = areaOf(atlas, place, { ...unmarked, asn, network });
    const of = this.#step.measure?.([from, to], area)?.of;
    const [before, after] = [of?.[from], of?.[to]];
    return before === undefined || after === undefined ? undefined : after - before;
  }
}
