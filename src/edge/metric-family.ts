// A metric as data, and how its samples are made.

import type { MetricReadings } from './metric-readings.ts';

export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

export interface Family {
  readonly type: 'counter' | 'gauge';
  readonly name: string;
  readonly help: string;
  readonly labels: readonly string[];
  readonly read: (readings: MetricReadings) => Iterable<Sample>;
}

export function labelled(label: string, entries: Iterable<readonly [string, number]>): Sample[] {
  return Array.from(entries, ([key, value]) => [{ [label]: key }, value]);
}

/** No sample for what is not known: a 0 would be a claim. */
export function known(value: number | undefined, labels: Sample[0] = {}): Sample[] {
  return value === undefined ? [] : [[labels, value]];
}

export function flag(is: boolean): number {
  return is ? 1 : 0;
}
