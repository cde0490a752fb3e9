// State on local disk: each text in a file of its own, replaced whole, checked when read.

import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Fault, FaultCode } from '../model/fault.ts';
import type { Store } from '../ports.ts';
import { longestHead, readHead, readState, type StateText, writeState } from './state-text.ts';

/** Nothing that a director keeps is longer, in bytes. */
const longest = 256 << 20;

/** After so many vain saves a later start that no longer writes has ended, and one that does is here to stay. */
const patience = 6;

export interface StoreOptions {
  /** Made when it is missing. */
  readonly folder: string;
  /** New at each start: Unix milliseconds. */
  readonly incarnation: number;
  /** Told of each text that cannot be read or is not what was saved, which counts as never saved. */
  readonly onFault?: (fault: Fault) => void;
}

/**
 * While two processes of one director have the folder, as in a restart without a gap, what the later
 * one saved stays: the earlier one then saves nothing, and says so when that goes on. Only if both
 * put a file in place within the same instant can the earlier one win, until the other saves again.
 */
export function createDiskStore(options: StoreOptions): Store {
  const { incarnation: start } = options;
  const state: State = { ...options, start, saving: new Map(), foreign: new Map() };
  return {
    async load(name) {
      const path = pathOf(state.folder, name);
      try {
        await removeDrafts(path, start);
        const kept = readState(await readText(path));
        if (kept === undefined) await leaveAside(path, state);
        // Whoever kept it started before, whatever the clock says since.
        state.incarnation = Math.max(state.incarnation, (kept?.incarnation ?? -1) + 1);
        return kept?.text;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT') state.onFault?.(faultOf('disk.read', path, error));
        return undefined;
      }
    },
    save(name, text) {
      // One after another, so that an earlier text never replaces a later one.
      const next = (): Promise<Fault | undefined> => save(state, name, text);
      const saved = (state.saving.get(name) ?? Promise.resolve()).then(next);
      state.saving.set(name, saved);
      return saved;
    },
  };
}

interface State extends StoreOptions {
  /** As it was given: no other process has the same. */
  readonly start: number;
  incarnation: number;
  readonly saving: Map<string, Promise<Fault | undefined>>;
  /** Files of a later start: when each was written, and how often it stood in the way. */
  readonly foreign: Map<string, Foreign>;
}

interface Foreign {
  readonly writtenAt: number;
  /** Saves in vain since it was first seen, and since it was last written. */
  readonly times: number;
  readonly timesUnchanged: number;
}

async function save(state: State, name: string, text: string): Promise<Fault | undefined> {
  const path = pathOf(state.folder, name);
  try {
    await mkdir(state.folder, { recursive: true, mode: 0o700 });
    const later = await findLater(path, state);
    if (later === undefined) {
      await replace(path, { text, incarnation: state.incarnation }, state.start);
      return undefined;
    }
    if (later.times < patience) return undefined;
    const words = `${path} is written by a process that started later: give each director a state of its own`;
    return { code: 'disk.write', message: words };
  } catch (error) {
    return faultOf('disk.write', path, error);
  }
}

/** What a later start has written there, unless that start has ended: then this one is the latest. */
async function findLater(path: string, state: State): Promise<Foreign | undefined> {
  const found = await readOwner(path);
  if (found === undefined || found.incarnation <= state.incarnation) {
    state.foreign.delete(path);
    return undefined;
  }
  const before = state.foreign.get(path);
  const isUnchanged = before?.writtenAt === found.writtenAt;
  const timesUnchanged = isUnchanged ? before.timesUnchanged + 1 : 1;
  if (timesUnchanged > patience) {
    state.incarnation = found.incarnation + 1;
    state.foreign.delete(path);
    return undefined;
  }
  const times = (before?.times ?? 0) + 1;
  const foreign = { writtenAt: found.writtenAt, times, timesUnchanged };
  state.foreign.set(path, foreign);
  return foreign;
}

/** Undefined when there is no file, or none that says who wrote it. */
async function readOwner(
  path: string,
): Promise<{ incarnation: number; writtenAt: number } | undefined> {
  try {
    await using file = await openFile(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestHead), 0, longestHead, 0);
    const incarnation = readHead(buffer.toString('latin1', 0, bytesRead))?.incarnation;
    const { mtimeMs: writtenAt } = await file.stat();
    return incarnation === undefined ? undefined : { incarnation, writtenAt };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** For its owner's eyes: among the texts may be secrets. */
async function replace(path: string, state: StateText, start: number): Promise<void> {
  const draft = `${path}.${start}.tmp`;
  {
    await using file = await open(draft, 'w', 0o600);
    await file.writeFile(writeState(state));
    // Without this a power cut could leave the new name with nothing behind it.
    await file.sync();
  }
  await rename(draft, path);
}

/** What earlier starts did not come to finish. */
async function removeDrafts(path: string, start: number): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(path)}.`)) continue;
    const of = /\.(\d{1,15})\.tmp$/.exec(name)?.[1];
    if (of !== undefined && Number(of) < start) await rm(join(folder, name), { force: true });
  }
}

async function readText(path: string): Promise<string> {
  await using file = await openFile(path);
  return file.readFile('utf8');
}

/** Looks at a file before it is read: it may be a pipe that never ends, or an image of a disk. */
async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (stats.isFile() && stats.size <= longest) return file;
  await file.close();
  throw new Error(stats.isFile() ? `it has more than ${longest} bytes` : 'it is not a file');
}

/** Somebody may want to look at it; the next save makes a new one. */
async function leaveAside(path: string, { onFault }: State): Promise<void> {
  const aside = `${path}.damaged`;
  await rename(path, aside);
  onFault?.({ code: 'disk.read', message: `${path} is damaged and was left aside as ${aside}` });
}

function pathOf(folder: string, name: string): string {
  return join(folder, `${name}.state`);
}

function faultOf(code: FaultCode, path: string, error: unknown): Fault {
  const verb = code === 'disk.write' ? 'write' : 'read';
  return {
    code,
    message: `cannot ${verb} ${path}: ${error instanceof Error ? error.message : ''}`,
  };
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
