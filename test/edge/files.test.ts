// Configuration files: read whole or refused with every reason, and watched through all that editors do.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ConfigFiles } from '../../src/config/check.ts';
import { readConfigFiles, watchFiles } from '../../src/edge/files.ts';
import type { Fault } from '../../src/model/fault.ts';
import { makeFolder } from '../support/folder.ts';
import { eventually } from '../support/eventually.ts';

/** A folder with a main file and the regions named; gives the path of the main file. */
async function lay(t: TestContext, ...regions: string[]): Promise<string> {
  const folder = await makeFolder(t);
  await mkdir(join(folder, 'regions'));
  await writeFile(join(folder, 'meridian.yaml'), 'director: {}\n');
  for (const name of regions) await writeFile(join(folder, 'regions', name), `title: ${name}\n`);
  return join(folder, 'meridian.yaml');
}

async function read(main: string): Promise<ConfigFiles> {
  const files = await readConfigFiles(main, () => []);
  assert.ok(!Array.isArray(files), JSON.stringify(files));
  return files;
}

async function faultsIn(main: string): Promise<Fault[]> {
  const files = await readConfigFiles(main, () => []);
  assert.ok(Array.isArray(files));
  assert.ok(files.every(({ code }) => code === 'config.read'));
  return files;
}

test('the main file and every region are read, in order of their names', async (t) => {
  const main = await lay(t, 'us-east.yaml', 'eu-west.yaml', 'README.md', '.eu-west.yaml.swp');
  await writeFile(join(main, '..', 'regions', '.hidden.yaml'), 'x: 1\n');
  const files = await read(main);
  assert.deepEqual(files.main, { path: main, text: 'director: {}\n' });
  assert.deepEqual(
    files.regions.map(({ path }) => path.slice(-15)),
    ['ns/eu-west.yaml', 'ns/us-east.yaml'],
  );
  assert.equal(files.regions[0]?.text, 'title: eu-west.yaml\n');
});

test('the digest follows names and contents, not where or when the files stand', async (t) => {
  const main = await lay(t, 'eu-west.yaml', 'us-east.yaml');
  const { digest } = await read(main);
  assert.match(digest, /^[0-9a-f]{64}$/);
  const elsewhere = join(await makeFolder(t), 'copy');
  await cp(join(main, '..'), elsewhere, { recursive: true });
  const copy = join(elsewhere, 'meridian.yaml');
  assert.equal((await read(copy)).digest, digest);
  await rename(
    join(elsewhere, 'regions', 'us-east.yaml'),
    join(elsewhere, 'regions', 'us-west.yaml'),
  );
  const renamed = (await read(copy)).digest;
  assert.notEqual(renamed, digest);
  await writeFile(copy, 'director: { }\n');
  assert.notEqual((await read(copy)).digest, renamed);
});

test('the newest file tells when the configuration was changed, in whole milliseconds', async (t) => {
  const main = await lay(t, 'eu-west.yaml');
  await utimes(main, 1000, 1000);
  await utimes(join(main, '..', 'regions', 'eu-west.yaml'), 2000, 2000.5);
  assert.equal((await read(main)).modifiedAt, 2_000_500);
});

test('without a regions folder there are no regions', async (t) => {
  const main = await lay(t);
  await rm(join(main, '..', 'regions'), { recursive: true });
  assert.deepEqual((await read(main)).regions, []);
});

test('files behind symbolic links are read, as orchestrators lay them out', async (t) => {
  const main = await lay(t, 'eu-west.yaml');
  const link = join(await makeFolder(t), 'meridian.yaml');
  await symlink(main, link);
  await symlink(join(main, '..', 'regions'), join(link, '..', 'regions'));
  assert.equal((await read(link)).digest, (await read(main)).digest);
});

test('everything that cannot be read is told at once, by its path', async (t) => {
  const main = await lay(t, 'good.yaml', 'ending.yml');
  const region = (name: string): string => join(main, '..', 'regions', name);
  await mkdir(region('folder.yaml'));
  await symlink('nowhere', region('gone.yaml'));
  await writeFile(region('latin.yaml'), Buffer.from('title: S\xe3o Paulo\n', 'latin1'));
  await writeFile(region('large.yaml'), '');
  await truncate(region('large.yaml'), (1 << 20) + 1);
  execFileSync('mkfifo', [region('pipe.yaml')]);
  await rm(main);
  const faults = await faultsIn(main);
  for (const path of [
    main,
    ...['ending.yml', 'folder.yaml', 'gone.yaml', 'latin.yaml', 'large.yaml', 'pipe.yaml'].map(
      region,
    ),
  ]) {
    assert.equal(faults.filter(({ message }) => message.includes(path)).length, 1, path);
  }
  assert.equal(faults.length, 7);
});

