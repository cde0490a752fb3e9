// JSON as commands print it: the same values, with nothing in them that a terminal would obey.

import type { Io } from './command.ts';

/** Indented, line by line. */
export function printJson(value: unknown, io: Pick<Io, 'out'>): void {
  for (const line of jsonLines(value)) io.out(line);
}

export function jsonLines(value: unknown): string[] {
  return harmless(JSON.stringify(value, undefined, 2) ?? 'null').split('\n');
}

/**
 * The same JSON: what `visible` would spell out is escaped as JSON has it. Below U+0020 there is only white space
 * between values, since strings have escapes for it already.
 */
export function harmless(json: string): string {
  return json
    .replaceAll(/[\t\r]/g, ' ')
    .replaceAll(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu, (char) =>
      Array.from({ length: char.length }, (_, i) => escapeOf(char.charCodeAt(i))).join(''),
    );
}

function escapeOf(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
