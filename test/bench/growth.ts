// How the director grows: regions, services and static records by the hundred, the thousand and the million.

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadAtlas } from '../../src/edge/geo.ts';
import { type Atlas, coordinatesAt, countryAt } from '../../src/model/atlas.ts';
import { buildQuery } from '../support/query.ts';
import { writeMessages } from './dnsperf.ts';
import { drive } from './drive.ts';
import { clientNetworks, subnetQuery } from './mixes.ts';
import { cpuSeconds, memoryOf, type Memory } from './proc.ts';
import { root } from './servers/meridian.ts';
import { type Running, type Stage, startProgram } from './servers/program.ts';
import type { SnapshotCost } from './snapshot.ts';
import { formatTable, median } from './table.ts';

export interface Size {
  readonly regions: number;
  readonly services: number;
  readonly records: number;
}

const base: Size = { regions: 10, services: 10, records: 1 };

const sizes: readonly Size[] = [
  base,
  { ...base, regions: 100 },
  { ...base, regions: 1000 },
  { ...base, services: 1000 },
  { ...base, services: 10_000 },
  { ...base, records: 1000 },
  { ...base, records: 1_000_000 },
];

/** For the snapshot alone, and then for the director: what takes longer is told as not done in time. */
const patienceMs = 150_000;

export interface GrowthOptions {
  readonly newStage: (prefix: readonly string[]) => Promise<Stage>;
  readonly folder: string;
  readonly server: readonly string[];
  readonly load: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly say: (text: string) => void;
}

/** Of one size. */
interface Grown {
  readonly size: Size;
  readonly cost: SnapshotCost;
  readonly running: Running;
  readonly memory: Memory;
  /** Files of queries for steered names and for static ones. */
  readonly steered: string;
  readonly static: string;
  readonly steeredMicros: number[];
  readonly staticMicros: number[];
}

/** All directors are up at once, and driven in turn. */
export async function measureGrowth(options: GrowthOptions): Promise<string> {
  const { rounds, say } = options;
  const atlas = await loadAtlas(undefined);
  if ('code' in atlas) throw new Error(atlas.message);
  await using parts = new AsyncDisposableStack();
  const all: Grown[] = [];
  const failed = new Map<Size, string>();
  for (const size of sizes) {
    try {
      const grown = await start(size, atlas, options);
      parts.use(grown.running);
      all.push(grown);
      say(`growth, ${wordsOf(size)}: answers after ${(grown.running.readyMs / 1000).toFixed(1)} s`);
    } catch (error) {
      failed.set(size, error instanceof TooSlow ? error.message : 'it does not start');
      say(`growth, ${wordsOf(size)}: ${String(error)}`);
    }
  }
  // The first round warms up.
  for (let round = -1; round < rounds; round++) {
    for (const grown of all) {
      const steered = await microsOf(grown.running, grown.steered, options);
      const plain = await microsOf(grown.running, grown.static, options);
      if (round < 0) continue;
      grown.steeredMicros.push(steered);
      grown.staticMicros.push(plain);
    }
  }
  return tableOf(all, failed);
}

async function start(size: Size, atlas: Atlas, options: GrowthOptions): Promise<Grown> {
  const stage = await options.newStage(options.server);
  const config = writeSize(size, atlas, stage.folder);
  const [port, , http] = stage.ports;
  const cost = await snapshotCostOf(config);
  const running = await startProgram(
    {
      name: `Meridian with ${wordsOf(size)}`,
      words: [process.execPath, join(root, 'src/meridian.js'), 'serve', '--config', config],
      port,
      env: { MERIDIAN_DNS: `127.0.0.1:${port}`, MERIDIAN_HTTP: `127.0.0.1:${http}` },
    },
    stage,
  );
  const steered = join(stage.folder, 'steered.messages');
  const plain = join(stage.folder, 'static.messages');
  writeMessages(
    steered,
    clientNetworks().map((network, i) =>
      buildQuery({ ...subnetQuery(network), name: `s${scatter(i, size.services)}.example.test` }),
    ),
  );
  writeMessages(
    plain,
    Array.from({ length: queries }, (_, i) =>
      buildQuery({ name: `r${scatter(i, size.records)}.example.test` }),
    ),
  );
  return {
    size,
    cost,
    running,
    memory: memoryOf(running.pid),
    steered,
    static: plain,
    steeredMicros: [],
    staticMicros: [],
  };
}

class TooSlow extends Error {}

