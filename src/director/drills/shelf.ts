// The reports of the last drills, kept on disk; one that was under way when its director ended is over.

import { margin } from '../../drill/next.ts';
import { type DrillReport, hasMetAll, isOver } from '../../model/drill.ts';
import { formatInstant, type Millis, millis } from '../../model/time.ts';
import type { Clock, Log, Store } from '../../ports.ts';
import { isRecord } from '../gossip/json.ts';

const stateName = 'drills';
const version = 1;

/** A year of monthly drills and some more. */
const mostKept = 20;

export interface DrillShelf {
  /** Those that were under way when this director ended, as they are now. */
  readonly orphans: readonly DrillReport[];
  /** The newest first. */
  reports(): readonly DrillReport[];
  /** Takes a report in the place of an older one of the same drill, also of one that is long over. */
  put(report: DrillReport): void;
  /** After what is being written. */
  flush(): Promise<void>;
}

export interface ShelfParts {
  readonly store: Store | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export function createDrillShelf(
  { store, clock, log }: ShelfParts,
  kept: string | undefined,
): DrillShelf {
  const found = decode(kept);
  let reports = found.map((report) => endForGood(report, clock.now()));
  const orphans = reports.filter((_, i) => !isOver(found[i] as DrillReport));
  let writing: Promise<void> = Promise.resolve();
  let isDirty = false;
  let isFailing = false;
  const write = async (): Promise<void> => {
    if (store === undefined || !isDirty) return;
    isDirty = false;
    const fault = await store.save(stateName, JSON.stringify({ version, reports }));
    // A full disk is news once, not at every write.
    if (fault !== undefined && !isFailing) log.error(fault.code, { reason: fault.message });
    isFailing = fault !== undefined;
  };
  return {
    orphans,
    reports: () => reports,
    put(report) {
      const at = reports.findIndex(({ id }) => id === report.id);
      reports = at < 0 ? [report, ...reports].slice(0, mostKept) : reports.with(at, report);
      isDirty = true;
      writing = writing.then(write);
    },
    flush: () => writing,
  };
}

/** The store knows its own text; what another release wrote is left alone. */
function decode(text: string | undefined): readonly DrillReport[] {
  try {
    const json: unknown = JSON.parse(text ?? 'null');
    if (!isRecord(json) || json['version'] !== version) return [];
    const { reports } = json;
    return Array.isArray(reports) ? (reports as DrillReport[]).slice(0, mostKept).map(fillIn) : [];
  } catch {
    return [];
  }
}

/** Reports from before every director measured tell nothing of it. */
function fillIn(report: DrillReport): DrillReport {
  return {
    ...report,
    steps: report.steps.map((step) => ({ ...step, predictedCurve: step.predictedCurve ?? [] })),
    others: report.others.map((other) => ({ ...other, course: other.course ?? [] })),
    numbers: report.numbers ?? [],
    ttl: report.ttl ?? { stable: 0, short: 0 },
    rules: report.rules ?? [],
    judgements: report.judgements ?? [],
    directors: report.directors ?? [],
  };
}

/**
 * Nobody gives its next word, so its last one ends by itself: there is nothing to take up again. Nor is
 * anything heard any more of one that is over.
 */
function endForGood(report: DrillReport, now: Millis): DrillReport {
  if (isOver(report)) {
    return { ...report, isMet: report.isMet ?? hasMetAll(report.phase, report.objectives) };
  }
  const message = 'its director ended before it did: its last word ended, or ends, by itself';
  const until = formatInstant(millis(Math.min(Date.parse(report.until) + margin, now)));
  const steps = report.steps.map((step) => ({ ...step, endedAt: step.endedAt ?? until }));
  const abort = { code: 'restarted', message } as const;
  return { ...report, phase: 'aborted', isMet: false, until, steps, abort };
}
