// The files of latencies that policies name: found before they are read, then checked once each.

import type { Fault } from '../model/fault.ts';
import { readDocument, type SourceFile } from './document.ts';
import { type FoundTable, readLatencyTable, type TableBook } from './latency-table.ts';
import type { SecretFile } from './secret.ts';

/** What the ready-made policy `latency` reads, beside the main file. */
export const measuredTable = 'latencies.yaml';

/**
 * Every table that a policy of the main file names, each once: whoever checks a configuration reads
 * them first, since this room reads none itself.
 */
export function tableFilesIn(main: SourceFile): string[] {
  // A large file takes long to parse, and few name any.
  if (!/\blatency\b/.test(main.text)) return [];
  const value = readDocument(main).document.value as Record<string, unknown> | null | undefined;
  const found = new Set<string>();
  for (const home of ['policies', 'zones']) collectTables(value?.[home], found);
  return [...found];
}

function collectTables(value: unknown, found: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  const { latency, policy } = value as { latency?: { file?: unknown } | null; policy?: unknown };
  if (policy === 'latency') found.add(measuredTable);
  if (typeof latency?.file === 'string') found.add(latency.file);
  for (const inner of Object.values(value)) collectTables(inner, found);
}

/** `regions` are all that have a file. */
export function readTables(
  files: ReadonlyMap<string, SecretFile>,
  regions: ReadonlySet<string>,
): { readonly byPath: TableBook; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const byPath = new Map<string, FoundTable>();
  for (const [path, file] of files) {
    if ('reason' in file) byPath.set(path, file);
    else {
      const table = readLatencyTable({ path, text: file.text }, (id) => regions.has(id));
      faults.push(...table.faults);
      byPath.set(path, { rows: table.rows });
    }
  }
  return { byPath, faults };
}
