// Latencies as an operator has measured them: from an area's clients to each region.

import type { Continent } from './continent.ts';
import type { Prefix } from './ip.ts';

/** One area of a table: exactly one of network, asn, subdivisions, countries and continents says which. */
export interface LatencyRow {
  /** The area as the table writes it. */
  readonly area: string;
  readonly network?: Prefix;
  readonly asn?: number;
  readonly subdivisions?: readonly string[];
  readonly countries?: readonly string[];
  readonly continents?: readonly Continent[];
  /** Median milliseconds by region. */
  readonly ms: Readonly<Record<string, number>>;
}
