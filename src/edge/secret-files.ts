// The files that the configuration names, of secrets and of tables: read, and watched for changes.

import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SecretFile } from '../config/secret.ts';
import { readWhole, wordsOf } from './whole-file.ts';

/** Bytes beyond which this is neither a password nor a chain of certificates, and how many are read. */
const limits = { bytes: 1 << 20, files: 1000 };

/** Bytes beyond which this is not a table of latencies. */
export const tableBytes = 4 << 20;

/** Reads each of the paths, which are taken from `folder`; one that cannot be read hides no other. */
export async function readNamedFiles(
  paths: readonly string[],
  folder: string,
  bytes = limits.bytes,
): Promise<Map<string, SecretFile>> {
  const found = new Map<string, SecretFile>();
  for (const path of paths.slice(0, limits.files))
    found.set(path, await readOne(path, folder, bytes));
  return found;
}

async function readOne(path: string, folder: string, bytes: number): Promise<SecretFile> {
  try {
    return { text: (await readWhole(resolve(folder, path), bytes)).text };
  } catch (error) {
    return { reason: wordsOf(error) };
  }
}

/**
 * Tells whether one of the files is another than at the last look. Files are looked at and not
 * watched: an orchestrator changes a secret by turning a link to a folder above it.
 */
export function createSecretsLook(): (paths: readonly string[]) => Promise<boolean> {
  const seen = new Map<string, string>();
  return async (paths) => {
    let isChanged = false;
    for (const path of paths) {
      const stamp = await stampOf(path);
      isChanged ||= seen.get(path) !== stamp;
      seen.set(path, stamp);
    }
    return isChanged;
  };
}

/** Another one, and the file is another or was changed; empty where there is none. */
export async function stampOf(path: string): Promise<string> {
  const stats = await stat(path).catch(() => undefined);
  return stats === undefined ? '' : stampFrom(stats);
}

export function stampFrom({ dev, ino, size, mtimeMs }: Stats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}`;
}
