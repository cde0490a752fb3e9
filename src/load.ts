// Loading a configuration: files read and checked by the same code for `check`, start and reload.

import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import { checkConfig, type ConfigFiles } from './config/check.ts';
import { masterFilesIn } from './config/master/wishes.ts';
import { type Environment, secretFilesIn } from './config/secret.ts';
import { readConfigFiles } from './edge/files.ts';
import { createMasters, type Masters } from './load/masters.ts';
import type { Checked } from './model/fault.ts';
import type { Settings } from './model/settings.ts';

export interface Loader {
  load(): Promise<Checked<Settings>>;
  /** The master files that were last read, faulty or not, as paths of the system. */
  masterFiles(): readonly string[];
}

/** `config` is the path of the main file; `regions/` stands beside it, and master files where it says. */
export function createLoader(config: string, env: Environment): Loader {
  const masters = createMasters();
  return {
    async load() {
      const read = await readConfigFiles(config, secretFilesIn);
      if (Array.isArray(read)) return { ok: false, faults: read };
      return checkConfig(await addMasters(read, dirname(config), masters), env, sha256);
    },
    masterFiles: () => masters.files(),
  };
}

/** For those who load once. */
export async function loadSettings(config: string, env: Environment): Promise<Checked<Settings>> {
  return createLoader(config, env).load();
}

async function addMasters(
  files: ConfigFiles,
  folder: string,
  masters: Masters,
): Promise<ConfigFiles> {
  const wishes = masterFilesIn(files.main).map((wish) => ({
    ...wish,
    path: isAbsolute(wish.path) ? wish.path : join(folder, wish.path),
  }));
  if (wishes.length === 0) return files;
  const found = await masters.load(wishes);
  const zones = Array.from(
    found,
    ([apex, each]) => [apex, 'zone' in each ? each.zone : each] as const,
  );
  const digests = Array.from(found.values(), (each) => ('zone' in each ? each.digest : ''));
  const masterDigest = sha256(digests.join('\n'));
  const digest = sha256(files.digest + masterDigest);
  return { ...files, masters: new Map(zones), masterDigest, digest };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
