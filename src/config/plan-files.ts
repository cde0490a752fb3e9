// Plans of drills in files of their own: those that schedules name are found before they are read, then checked once each.

import type { Fault } from '../model/fault.ts';
import { checkShape, type ConfigDocument, readDocument, type SourceFile } from './document.ts';
import { type PlanFile, planShape } from './drill-shape.ts';
import type { SecretFile } from './secret.ts';

/** A plan and the file that it stands in; `plan` is undefined where that has faults. */
export interface ReadPlan {
  readonly document: ConfigDocument;
  readonly plan: PlanFile | undefined;
}

/** By their paths as they are written: a plan, or why there is none. */
export type PlanBook = ReadonlyMap<string, ReadPlan | { readonly reason: string }>;

/** YAML, of which JSON is a part; every key of it must be known. */
export function readPlanFile(file: SourceFile): ReadPlan & { readonly faults: readonly Fault[] } {
  const { document, faults } = readDocument(file);
  if (faults.length > 0) return { document, plan: undefined, faults };
  const { value: plan, faults: wrong } = checkShape(document, planShape);
  return { document, plan, faults: wrong };
}

/** Every plan that a schedule of the main file names, each once. */
export function planFilesIn(main: SourceFile): string[] {
  // A large file takes long to parse, and few name any.
  if (!/\bplan\b/.test(main.text)) return [];
  const { value } = readDocument(main).document;
  const { drills } = (value ?? {}) as { drills?: { schedules?: unknown } | null };
  const schedules: readonly unknown[] = Array.isArray(drills?.schedules) ? drills.schedules : [];
  const paths = schedules.flatMap((each) => {
    const { plan } = (each ?? {}) as { plan?: unknown };
    return typeof plan === 'string' ? [plan] : [];
  });
  return [...new Set(paths)];
}

/** Of all files that the main file names, those of `paths`. */
export function readPlans(
  files: ReadonlyMap<string, SecretFile>,
  paths: readonly string[],
): { readonly byPath: PlanBook; readonly faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const byPath = new Map<string, ReadPlan | { readonly reason: string }>();
  for (const path of paths) {
    const file = files.get(path);
    if (file === undefined) continue;
    if ('reason' in file) byPath.set(path, file);
    else {
      const read = readPlanFile({ path, text: file.text });
      faults.push(...read.faults);
      byPath.set(path, { document: read.document, plan: read.plan });
    }
  }
  return { byPath, faults };
}

/** What the files say, as values. */
export function writtenPlans(book: PlanBook): [path: string, value: unknown][] {
  return Array.from(book, ([path, read]) => [path, 'plan' in read ? read.plan : read]);
}
