// Loading a configuration: files read and checked by the same code for `check`, start and reload.

import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type ConfigFiles, checkConfig, type ReadConfig, readConfig } from './config/check.ts';
import { fillLastGood, type LastGood, outlineOf } from './config/last-good.ts';
import { type Environment, secretFilesIn } from './config/secret.ts';
import { readConfigFiles, readSource } from './edge/files.ts';
import { readSecretFiles } from './edge/secret-files.ts';
import type { Checked } from './model/fault.ts';
import type { Settings } from './model/settings.ts';

/** `config` is the path of the main file; `regions/` stands beside it. */
export async function loadSettings(config: string, env: Environment): Promise<Checked<Settings>> {
  const loaded = await loadConfig(config, env);
  return loaded.ok ? { ok: true, value: loaded.value.settings } : loaded;
}

/** The settings, and what the files say of them. */
export async function loadConfig(config: string, env: Environment): Promise<Checked<ReadConfig>> {
  const files = await readConfigFiles(config, secretFilesIn);
  return Array.isArray(files) ? { ok: false, faults: files } : readConfig(files, env, sha256);
}

/** What a main file with faults still says of where the state is and whose it is. */
export async function loadOutline(
  config: string,
  env: Environment,
): Promise<ReturnType<typeof outlineOf>> {
  return outlineOf((await readSource(config))?.text, env);
}

/** The settings of the last good configuration, with today's secrets and today's environment. */
export async function loadLastGood(
  kept: LastGood,
  config: string,
  env: Environment,
): Promise<Checked<Settings>> {
  const paths = new Set(kept.gaps.flatMap(({ region }) => (region === undefined ? [] : [region])));
  const regions = await Promise.all(
    [...paths].map((id) => readSource(join(dirname(config), 'regions', `${id}.yaml`))),
  );
  const main = (await readSource(config)) ?? { path: config, text: '' };
  const today = { main, regions: regions.filter((file) => file !== undefined) };
  const filled = fillLastGood(kept, today);
  if (!filled.ok) return filled;
  const { digest, modifiedAt } = kept;
  const secrets = await readSecretFiles(secretFilesIn(filled.value.main), dirname(config));
  const files: ConfigFiles = { ...filled.value, secrets, digest, modifiedAt };
  return checkConfig(files, env, sha256);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
