// A log for tests: entries in files, as octets, and how verifying them ends.

import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginning, type Draft, writeEntry } from '../../src/audit/entry.ts';
import type { VerifyOptions } from '../../src/audit/state.ts';
import { createVerifier, type Verdict } from '../../src/audit/verify.ts';
import { readLines } from '../../src/edge/log-lines.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { ChainHead } from '../../src/model/audit.ts';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export const seal = createSeal(['a secret for tests']);

export function fileName(seq: number): string {
  return `${String(seq).padStart(15, '0')}.jsonl`;
}

/** One file of entries after `last`. */
export function writeLog(
  written: readonly Draft[],
  last: ChainHead = beginning,
  how: {
    readonly isSigned?: boolean;
    readonly director?: string;
    readonly sign?: (text: string) => string;
  } = {},
): { lines: string[]; head: ChainHead } {
  const { isSigned = false, director = 'ams-1' } = how;
  const sign = how.sign ?? (isSigned ? seal.sign : undefined);
  const lines: string[] = [];
  let head = last;
  for (const draft of written) {
    const entry = writeEntry(draft, head, { director, digest, sign });
    lines.push(entry.line);
    ({ head } = entry);
  }
  return { lines, head };
}

export function aDraft(event: string, facts: Draft['facts'] = {}): Draft {
  return { at: '2026-05-01T12:00:00.000Z', event, facts };
}

/** Entries as a director might have: with a reason in several scripts, and one that was written to harm. */
export function drafts(count: number): Draft[] {
  const reasons = ['disk swap', 'Plattentausch für Köln', '\u202Eevil","hash":"0"}\n', '\uFFFD'];
  return Array.from({ length: count }, (_, i) =>
    aDraft(
      i === 0 ? 'file' : 'override',
      i === 0 ? { after: null } : { region: 'eu', reason: reasons[i % 4], nth: i },
    ),
  );
}

export const textOf = (lines: readonly string[]): Buffer =>
  Buffer.from(lines.map((line) => `${line}\n`).join(''));

/** Files by name, as they would be read from disk. */
export async function verifyFiles(
  files: Readonly<Record<string, Buffer>>,
  options: Partial<VerifyOptions> = {},
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-log-'));
  try {
    const verifier = createVerifier({ digest, ...options });
    for (const name of Object.keys(files).sort()) {
      writeFileSync(join(folder, name), files[name] ?? '');
      verifier.file(name);
      for await (const line of readLines(join(folder, name))) verifier.line(line);
    }
    return verifier.end();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `kind file:line seq` of each flaw, the file by its first entry's number. */
export function briefly({ flaws }: Verdict): string[] {
  return flaws.map(
    ({ kind, file, line, seq }) => `${kind} ${Number.parseInt(file, 10)}:${line} ${seq}`,
  );
}
