// The lines of files that only grow, as octets, each with its digest: nothing of them is taken for granted.

import { createHash, type Hash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface ReadLine {
  /** What is no UTF-8, or far too long, is given as text that begins with NUL. */
  readonly text: string;
  readonly octets: number;
  /** SHA-256 of its octets in hexadecimal digits. */
  readonly digest: string;
  /** False for a last line without a line feed. */
  readonly isEnded: boolean;
}

/** Far beyond what is ever written as one. */
const longest = 1 << 20;

export const logName = /^\d{15}\.jsonl$/;

/** The files of a folder with such names, oldest first; of a file, that one. Rejects with the system's words. */
export async function listLogs(path: string): Promise<string[]> {
  const found = await stat(path);
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => logName.test(name));
  return names.sort().map((name) => join(path, name));
}

export function nameOf(path: string): string {
  return basename(path);
}

/** Rejects with the system's words. `start` is an octet at which a line begins. */
export async function* readLines(path: string, start = 0): AsyncGenerator<ReadLine> {
  // Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const stream = createReadStream(path, { start, flags: flags as unknown as string });
  let line = startLine();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      line.add(chunk.subarray(from, end));
      yield line.end(true);
      line = startLine();
      from = end + 1;
    }
    line.add(chunk.subarray(from));
  }
  if (line.octets() > 0) yield line.end(false);
}

function startLine() {
  const hash: Hash = createHash('sha256');
  const parts: Buffer[] = [];
  let octets = 0;
  return {
    octets: () => octets,
    add(part: Buffer): void {
      octets += part.length;
      hash.update(part);
      if (octets <= longest) parts.push(part);
    },
    end(isEnded: boolean): ReadLine {
      const text = octets > longest ? '\0' : textOf(Buffer.concat(parts));
      return { text, octets, digest: hash.digest('hex'), isEnded };
    },
  };
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(octets: Buffer): string {
  try {
    return decoder.decode(octets);
  } catch {
    return `\0${octets.toString('latin1')}`;
  }
}
