// Loading a configuration: files read and checked by the same code for `check`, start and reload.

import { createHash } from 'node:crypto';
import { checkConfig } from './config/check.ts';
import { type Environment, secretFilesIn } from './config/secret.ts';
import { readConfigFiles } from './edge/files.ts';
import type { Checked } from './model/fault.ts';
import type { Settings } from './model/settings.ts';

/** `config` is the path of the main file; `regions/` stands beside it. */
export async function loadSettings(config: string, env: Environment): Promise<Checked<Settings>> {
  const files = await readConfigFiles(config, secretFilesIn);
  return Array.isArray(files) ? { ok: false, faults: files } : checkConfig(files, env, sha256);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
