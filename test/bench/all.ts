// `npm run bench`: what a query costs, beside a bare dgram echo in the same run; how much memory, how soon ready.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadAtlas } from '../../src/edge/geo.ts';
import { openRecovery } from '../../src/health/recover.ts';
import { loadSettings } from '../../src/load.ts';
import type { RegionHealth } from '../../src/model/health.ts';
import { millis } from '../../src/model/time.ts';
import { areaKey, compileAreas } from '../../src/steering/order.ts';
import { preparePlans } from '../../src/steering/plan.ts';
import type { AreaMap } from '../../src/steering/snapshot.ts';
import { copyExampleConfig, startDirectorProcess } from '../support/director-process.ts';
import { buildQuery } from '../support/query.ts';
import { drive, type Outcome, residentMegabytes } from './load.ts';
import { formatTable, median } from './table.ts';

const queries = Number(process.env['BENCH_QUERIES'] ?? 100_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const window = 48;

const intro = `# What a query costs

Printed by \`npm run bench\`; with a file name behind it, also written there.

One director with the example configuration, one thread, and a bare Node \`dgram\` socket that sends
every datagram back are driven in turn by the same load generator over loopback: ${rounds} rounds of
${queries} queries each, ${window} on their way at any time, after one round to warm up. CPU time is
what the operating system counts for the server's process; figures are medians, and the ratio is
taken round by round. The machine is shared: trust ratios more than absolute figures.
`;

await main();

async function main(): Promise<void> {
  using config = copyExampleConfig();
  await using director = await startDirectorProcess(config.main);
  const echo = spawn(process.execPath, [join(import.meta.dirname, 'echo.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(echo.stdout, 'data')) as [Buffer];
    const echoPort = Number(String(line).trim().split(' ')[1]);
    await sleep(3000);
    const atRest = residentMegabytes(director.pid);
    const plain = [buildQuery({ name: 'www.example.test' })];
    const mixes = [
      { label: 'bare dgram echo', port: echoPort, pid: echo.pid ?? 0, packets: plain },
      { label: 'steered A', port: director.dnsPort, pid: director.pid, packets: plain },
      {
        label: 'steered A, 100,000 clients by ECS',
        port: director.dnsPort,
        pid: director.pid,
        packets: subnetQueries(),
      },
    ];
    const results = await measure(mixes);
    const page = [
      intro,
      reportLoad(
        mixes.map(({ label }) => label),
        results,
      ),
      formatTable(
        'The director itself',
        ['figure', 'value'],
        [
          [
            'machine',
            `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
          ],
          ['time to ready', `${(director.readyMs / 1000).toFixed(2)} s`],
          ['resident memory at rest', `${atRest.toFixed(0)} MB`],
          ['resident memory after the load', `${residentMegabytes(director.pid).toFixed(0)} MB`],
          ...(await measureSnapshot(config.main)),
        ],
      ),
    ].join('\n');
    console.log(page);
    const [, , file] = process.argv;
    if (file !== undefined) writeFileSync(file, page);
  } finally {
    echo.kill();
  }
}

interface Mix {
  readonly port: number;
  readonly pid: number;
  readonly packets: readonly Uint8Array[];
}

/** Rounds alternate between the mixes, so that a machine that slows down slows all of them. */
async function measure(mixes: readonly Mix[]): Promise<Outcome[][]> {
  const results: Outcome[][] = mixes.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, { port, pid, packets }] of mixes.entries()) {
      const outcome = await drive({ port, packets, queries, window }, pid);
      // The first round warms up.
      if (round >= 0) results[i]?.push(outcome);
    }
  }
  return results;
}

function reportLoad(labels: readonly string[], results: readonly Outcome[][]): string {
  const rows = results.map((outcomes, i) => {
    const ratios = outcomes.map(
      ({ cpuMicros }, round) => cpuMicros / (results[0]?.[round]?.cpuMicros ?? Number.NaN),
    );
    return [
      labels[i] ?? '',
      median(outcomes.map(({ cpuMicros }) => cpuMicros)).toFixed(1),
      median(ratios).toFixed(2),
      median(outcomes.map(({ perSecond }) => perSecond)).toFixed(0),
      String(outcomes.reduce((sum, { lost }) => sum + lost, 0)),
    ];
  });
  const head = ['query', 'CPU µs a query', '× echo', 'queries a second', 'lost'];
  return formatTable('Queries over loopback', head, rows);
}

/** One query each for 100,000 /24 networks spread over the unicast space. */
function subnetQueries(): Uint8Array[] {
  return Array.from({ length: 100_000 }, (_, i) => {
    const net = 0x01000000 + Math.floor((i / 100_000) * 0xde0000) * 256;
    const octets = [net >>> 24, (net >>> 16) & 255, (net >>> 8) & 255];
    return buildQuery({
      name: 'www.example.test',
      id: i & 0xffff,
      subnet: { family: 1, source: 24, address: octets },
    });
  });
}

async function measureSnapshot(file: string): Promise<[string, string][]> {
  const loaded = await loadSettings(file, {});
  if (!loaded.ok) throw new Error('the example configuration is faulty');
  const settings = loaded.value;
  const startLoad = performance.now();
  const atlas = await loadAtlas(undefined);
  const loadMs = performance.now() - startLoad;
  if ('code' in atlas) throw new Error(atlas.message);
  const areas = new Map<string, AreaMap>();
  let longest = 0;
  const startBuild = performance.now();
  for (const service of settings.services.values()) {
    const compile = compileAreas(service, settings.regions, atlas);
    for (;;) {
      const startSlice = performance.now();
      const step = compile.next();
      longest = Math.max(longest, performance.now() - startSlice);
      if (step.done !== true) continue;
      areas.set(areaKey(service, settings.regions), step.value);
      break;
    }
  }
  const buildMs = performance.now() - startBuild;
  const up: RegionHealth = {
    verdict: 'up',
    isKept: false,
    isSuspect: false,
    since: millis(0),
    votes: [],
    recovery: openRecovery,
  };
  const health = new Map([...settings.regions.keys()].map((id) => [id, up]));
  const startFlip = performance.now();
  for (let i = 0; i < 100; i++) preparePlans(settings, areas, health, new Map());
  const flipMs = (performance.now() - startFlip) / 100;
  const ranges = [...areas.values()].reduce(
    (sum, map) => sum + map.ranges.v4.high.length + map.ranges.v6.high.length,
    0,
  );
  return [
    ['GeoIP data loaded in', `${loadMs.toFixed(0)} ms`],
    [
      'geography compiled in',
      `${buildMs.toFixed(0)} ms, ${areas.size} maps, ${ranges} ranges, longest slice ${longest.toFixed(1)} ms`,
    ],
    ['snapshot after a change of health', `${flipMs.toFixed(3)} ms`],
  ];
}
