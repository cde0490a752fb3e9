// Configuration files: read whole, the main one and one for each region beside it, and watched.

import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigFiles } from '../config/check.ts';
import type { SourceFile } from '../config/document.ts';
import type { SecretFile } from '../config/secret.ts';
import type { Fault } from '../model/fault.ts';
import { createSecretsLook, readNamedFiles, tableBytes } from './secret-files.ts';
import { readWhole, wordsOf } from './whole-file.ts';

/** Bytes and numbers beyond which this is not somebody's configuration. */
const limits = { main: 16 << 20, region: 1 << 20, total: 64 << 20, regions: 10_000 };

interface FoundFile {
  readonly source: SourceFile;
  readonly bytes: Buffer;
  readonly modifiedAt: number;
}

/**
 * Reads the main file, every `*.yaml` of `regions/` beside it and the files that `secretFilesIn`
 * finds named, or says all that is in the way. A secret or a table that cannot be read is for the checker to
 * refuse, who knows where it is named.
 */
export async function readConfigFiles(
  main: string,
  secretFilesIn: (main: SourceFile) => readonly string[],
  tableFilesIn: (main: SourceFile) => readonly string[] = () => [],
): Promise<ConfigFiles | Fault[]> {
  const faults: Fault[] = [];
  const found = await readFile(main, limits.main, faults);
  const regions: FoundFile[] = [];
  let total = 0;
  for (const path of await listRegions(join(dirname(main), 'regions'), faults)) {
    const region = await readFile(path, limits.region, faults);
    if (region !== undefined) regions.push(region);
    total += region?.bytes.length ?? 0;
    if (total <= limits.total) continue;
    faults.push(refuse(path, `with it the regions come to more than ${limits.total} bytes`));
    break;
  }
  if (found === undefined || faults.length > 0) return faults;
  const files = [found, ...regions];
  const tables = await readNamedFiles(tableFilesIn(found.source), dirname(main), tableBytes);
  return {
    main: found.source,
    regions: regions.map(({ source }) => source),
    secrets: await readNamedFiles(secretFilesIn(found.source), dirname(main)),
    tables,
    digest: digestOf(files, tables),
    modifiedAt: Math.max(...files.map(({ modifiedAt }) => modifiedAt)),
  };
}

/** One file alone; undefined when it cannot be read. */
export async function readSource(path: string): Promise<SourceFile | undefined> {
  return (await readFile(path, limits.main, []))?.source;
}

/** Changes come in bursts: they are told after a pause, but not put off for ever. */
const pauseMs = 200;
const longestMs = 2000;

/** How often the folders themselves are looked at: a watch goes with a folder that is moved away. */
const patrolMs = 1000;

/**
 * Calls back soon after one of the files may have changed, come or gone; `others` are those
 * elsewhere that it names now: secrets and master files.
 */
export function watchFiles(
  main: string,
  others: () => readonly string[],
  onChange: () => void,
): AsyncDisposable {
  const stop = new AbortController();
  const bell = createBell(onChange);
  const isOurs = (name: string): boolean => name === basename(main) || name.endsWith('.yaml');
  const onEvent = (event: string, name: string | null): void => {
    // What came, went or was renamed under another name may be what one of our names leads to.
    if (event === 'rename' || name === null || isOurs(name)) bell.ring();
  };
  const folders = [dirname(main), join(dirname(main), 'regions')];
  const watches = folders.map((folder) => watchFolder(folder, onEvent));
  const lookAtOthers = createSecretsLook();
  const otherPaths = (): string[] => others().map((path) => resolve(dirname(main), path));
  const patrol = async (): Promise<void> => {
    for (const each of watches) await each.look();
    await lookAtOthers(otherPaths());
    // What changed between the reading of the files and now was seen by nobody.
    bell.ring();
    while (!stop.signal.aborted) {
      await sleep(patrolMs, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);
      for (const each of watches) if (await each.look()) bell.ring();
      if (await lookAtOthers(otherPaths())) bell.ring();
    }
  };
  const patrolling = patrol();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await patrolling;
      for (const each of watches) each.close();
      bell.silence();
    },
  };
}

interface FolderWatch {
  /** True when another folder stands there than at the last look, or when it cannot be watched. */
  look(): Promise<boolean>;
  close(): void;
}

function watchFolder(
  path: string,
  onEvent: (event: string, name: string | null) => void,
): FolderWatch {
  let seen = '';
  let watcher: FSWatcher | undefined;
  const close = (): void => {
    watcher?.close();
    watcher = undefined;
    seen = '';
  };
  const start = (): FSWatcher | undefined => {
    try {
      return watch(path, { persistent: false }, (event, name) => {
        // Its own name: it was moved or removed, and the next one may get the same inode.
        if (event === 'rename' && name === basename(path)) seen = '';
        onEvent(event, name);
      }).on('error', close);
    } catch {
      return undefined;
    }
  };
  return {
    async look() {
      const found = await identityOf(path);
      if (found === seen) return false;
      close();
      watcher = found === '' ? undefined : start();
      if (watcher !== undefined) seen = found;
      return true;
    },
    close,
  };
}

async function identityOf(folder: string): Promise<string> {
  const stats = await stat(folder).catch(() => undefined);
  return stats === undefined ? '' : `${stats.dev}:${stats.ino}`;
}

function createBell(onRing: () => void): { ring(): void; silence(): void } {
  let timer: NodeJS.Timeout | undefined;
  let since = 0;
  const sound = (): void => {
    timer = undefined;
    onRing();
  };
  return {
    ring() {
      const now = performance.now();
      if (timer === undefined) since = now;
      else if (now - since > longestMs - pauseMs) return;
      clearTimeout(timer);
      timer = setTimeout(sound, pauseMs);
    },
    silence: () => clearTimeout(timer),
  };
}

/** Sorted, so that every machine reads the same files in the same order. */
async function listRegions(folder: string, faults: Fault[]): Promise<string[]> {
  let names: string[];
  try {
    names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    // Whether there must be regions is for the main file to say.
    if (!isMissing(error)) faults.push(refuse(folder, wordsOf(error)));
    return [];
  }
  for (const name of names.filter((each) => each.endsWith('.yml'))) {
    faults.push(refuse(join(folder, name), "the name of a region's file ends in .yaml"));
  }
  const regions = names.filter((name) => name.endsWith('.yaml'));
  if (regions.length <= limits.regions) return regions.map((name) => join(folder, name));
  faults.push(refuse(folder, `got ${regions.length} regions, want at most ${limits.regions}`));
  return [];
}

async function readFile(
  path: string,
  limit: number,
  faults: Fault[],
): Promise<FoundFile | undefined> {
  try {
    const { text, ...rest } = await readWhole(path, limit);
    return { source: { path, text }, ...rest };
  } catch (error) {
    faults.push(refuse(path, wordsOf(error)));
    return undefined;
  }
}

/** Over names and contents only: directors that keep the same files elsewhere have the same digest. */
function digestOf(
  [main, ...regions]: readonly FoundFile[],
  tables: ReadonlyMap<string, SecretFile>,
): string {
  const hash = createHash('sha256');
  const add = (name: string, bytes: Buffer): void => {
    hash.update(`${name} ${bytes.length}\n`).update(bytes);
  };
  if (main !== undefined) add('main', main.bytes);
  for (const { source, bytes } of regions) add(basename(source.path), bytes);
  for (const [path, file] of tables) {
    add(path, Buffer.from('text' in file ? file.text : file.reason));
  }
  return hash.digest('hex');
}

function refuse(path: string, message: string): Fault {
  return { code: 'config.read', message: `cannot read ${path}: ${message}` };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
