// What an application says of itself as JSON, and back.

import type { RegionId } from '../../model/region.ts';
import {
  longestReport,
  maxLoad,
  type ReportState,
  type SelfReport,
} from '../../model/self-report.ts';
import { millis } from '../../model/time.ts';
import { isCount, isNumber, isOneOf, isRecord, isText, isWord, maxText } from './json.ts';
import { clockJson, readClock } from './override-json.ts';

const states: readonly ReportState[] = ['up', 'draining', 'down'];

/** It begins at 0: the ballot tells how long ago that was, and no clock has to be trusted. */
export function reportJson({ start, end, clock, reason, ...rest }: SelfReport): unknown {
  const words = reason.slice(0, maxText);
  return { ...rest, reason: words, span: end - start, clock: clockJson(clock) };
}

/** Undefined for what no director wrote; `start` is 0. */
export function readReport(json: unknown): SelfReport | undefined {
  if (!isRecord(json)) return undefined;
  const { region, name, state, load, connections, reason, span } = json;
  const clock = readClock(json['clock']);
  if (!isWord(region) || !isWord(name) || !isOneOf<ReportState>(state, states)) return undefined;
  if (load !== undefined && (!isNumber(load, 0) || load > maxLoad)) return undefined;
  if (connections !== undefined && !isCount(connections)) return undefined;
  if (!isNumber(span, 1) || span > longestReport) return undefined;
  if (!isText(reason, maxText) || clock === undefined) return undefined;
  return {
    region: region as RegionId,
    name,
    state,
    load,
    connections,
    reason,
    start: millis(0),
    end: millis(span),
    clock,
  };
}
