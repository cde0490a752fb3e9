// A file read whole, if it is one and not too large.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

export interface WholeFile {
  readonly text: string;
  readonly bytes: Buffer;
  /** In Unix milliseconds. */
  readonly modifiedAt: number;
}

/** Looks at a file before it reads: it may be a pipe that never ends, or an image of a disk. */
export async function readWhole(path: string, limit: number): Promise<WholeFile> {
  // Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error('it is not a file');
  if (stats.size > limit) throw new Error(`got ${stats.size} bytes, want at most ${limit}`);
  const bytes = await file.readFile();
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  return { text, bytes, modifiedAt: Math.floor(stats.mtimeMs) };
}

/** Node's own words for what went wrong, without the path that follows them. */
export function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/, \w+( '.*')?$/, '');
}
