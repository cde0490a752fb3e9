// A zone's master file and what it includes: read at once, as a thread of its own may, and only from one folder.

import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, sep } from 'node:path';
import type { SourceFile } from '../config/document.ts';
import type { OpenInclude } from '../config/master/read.ts';
import { stampFrom } from './secret-files.ts';
import { wordsOf } from './whole-file.ts';

/** Octets of one zone's files together: a text of V8 cannot hold much more. */
const mostBytes = 256 << 20;

export interface MasterFiles {
  readonly open: OpenInclude;
  /** Of every file read so far, as `stampOf` gives it. */
  readonly stamps: readonly string[];
  /** SHA-256 over their contents, in the order in which they were read. */
  digest(): string;
}

/** Reads the file itself; what it includes lies in its folder, wherever links lead. */
export function openMasterFiles(
  path: string,
): { readonly main: SourceFile; readonly files: MasterFiles } | { readonly reason: string } {
  const hash = createHash('sha256');
  const stamps: string[] = [];
  let left = mostBytes;
  const read = (file: string): SourceFile | { readonly reason: string } => {
    try {
      const { bytes, text, stamp } = readSource(file, left);
      left -= bytes.length;
      hash.update(`${bytes.length}\n`).update(bytes);
      stamps.push(stamp);
      return { path: file, text };
    } catch (error) {
      return { reason: wordsOf(error) };
    }
  };
  const main = read(path);
  if ('reason' in main) return main;
  const open: OpenInclude = (name, from) => {
    if (isAbsolute(name)) return { reason: 'want a path inside the folder of the zone' };
    const file = join(dirname(from), name);
    return isInside(file, dirname(path)) ?? read(file);
  };
  return { main, files: { open, stamps, digest: () => hash.copy().digest('hex') } };
}

/** Undefined when it is. */
function isInside(file: string, folder: string): { readonly reason: string } | undefined {
  try {
    const home = realpathSync(folder);
    const isHere = realpathSync(file).startsWith(home.endsWith(sep) ? home : home + sep);
    return isHere ? undefined : { reason: 'it lies outside the folder of the zone' };
  } catch (error) {
    return { reason: wordsOf(error) };
  }
}

/** Looks before it reads, like `readWhole`. */
function readSource(path: string, limit: number) {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new Error('it is not a file');
    if (stats.size > limit) throw new Error(`with it the zone has more than ${mostBytes} bytes`);
    const bytes = readFileSync(file);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { bytes, text, stamp: stampFrom(stats) };
  } finally {
    closeSync(file);
  }
}
