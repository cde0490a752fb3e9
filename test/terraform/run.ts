// Runs the terraform of this machine, offline, in a copy of the folders it needs so that it leaves nothing behind.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';

export const root = join(import.meta.dirname, '../..');

/** Why Terraform cannot run here; undefined where it can. */
const obstacle = findObstacle();

/** True, after saying so, where a test has to leave out what needs Terraform. */
export function lacksTerraform(t: TestContext): boolean {
  if (obstacle !== undefined) t.diagnostic(`not run: ${obstacle}`);
  return obstacle !== undefined;
}

/** A copy of terraform/ and regions/ that goes away with the `using` that holds it. */
export function copyTree(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'meridian-terraform-'));
  cpSync(join(root, 'regions'), join(path, 'regions'), { recursive: true });
  cpSync(join(root, 'terraform'), join(path, 'terraform'), {
    recursive: true,
    filter: (source) => !/\.terraform|tfstate/.test(source),
  });
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Exit status and everything printed. */
export function tryTerraform(
  folder: string,
  ...args: readonly string[]
): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr, error } = spawnSync('terraform', args, {
    cwd: folder,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: '/dev/null',
      TF_IN_AUTOMATION: '1',
      TF_INPUT: '0',
      TF_CLI_ARGS: '-no-color',
    },
  });
  return { status, text: `${stdout}${stderr}${error === undefined ? '' : String(error)}` };
}

/** What is printed; anything but success fails the test. */
export function terraform(folder: string, ...args: readonly string[]): string {
  const { status, text } = tryTerraform(folder, ...args);
  assert.equal(status, 0, `terraform ${args.join(' ')} in ${folder}\n${text}`);
  return text;
}

/** As `terraform`, after `init` without backend and, since nothing here needs one, without provider. */
export function terraformIn(folder: string, ...args: readonly string[]): string {
  terraform(folder, 'init', '-backend=false');
  return terraform(folder, ...args);
}

function findObstacle(): string | undefined {
  const { status, text } = tryTerraform(tmpdir(), 'version');
  if (status !== 0) return 'there is no terraform on this machine';
  const [, major, minor] = /v(\d+)\.(\d+)\./.exec(text) ?? [];
  const isNewEnough = Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 11);
  return isNewEnough ? undefined : `terraform ${major}.${minor} is older than 1.11`;
}
