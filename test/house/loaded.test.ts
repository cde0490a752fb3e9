// What a start has to load: a module more is a module more in every thread, and at every start.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSources } from '../support/source.ts';

const sources = new Map(readSources('src').map((file) => [file.path, file]));

/** Every file and package that is loaded with these, before anything runs. */
function loadedWith(...entries: readonly string[]): Set<string> {
  const loaded = new Set(entries);
  for (const path of loaded) {
    for (const { target, isTypeOnly, isLater } of sources.get(path)?.imports ?? []) {
      if (!isTypeOnly && !isLater) loaded.add(target);
    }
  }
  return loaded;
}

function packagesIn(loaded: ReadonlySet<string>): string[] {
  const isPackage = (name: string): boolean => !/^(node:|src\/)/.test(name);
  return [...loaded].filter((name) => isPackage(name) && name !== 'package.json').toSorted();
}

test('a thread that answers loads nothing but the server of its sockets', () => {
  const loaded = loadedWith('src/compose/workers/thread.ts');
  assert.deepEqual(packagesIn(loaded), ['dns2']);
  for (const room of ['src/config/', 'src/edge/http/', 'src/edge/redis', 'src/cli/']) {
    assert.deepEqual(
      [...loaded].filter((path) => path.startsWith(room)),
      [],
    );
  }
});

test('a start loads no client of Redis, no metrics, no database reader and no other command', () => {
  const loaded = loadedWith('src/main.ts', 'src/cli/serve.ts', 'src/edge/http/server.ts');
  assert.deepEqual(packagesIn(loaded), [
    '@fastify/rate-limit',
    '@fastify/swagger',
    'dns2',
    'fastify',
    'pino',
    're2js',
    'typebox/schema',
    'typebox/system',
    'yaml',
  ]);
  const commands = [...loaded].filter((path) => path.startsWith('src/cli/'));
  assert.ok(commands.length < 8, commands.join());
});

test('nobody imports node:http, which would load undici for the sake of its WebSocket', () => {
  for (const { path, imports } of sources.values()) {
    const isLoaded = imports.some(
      ({ target, isTypeOnly }) => target === 'node:http' && !isTypeOnly,
    );
    assert.ok(!isLoaded, `${path} imports it, and not src/edge/node-http.ts`);
  }
});
