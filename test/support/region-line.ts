// A region's file with one more line: what becomes of its probes, or what is refused.

import type { ProbeSpec, RegionProbes } from '../../src/model/region.ts';
import { faultsOf, regionText, settingsOf } from './config.ts';

/** The probes of a region whose file has one more line. */
export function probesWith(line: string): RegionProbes | undefined {
  const { regions } = settingsOf({ regions: { eu: `${regionText}${line}\n` } });
  return [...regions.values()][0]?.probes;
}

export function probeWith(text: string): ProbeSpec | undefined {
  return probesWith(`probe: ${text}`)?.list[0];
}

/** Faults of the same, without the file's name. */
export function faultsWith(line: string): string[] {
  const faults = faultsOf({ regions: { eu: `${regionText}${line}\n` } });
  return faults.map((fault) => fault.replace(/^regions\/eu\.yaml:8:\d+: /, ''));
}
