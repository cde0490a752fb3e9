// What a director measured of a drill, read from JSON that anybody may have written.

import {
  curveMoments,
  type DrillMeasure,
  type ReturnMeasure,
  returnBins,
  type StepMeasure,
} from '../../model/drill-measure.ts';
import { isCount, isNumber, isRecord } from './json.ts';

/** As many as a plan may have, and some more. */
const mostSteps = 16;

/** Undefined where it cannot be read: no verdict hangs on it, so a vote is no worse without. */
export function readMeasure(json: unknown): DrillMeasure | undefined {
  if (!isRecord(json)) return undefined;
  const { drill, steps: rows, unnoted } = json;
  const returns = readReturns(json['returns']);
  if (typeof drill !== 'string' || !/^\d{8}T\d{9}Z-[a-z0-9-]{1,63}$/.test(drill)) return undefined;
  if (!Array.isArray(rows) || rows.length > mostSteps || !isCount(unnoted)) return undefined;
  const steps = rows.map(readStep).filter((step) => step !== undefined);
  if (steps.length < rows.length || returns === undefined) return undefined;
  return { drill, steps, returns, unnoted };
}

function readStep(json: unknown): StepMeasure | undefined {
  if (!isRecord(json) || !isRecord(json['askedAgain'])) return undefined;
  const { share, heard, networks, asked, moved, due, firstMoved } = json;
  const { 50: half, 90: most, 99: all } = json['askedAgain'];
  const curve = readCounts(json['curve'], curveMoments.length);
  if (!isNumber(share, 0) || share > 1 || !isNumber(heard, 0)) return undefined;
  if (!isCount(networks) || !isCount(asked) || !isCount(moved) || !isCount(due)) return undefined;
  // Nobody asks again who is not one of them.
  if (asked > networks || moved > asked || due > asked || curve === undefined) return undefined;
  if (!isTime(firstMoved) || !isTime(half) || !isTime(most) || !isTime(all)) return undefined;
  const askedAgain = { 50: half, 90: most, 99: all };
  return { share, heard, networks, asked, moved, due, firstMoved, askedAgain, curve };
}

function readReturns(json: unknown): ReturnMeasure | undefined {
  if (!isRecord(json)) return undefined;
  const { ttl, pairs, late, silent } = json;
  const counts = readCounts(json['counts'], returnBins.length + 1);
  if (!isCount(ttl) || !isCount(pairs) || !isCount(late) || !isCount(silent)) return undefined;
  return counts && { ttl, pairs, counts, late, silent };
}

function readCounts(json: unknown, most: number): number[] | undefined {
  return Array.isArray(json) && json.length <= most && json.every(isCount) ? json : undefined;
}

function isTime(value: unknown): value is number | null {
  return value === null || isNumber(value, 0);
}