test('regions that are too many bytes together are refused', async (t) => {
  const names = Array.from({ length: 65 }, (_, i) => `r${i}.yaml`);
  const main = await lay(t, ...names);
  for (const name of names) await truncate(join(main, '..', 'regions', name), 1 << 20);
  assert.equal((await faultsIn(main)).length, 1);
});

/** Reads the files whenever the watch calls; gives a check that it has read them as a change left them. */
async function watching(t: TestContext, main: string) {
  let lastRead = '';
  const watch = watchFiles(
    main,
    () => [],
    () => {
      void readConfigFiles(main, () => []).then((files) => {
        if (!Array.isArray(files)) lastRead = files.digest;
      });
    },
  );
  t.after(() => watch[Symbol.asyncDispose]());
  // The watch begins in the background: something is changed until it notices.
  const nudge = join(main, '..', 'nudge');
  await eventually('a change is noticed', async () => {
    await writeFile(nudge, '');
    await rm(nudge);
    return lastRead !== '';
  });
  return async (change: () => Promise<unknown>): Promise<void> => {
    const before = (await read(main)).digest;
    await change();
    const { digest } = await read(main);
    assert.notEqual(digest, before);
    await eventually('the files were read as they are now', () => lastRead === digest);
  };
}

test('a file that is written, replaced, added or removed is noticed, again and again', async (t) => {
  const main = await lay(t, 'eu-west.yaml');
  const region = (name: string): string => join(main, '..', 'regions', name);
  const isNoticed = await watching(t, main);
  await isNoticed(() => writeFile(main, 'director: { id: a }\n'));
  for (const text of ['b', 'c']) {
    await isNoticed(async () => {
      await writeFile(`${main}.new`, text);
      await rename(`${main}.new`, main);
    });
  }
  await isNoticed(() => writeFile(main, 'd'));
  await isNoticed(() => writeFile(region('eu-west.yaml'), 'title: Cork\n'));
  await isNoticed(() => writeFile(region('us-east.yaml'), 'title: Ashburn\n'));
  await isNoticed(() => rm(region('us-east.yaml')));
});

test('folders that are replaced are watched in their new place', async (t) => {
  const main = await lay(t, 'eu-west.yaml');
  const folder = join(main, '..');
  const regions = join(folder, 'regions');
  t.after(() => rm(`${folder}-last`, { recursive: true, force: true }));
  const isNoticed = await watching(t, main);
  await isNoticed(() => rm(regions, { recursive: true }));
  await isNoticed(async () => {
    await mkdir(regions);
    await writeFile(join(regions, 'eu-west.yaml'), 'a');
  });
  await isNoticed(() => writeFile(join(regions, 'eu-west.yaml'), 'b'));
  await isNoticed(async () => {
    await rename(regions, join(folder, 'last'));
    await mkdir(regions);
    await writeFile(join(regions, 'eu-west.yaml'), 'c');
  });
  await isNoticed(() => writeFile(join(regions, 'eu-west.yaml'), 'd'));
  await isNoticed(async () => {
    await cp(folder, `${folder}-next`, { recursive: true });
    await writeFile(join(`${folder}-next`, 'meridian.yaml'), 'e');
    await rename(folder, `${folder}-last`);
    await rename(`${folder}-next`, folder);
  });
  await isNoticed(() => writeFile(main, 'f'));
  await isNoticed(() => writeFile(join(regions, 'eu-west.yaml'), 'g'));
});

test('a secret is read with the files, and noticed wherever it stands when it changes', async (t) => {
  const main = await lay(t, 'eu-west.yaml');
  const elsewhere = join(await makeFolder(t), 'secret');
  await writeFile(elsewhere, 'one');
  const paths = ['gone', elsewhere];
  const readSecrets = async () => {
    const files = await readConfigFiles(main, () => paths);
    assert.ok(!Array.isArray(files));
    return files;
  };
  const { digest, secrets } = await readSecrets();
  assert.deepEqual(Array.from(secrets.keys()), paths);
  assert.deepEqual(secrets.get(elsewhere), { text: 'one' });
  assert.equal(digest, (await read(main)).digest, 'the digest goes to everybody');

  let calls = 0;
  const count = (): void => void calls++;
  const watch = watchFiles(main, () => paths, count);
  t.after(() => watch[Symbol.asyncDispose]());
  await eventually('the watch has begun', () => calls > 0);
  for (const text of ['two', 'three']) {
    const before = calls;
    await writeFile(elsewhere, text);
    await eventually('the change is noticed', () => calls > before);
  }
});
