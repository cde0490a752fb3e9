// The memory of gossip as text, so that a director that starts again refuses what was said before.

import type { Override } from '../../model/override.ts';
import type { SelfReport } from '../../model/self-report.ts';
import { millis, startedAt } from '../../model/time.ts';
import { isCount, isId, isNumber, isRecord, parseJson } from './json.ts';
import type { Mark, Memory } from './ledger.ts';
import { overrideJson, readOverride } from './override-json.ts';
import { readReport, reportJson } from './report-json.ts';

export function encodeMemory({ marks, registers, reports, savedAt }: Memory): string {
  return JSON.stringify({
    marks: Array.from(marks, ([observer, mark]) => [observer, mark.incarnation, mark.sequence]),
    registers: registers.map(overrideJson),
    reports: reports.map((report) => [report.start, reportJson(report)]),
    savedAt,
  });
}

/** Reads what `encodeMemory` wrote, leaving out what cannot be; undefined for anything else. */
export function decodeMemory(text: string): Memory | undefined {
  const json = parseJson(text);
  if (!isRecord(json)) return undefined;
  const { marks, registers, reports = [], savedAt } = json;
  if (!Array.isArray(marks) || !Array.isArray(registers) || !Array.isArray(reports)) {
    return undefined;
  }
  return {
    marks: new Map(marks.flatMap(readMark)),
    registers: registers.map(readOverride).filter((it): it is Override => it !== undefined),
    reports: reports.flatMap(readKeptReport),
    savedAt: isNumber(savedAt, 0) ? millis(savedAt) : undefined,
  };
}

/** On disk a moment is one by the clock of the machine that reads it. */
function readKeptReport(json: unknown): SelfReport[] {
  if (!Array.isArray(json)) return [];
  const [start, rest] = json as readonly unknown[];
  const report = readReport(rest);
  return report === undefined || !isNumber(start, 0) ? [] : [startedAt(report, millis(start))];
}

function readMark(json: unknown): [string, Mark][] {
  if (!Array.isArray(json)) return [];
  const [observer, incarnation, sequence] = json as readonly unknown[];
  const isMark = isId(observer) && isCount(incarnation) && isCount(sequence);
  return isMark ? [[observer, { incarnation, sequence }]] : [];
}
