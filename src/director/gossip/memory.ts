// The memory of gossip as text, so that a director that starts again refuses what was said before.

import type { Override } from '../../model/override.ts';
import { isCount, isId, isRecord, parseJson } from './json.ts';
import { overrideJson, readOverride } from './override-json.ts';
import type { Mark, Memory } from './ledger.ts';

export function encodeMemory({ marks, registers }: Memory): string {
  return JSON.stringify({
    marks: Array.from(marks, ([observer, mark]) => [observer, mark.incarnation, mark.sequence]),
    registers: registers.map(overrideJson),
  });
}

/** Reads what `encodeMemory` wrote, leaving out what cannot be; undefined for anything else. */
export function decodeMemory(text: string): Memory | undefined {
  const json = parseJson(text);
  if (!isRecord(json)) return undefined;
  const { marks, registers } = json;
  if (!Array.isArray(marks) || !Array.isArray(registers)) return undefined;
  return {
    marks: new Map(marks.flatMap(readMark)),
    registers: registers.map(readOverride).filter((it): it is Override => it !== undefined),
  };
}

function readMark(json: unknown): [string, Mark][] {
  if (!Array.isArray(json)) return [];
  const [observer, incarnation, sequence] = json as readonly unknown[];
  const isMark = isId(observer) && isCount(incarnation) && isCount(sequence);
  return isMark ? [[observer, { incarnation, sequence }]] : [];
}
