// The journal: lines in files of a folder that only grow, written and synced batch by batch.

import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Fault, FaultCode } from '../model/fault.ts';
import type { Journal, JournalTail } from '../ports.ts';
import { listLogs, nameOf, type ReadLine, readLines } from './log-lines.ts';
import { wordsOf } from './whole-file.ts';

/** How much of the newest lines is read at a start, in octets. */
const tailOctets = 2 << 20;

/** How long a file that is empty is left to whoever made it, in milliseconds. */
const patience = 100;

interface State {
  readonly folder: string;
  /** The file that grows; undefined before the first. */
  name: string | undefined;
  /** True until that file has been made: there must be none of its name. */
  isNew: boolean;
  /** A newer one in which nothing stood when the folder was read. */
  empty: string | undefined;
  /** How long it is by what was read and written here. */
  octets: number;
  /** True while its last line has no end: what is written next begins with one. */
  isTorn: boolean;
}

/** Before anything is known. */
const nothing: Omit<State, 'folder'> = {
  name: undefined,
  isNew: false,
  empty: undefined,
  octets: 0,
  isTorn: false,
};

export function openJournal(folder: string): Journal {
  const state = { folder, ...nothing };
  return {
    async open(onLine) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        return await readTail(state, onLine);
      } catch (error) {
        return faultOf('disk.read', folder, error);
      }
    },
    begin(name) {
      state.name = name;
      state.isNew = name !== state.empty;
      state.octets = 0;
      state.isTorn = false;
    },
    append: (lines) => append(lines, state),
    async surplus(most) {
      const files = await listLogs(folder).catch(() => []);
      const sizes = await Promise.all(files.map(sizeOf));
      let sum = sizes.reduce((all, size) => all + size, 0);
      let count = 0;
      // The one that grows stays, whatever its size.
      while (count < files.length - 1 && sum > most) sum -= sizes[count++] ?? 0;
      if (count === 0) return undefined;
      const names = files.slice(0, count).map(nameOf);
      for (const path of files.slice(count)) {
        for await (const { text } of readLines(path)) return { names, firstLeft: text };
      }
      return undefined;
    },
    async remove(names) {
      try {
        for (const name of names) await rm(join(folder, name), { force: true });
        return undefined;
      } catch (error) {
        return faultOf('disk.write', folder, error);
      }
    },
  };
}

/** In pieces between which others have their turn. */
async function readTail(state: State, onLine: (line: string) => void): Promise<JournalTail> {
  const files = await listLogs(state.folder);
  const newestPath = files.at(-1);
  const isEmpty = newestPath !== undefined && (await sizeOf(newestPath)) === 0;
  // Another life may have made it this very moment, and be about to write.
  if (isEmpty) await setTimeout(patience);
  // A file that has just begun says little of what happened.
  const full = await newestFull(files, 2);
  Object.assign(state, nothing);
  const [name, newest] = [full.at(-1), newestPath].map((path) => path && nameOf(path));
  state.name = name;
  if (newest !== name) state.empty = newest;
  let torn: JournalTail['torn'];
  for (const path of full) {
    const size = await sizeOf(path);
    const start = Math.max(0, size - tailOctets);
    let isFirst = start > 0;
    let last: ReadLine | undefined;
    for await (const line of readLines(path, start)) {
      // It was cut in the middle, most likely.
      if (!isFirst && line.isEnded) onLine(line.text);
      isFirst = false;
      last = line;
    }
    if (nameOf(path) !== name) continue;
    state.octets = size;
    state.isTorn = last?.isEnded === false;
    if (state.isTorn && last !== undefined) torn = { octets: last.octets, sha256: last.digest };
  }
  return { name, octets: state.octets, torn, empty: state.empty };
}

/** The newest in which anything stands, oldest first. */
async function newestFull(files: readonly string[], most: number): Promise<string[]> {
  const found: string[] = [];
  for (const path of files.toReversed()) {
    if (found.length === most) break;
    if ((await sizeOf(path)) > 0) found.unshift(path);
  }
  return found;
}

async function append(
  lines: readonly string[],
  state: State,
): Promise<Fault | 'moved' | { readonly octets: number }> {
  const path = join(state.folder, state.name ?? '');
  const { isNew } = state;
  try {
    const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY, O_NONBLOCK } = constants;
    const how = O_WRONLY | O_APPEND | O_NONBLOCK | (isNew ? O_CREAT | O_EXCL : 0);
    await using file = await open(path, how, 0o600);
    // It is there from now on, also where the disk has no room for a line.
    state.isNew = false;
    // Somebody else writes here: another life of this director, or a stranger.
    const newest = (await listLogs(state.folder)).at(-1) ?? '';
    const isOurs = nameOf(newest) === state.name && (await file.stat()).size === state.octets;
    if (!isOurs) return 'moved';
    const text = `${state.isTorn ? '\n' : ''}${lines.join('\n')}\n`;
    await writeWhole(file, Buffer.from(text), state.octets);
    state.octets += Buffer.byteLength(text);
    state.isTorn = false;
    return { octets: state.octets };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === (isNew ? 'EEXIST' : 'ENOENT')) return 'moved';
    return faultOf('disk.write', path, error);
  }
}

/** All of it or nothing, as far as the disk lets us take back what went no further. */
async function writeWhole(file: FileHandle, bytes: Buffer, before: number): Promise<void> {
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } catch (error) {
    await file.truncate(before).catch(() => undefined);
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size;
}

function faultOf(code: FaultCode, path: string, error: unknown): Fault {
  const verb = code === 'disk.write' ? 'write' : 'read';
  return { code, message: `cannot ${verb} ${path}: ${wordsOf(error)}` };
}
