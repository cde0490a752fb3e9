// Compiled tables on local disk, so that the next start need not compile them.

import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm, statfs, type FileHandle } from 'node:fs/promises';
import { join as joinPath } from 'node:path';
import { setTimeout as later, setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Fault, FaultCode } from '../model/fault.ts';
import type { Settings } from '../model/settings.ts';
import type { TableCache } from '../ports.ts';
import {
  aligned,
  endOfList,
  headOctets,
  join,
  longestList,
  type Parted,
  part,
  readHead,
  readList,
  type Section,
  writeList,
} from './table-file.ts';
import { wordsOf } from './whole-file.ts';

/** More than this is not kept, nor read. */
const longest = 2 ** 30;

/** Worked through at once: less than a millisecond. */
const pieceOctets = 2 ** 20;

export interface TablesOptions {
  /** Made when it is missing. */
  readonly folder: string;
  readonly stamp: (geo: Settings['geo']) => Promise<string | undefined>;
  readonly onFault: (fault: Fault) => void;
  /** Before anything is written, in milliseconds: a start has better things to do. */
  readonly delay?: number;
}

/**
 * One file with all tables, read whole into one memory that threads share: Node cannot map a file, but
 * arrays that lie in it as they are used need nothing else. It is read from now on, while a start does
 * other things. A sum over each table tells what was torn or damaged; that is told once, and compiled
 * again. Two processes with one folder may spoil each other's file, and both then find out.
 */
export function openTables(options: TablesOptions): TableCache & AsyncDisposable {
  const path = joinPath(options.folder, 'compiled.tables');
  const stop = new AbortController();
  let early: Promise<Found> | undefined = read(path);
  // Whoever loads hears of it.
  early.catch(() => undefined);
  let kept: ReadonlySet<string> = new Set();
  let saving: Promise<void> = Promise.resolve();
  const tell = (code: FaultCode, reason: string): void => {
    const verb = code === 'disk.read' ? 'read' : 'write';
    options.onFault({ code, message: `cannot ${verb} ${path}: ${reason}` });
  };
  return {
    stamp: options.stamp,
    async load(keys) {
      const wanted = new Map(keys.map((key) => [nameOf(key), key]));
      const reading = early;
      early = undefined;
      try {
        let found = await (reading ?? read(path, wanted));
        // One memory lives as long as any of its tables does, so those that nobody wants do not stay.
        if ([...found.keys()].some((name) => !wanted.has(name))) found = await read(path, wanted);
        kept = new Set([...found.keys()].map((name) => wanted.get(name) as string));
        return new Map([...found].map(([name, value]) => [wanted.get(name) as string, value]));
      } catch (error) {
        const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
        if (!isMissing) tell('disk.read', `${wordsOf(error)}; its tables are compiled again`);
        return new Map();
      }
    },
    save(tables) {
      if ([...tables.keys()].every((key) => kept.has(key))) return;
      kept = new Set(tables.keys());
      saving = saving
        .then(() => later(options.delay ?? 1000, undefined, { signal: stop.signal, ref: false }))
        .then(() => write(options.folder, path, tables, stop.signal))
        .catch((error: unknown) => {
          if (!stop.signal.aborted) tell('disk.write', wordsOf(error));
        });
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await saving;
    },
  };
}

function nameOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** Values by the names of their keys. */
type Found = ReadonlyMap<string, unknown>;

