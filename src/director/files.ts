// The configuration files as they were last read: good, or in which ways not, and since when.

import { type Fault, formatFault } from '../model/fault.ts';
import type { FilesReport } from '../model/report.ts';
import { formatInstant, type Millis } from '../model/time.ts';
import type { Clock } from '../ports.ts';

export interface FileRecord {
  /** They were read without a fault. */
  good(): void;
  refused(faults: readonly Fault[]): void;
  report(): FilesReport;
  /** When they were last good, and how many faults they have now. */
  state(): { readonly goodAt: Millis; readonly faultCount: number };
}

/** Somebody who mends them mends these first. */
const mostNamed = 100;

/** `goodAt` and `faults` are what the start has found. */
export function recordFiles(
  clock: Clock,
  { goodAt, faults }: { readonly goodAt: Millis; readonly faults: readonly Fault[] },
): FileRecord {
  let state = { goodAt, faultCount: faults.length };
  let named = nameFaults(faults);
  return {
    good: () => {
      state = { goodAt: clock.now(), faultCount: 0 };
      named = [];
    },
    refused: (found) => {
      state = { ...state, faultCount: found.length };
      named = nameFaults(found);
    },
    report: () => ({
      areGood: state.faultCount === 0,
      goodAt: formatInstant(state.goodAt),
      faultCount: state.faultCount,
      faults: named,
    }),
    state: () => state,
  };
}

function nameFaults(faults: readonly Fault[]): string[] {
  return faults.slice(0, mostNamed).map(formatFault);
}
