// The import law: who may know whom. Lint can be silenced by a comment; this cannot.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeOnly, readSources, type SourceFile } from '../support/source.ts';

const sources = readSources('src');

/** Room → what it may import, as the beginnings of targets. Everything may import its own room. */
const law: Readonly<Record<string, readonly string[]>> = {
  model: [],
  wire: ['src/model/', 'dns2'],
  schema: ['typebox'],
  shape: ['src/schema.ts', 'typebox'],
  steering: ['src/model/', 'src/schema.ts', 'src/shape.ts', 'typebox'],
  safety: ['src/model/', 'src/steering/effect.ts', 'src/schema.ts', 'src/shape.ts', 'typebox'],
  health: ['src/model/'],
  authority: ['src/model/', 'src/wire/rdata'],
  config: [
    'src/drill/plan.ts',
    'src/model/',
    'src/safety/rule.ts',
    'src/safety/rules.ts',
    'src/schema.ts',
    'src/shape.ts',
    'src/steering/chain.ts',
    'src/steering/step.ts',
    'src/wire/rdata',
    're2js',
    'typebox',
    'yaml',
  ],
  simulation: ['src/model/', 'src/steering/'],
  page: ['src/model/', 'src/simulation/'],
  audit: ['src/model/'],
  drill: ['src/model/', 'src/simulation/caches.ts'],
  ports: ['src/model/'],
  director: [
    'src/model/',
    'src/ports.ts',
    'src/steering/',
    'src/health/',
    'src/authority/',
    'src/wire/',
    'src/audit/',
    'src/safety/',
    'src/drill/',
  ],
  edge: ['src/model/', 'src/ports.ts', 'src/wire/', 'src/config/', 'node:'],
  load: ['src/model/', 'src/ports.ts', 'src/config/', 'src/edge/', 'src/load/', 'node:'],
  cli: ['src/', 'node:'],
  compose: ['src/', 'node:', 'package.json'],
  main: ['src/warm.js', 'src/cli/', 'node:'],
};

/** The one npm package of each edge file that has one; the HTTP room shares fastify's family. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'src/edge/udp.ts': ['dns2'],
  'src/edge/probe-dns.ts': ['dns2'],
  'src/edge/redis-board.ts': ['ioredis'],
  'src/edge/redis-link.ts': ['ioredis'],
  'src/edge/redis-connector.ts': ['ioredis'],
  'src/edge/redis-slots.ts': ['ioredis'],
  'src/edge/redis-options.ts': ['ioredis'],
  'src/edge/log.ts': ['pino'],
  'src/edge/metrics.ts': ['@prometheus-io/client'],
  'src/edge/mmdb.ts': ['maxmind'],
  'src/edge/mmdb-tree.ts': ['maxmind'],
};

const httpFamily = ['fastify', '@fastify/', 'src/schema.ts', 'typebox'];

/** No clock, no chance, no timers, no process: everything comes as an argument. */
const pureRooms = [
  'model',
  'wire',
  'steering',
  'health',
  'authority',
  'config',
  'simulation',
  'page',
  'audit',
  'safety',
  'drill',
];

function roomOf(path: string): string {
  const [, room = ''] = path.split('/');
  return room.replace(/\.ts$/, '');
}

function allowed(file: SourceFile): readonly string[] {
  const room = roomOf(file.path);
  const own = file.path.split('/').length > 2 ? [`src/${room}/`] : [];
  const extra = file.path.startsWith('src/edge/http/') ? httpFamily : (packages[file.path] ?? []);
  return [...own, ...extra, ...(law[room] ?? [])];
}

describe('the import law', () => {
  for (const file of sources) {
    test(`${file.path} knows only what its room may know`, () => {
      const may = allowed(file);
      for (const { target } of file.imports) {
        assert.ok(
          may.some((start) => target.startsWith(start)),
          `${file.path} imports ${target}`,
        );
      }
    });
  }

  test('edge knows shapes of config as types only', () => {
    for (const file of sources.filter(({ path }) => path.startsWith('src/edge/'))) {
      for (const { target, isTypeOnly } of file.imports) {
        if (target.startsWith('src/config/'))
          assert.ok(isTypeOnly, `${file.path} imports ${target}`);
      }
    }
  });

  test('no file imports itself by any way round', () => {
    const next = new Map(
      sources.map(({ path, imports }) => [
        path,
        imports.filter(({ isOurs }) => isOurs).map(({ target }) => target),
      ]),
    );
    const done = new Set<string>();
    const visit = (path: string, trail: readonly string[]): void => {
      assert.ok(!trail.includes(path), `a circle: ${[...trail, path].join(' → ')}`);
      if (done.has(path)) return;
      for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
      done.add(path);
    };
    for (const path of next.keys()) visit(path, []);
  });

  test('there are no barrels, and no rooms for what has no name', () => {
    for (const { path, text } of sources) {
      assert.doesNotMatch(text, /^export\b[^;]*\bfrom '/m, `${path} hands on another file's names`);
      assert.doesNotMatch(path, /\/(utils?|helpers?|common|types)\b/);
    }
  });

  test('pure rooms read no clock, no chance and no process', () => {
    const banned =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bprocess\.|\bfetch\(|\bperformance\./;
    for (const file of sources.filter(({ path }) => pureRooms.includes(roomOf(path)))) {
      assert.doesNotMatch(codeOnly(file.text), banned, file.path);
    }
  });
});