/** The values of wanted sections, or of all; rejects where the file is not as it was written. */
async function read(path: string, wanted?: ReadonlyMap<string, string>): Promise<Found> {
  // Without O_NONBLOCK, opening a pipe waits until somebody writes to it.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (!stats.isFile()) throw new Error('it is not a file');
  if (stats.size > longest) throw new Error(`it has more than ${longest} bytes`);
  if (stats.size < headOctets) throw new Error('it is torn');
  const head = readHead(await readAt(file, Buffer.alloc(headOctets), 0));
  if (head === undefined) return new Map();
  if (head.length > Math.min(longestList, stats.size - headOctets)) throw new Error('it is torn');
  const list = await readAt(file, Buffer.alloc(head.length), headOctets);
  const sections = readList(list, head.digest, stats.size);
  const ours = sections.filter(({ key }) => wanted?.has(key) ?? true);
  const memory = new SharedArrayBuffer(ours.reduce((sum, { octets }) => sum + octets, 0));
  const found = new Map<string, unknown>();
  let at = endOfList(head.length);
  let start = 0;
  for (const section of sections) {
    if (ours.includes(section)) {
      const bytes = await readAt(file, new Uint8Array(memory, start, section.octets), at);
      if ((await digestOf([bytes])) !== section.digest) throw new Error('it is damaged');
      found.set(section.key, join(section, memory, start));
      start += section.octets;
    }
    at += section.octets;
  }
  return found;
}

async function readAt<T extends Uint8Array>(file: FileHandle, into: T, at: number): Promise<T> {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.read(into, done, into.length - done, at + done);
    if (bytesRead === 0) throw new Error('it ends early');
    done += bytesRead;
  }
  return into;
}

/** How many times as much must be free as the file takes. */
const roomier = 4;

/** Not synchronised with the disk: what a power cut leaves behind is found out by its digest. */
async function write(
  folder: string,
  path: string,
  tables: ReadonlyMap<string, () => object>,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const parts = Array.from(tables, ([key, value]) => ({ key: nameOf(key), ...part(value()) }));
  const octets = parts.reduce((sum, each) => sum + each.octets, 0);
  // Verdicts and words lie on the same disk, and nothing may take their room.
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < octets * roomier) return;
  const draft = `${path}.tmp`;
  const isKept = await layDown(draft, parts, signal).catch(async (error: unknown) => {
    await rm(draft, { force: true });
    throw error;
  });
  await (isKept ? rename(draft, path) : rm(draft, { force: true }));
}

/** Writes everything, unless it is stopped or too long; says whether it has. */
async function layDown(
  draft: string,
  parts: readonly (Parted & { readonly key: string })[],
  signal: AbortSignal,
): Promise<boolean> {
  const sections: Section[] = [];
  for (const { key, octets, text, tables } of parts) {
    sections.push({ key, octets, digest: await digestOf(tables, signal), text });
  }
  const list = writeList(sections);
  const octets = parts.reduce((sum, each) => sum + each.octets, list.length);
  if (octets > longest || list.length > longestList) return false;
  await using file = await open(draft, 'w', 0o600);
  await file.write(list, 0, list.length, 0);
  let at = list.length;
  for (const { tables } of parts) {
    for (const table of tables) {
      for (const piece of piecesOf(table)) {
        if (signal.aborted) return false;
        await file.write(piece, 0, piece.length, at + piece.byteOffset - table.byteOffset);
      }
      at += aligned(table.byteLength);
    }
  }
  await file.truncate(octets);
  return true;
}

/**
 * CRC-32 over arrays as they lie in the file, each filled up to where the next one starts: for what
 * breaks by itself. Whoever can write here to deceive us could write another sum, of any kind.
 */
async function digestOf(tables: readonly ArrayBufferView[], signal?: AbortSignal): Promise<string> {
  let sum = 0;
  for (const table of tables) {
    for (const piece of piecesOf(table)) {
      signal?.throwIfAborted();
      sum = crc32(piece, sum);
      await nextTurn();
    }
    sum = crc32(new Uint8Array(aligned(table.byteLength) - table.byteLength), sum);
  }
  return sum.toString(16);
}

function* piecesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Generator<Uint8Array> {
  for (let at = 0; at < byteLength; at += pieceOctets) {
    yield new Uint8Array(buffer, byteOffset + at, Math.min(pieceOctets, byteLength - at));
  }
}
