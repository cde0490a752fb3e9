// Loading a configuration: files read and checked by the same code for `check`, start and reload.

import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join } from 'node:path';
import { type ConfigFiles, checkConfig, type ReadConfig, readConfig } from './config/check.ts';
import { fillLastGood, type LastGood, outlineOf } from './config/last-good.ts';
import { tableFilesIn } from './config/latency-files.ts';
import { planFilesIn } from './config/plan-files.ts';
import { masterFilesIn } from './config/master/wishes.ts';
import type { SourceFile } from './config/document.ts';
import { type Environment, secretFilesIn } from './config/secret.ts';
import { readConfigFiles, readSource } from './edge/files.ts';
import { readNamedFiles, tableBytes } from './edge/secret-files.ts';
import { createMasters, type Masters } from './load/masters.ts';
import type { Checked } from './model/fault.ts';
import type { Settings } from './model/settings.ts';

export interface Loader {
  /** The settings, and what the files say of them. */
  load(): Promise<Checked<ReadConfig>>;
  /** What a main file with faults still says of where the state is and whose it is. */
  outline(): Promise<ReturnType<typeof outlineOf>>;
  /** The settings of the last good configuration, with today's secrets, tables, master files and environment. */
  recall(kept: LastGood): Promise<Checked<Settings>>;
  /** The master files that were last read, faulty or not, as paths of the system. */
  masterFiles(): readonly string[];
}

/** `config` is the path of the main file; `regions/` stands beside it, and master files where it says. */
export function createLoader(config: string, env: Environment): Loader {
  const masters = createMasters();
  const folder = dirname(config);
  return {
    async load() {
      const read = await readConfigFiles(config, secretFilesIn, namedFilesIn);
      if (Array.isArray(read)) return { ok: false, faults: read };
      return readConfig(await addMasters(read, folder, masters), env, sha256);
    },
    outline: async () => outlineOf((await readSource(config))?.text, env),
    async recall(kept) {
      const filled = fillLastGood(kept, await readGaps(kept, config));
      if (!filled.ok) return filled;
      const { digest, modifiedAt } = kept;
      const secrets = await readNamedFiles(secretFilesIn(filled.value.main), folder);
      const tables = await readNamedFiles(namedFilesIn(filled.value.main), folder, tableBytes);
      const files = { ...filled.value, secrets, tables, digest, modifiedAt };
      return checkConfig(await addMasters(files, folder, masters), env, sha256);
    },
    masterFiles: () => masters.files(),
  };
}

/** Tables and plans. */
function namedFilesIn(main: SourceFile): string[] {
  return [...new Set([...tableFilesIn(main), ...planFilesIn(main)])];
}

/** For those who load once. */
export async function loadSettings(config: string, env: Environment): Promise<Checked<Settings>> {
  const loaded = await createLoader(config, env).load();
  return loaded.ok ? { ok: true, value: loaded.value.settings } : loaded;
}

/** Today's files, for the secrets that were not kept. */
async function readGaps({ gaps }: LastGood, config: string) {
  const ids = new Set(gaps.flatMap(({ region }) => (region === undefined ? [] : [region])));
  const regions = await Promise.all(
    [...ids].map((id) => readSource(join(dirname(config), 'regions', `${id}.yaml`))),
  );
  const main = (await readSource(config)) ?? { path: config, text: '' };
  return { main, regions: regions.filter((file) => file !== undefined) };
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
