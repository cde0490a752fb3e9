// Rows of text in columns.

import { visible } from '../model/visible.ts';

/** Pads every column but the last to its widest cell, as it is printed; the first line is the head. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  const lines = [head, ...rows].map((cells) => cells.map(visible));
  const widths = head.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines.map((line) =>
    line
      .map((cell, column) => (column === line.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