async function snapshotCostOf(config: string): Promise<SnapshotCost> {
  const script = join(import.meta.dirname, 'snapshot.ts');
  try {
    const limits = { timeout: patienceMs, killSignal: 'SIGKILL' } as const;
    const { stdout } = await promisify(execFile)(process.execPath, [script, config], limits);
    return JSON.parse(stdout) as SnapshotCost;
  } catch (error) {
    if ((error as { killed?: boolean }).killed !== true) throw error;
    throw new TooSlow(`no snapshot in ${patienceMs / 1000} s`);
  }
}

const queries = 100_000;

/** Numbers below a bound, far from one another though they are counted up (Knuth's multiplicative hash). */
function scatter(i: number, below: number): number {
  return (Math.imul(i, 0x9e3779b1) >>> 0) % below;
}

async function microsOf(
  { pid, port, name }: Running,
  messages: string,
  { folder, load, seconds }: GrowthOptions,
): Promise<number> {
  const before = cpuSeconds(pid);
  const { answered, codes } = await drive({
    port,
    transport: 'udp',
    messages,
    seconds,
    clients: 16,
    window: 100,
    prefix: load,
    folder,
  });
  if ((codes['NOERROR'] ?? 0) < 0.999 * answered) {
    throw new Error(`${name} answered ${JSON.stringify(codes)}`);
  }
  return ((cpuSeconds(pid) - before) / answered) * 1e6;
}

function wordsOf({ regions, services, records }: Size): string {
  return `${regions} regions, ${services} services, ${records} records`;
}

/** Places of the atlas, far apart, are the regions; the records stand in a master file. */
function writeSize({ regions, services, records }: Size, atlas: Atlas, folder: string): string {
  mkdirSync(join(folder, 'regions'));
  const ids = Array.from({ length: regions }, (_, i) => `r${i}`);
  for (const [i, id] of ids.entries()) {
    const place = 1 + Math.floor(((i + 0.5) * (atlas.size - 1)) / regions);
    const { latitude, longitude } = coordinatesAt(atlas, place);
    writeFileSync(
      join(folder, 'regions', `${id}.yaml`),
      `title: Region ${i}
country: ${countryAt(atlas, place)}
latitude: ${latitude}
longitude: ${longitude}
ipv4: [198.18.${i >>> 8}.${i & 255}]
ipv6: ["2001:db8:${i.toString(16)}::1"]
`,
    );
  }
  const lines = Array.from({ length: records }, (_, i) => `r${i} A 192.0.2.${i % 250}`);
  writeFileSync(
    join(folder, 'example.test.zone'),
    `$ORIGIN example.test.
$TTL 300
@ SOA ns1 hostmaster 1 7200 1800 1209600 30
@ NS ns1
ns1 A 192.0.2.53
${lines.join('\n')}
`,
  );
  const list = `[${ids.join(', ')}]`;
  const names = Array.from(
    { length: services },
    (_, i) => `      - { name: s${i}, regions: ${list}, policy: nearest }`,
  );
  const path = join(folder, 'meridian.yaml');
  writeFileSync(
    path,
    `director: { id: bench, region: r0 }
dns: { workers: 1 }
zones:
  - name: example.test
    file: example.test.zone
    services:
${names.join('\n')}
`,
  );
  return path;
}

function tableOf(all: readonly Grown[], failed: ReadonlyMap<Size, string>): string {
  const [first] = all;
  const head = [
    'regions',
    'services',
    'static records',
    'first answer after',
    'memory (RSS)',
    'PSS',
    'geography compiled in',
    'plans after a change of health',
    'CPU µs, steered',
    '× the first line',
    'CPU µs, static',
    '× the first line',
  ];
  const rows = sizes.map((size) => {
    const counts = [size.regions, size.services, size.records].map((n) => n.toLocaleString('en'));
    const one = all.find((grown) => grown.size === size);
    if (one === undefined)
      return [...counts, failed.get(size) ?? '', ...Array<string>(8).fill('–')];
    return [
      ...counts,
      `${(one.running.readyMs / 1000).toFixed(2)} s`,
      `${one.memory.resident.toFixed(0)} MB`,
      `${one.memory.proportional.toFixed(0)} MB`,
      `${(one.cost.compileMs / 1000).toFixed(2)} s`,
      `${one.cost.flipMs.toFixed(3)} ms`,
      ...ratioCells(one.steeredMicros, first?.steeredMicros ?? []),
      ...ratioCells(one.staticMicros, first?.staticMicros ?? []),
    ];
  });
  return formatTable('Growth', head, rows);
}

function ratioCells(micros: readonly number[], first: readonly number[]): [string, string] {
  const ratios = micros.map((one, round) => one / (first[round] ?? Number.NaN));
  return [median(micros).toFixed(1), median(ratios).toFixed(2)];
}
