// `npm run bench:scale [FILE]`: what gossip costs fleets of 10 to 200 directors on one Redis.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startRedis } from '../../support/redis.ts';
import { formatTable, median } from '../table.ts';
import { outlook } from './outlook.ts';
import type { Crew, CrewOrder, CrewReport } from './peers.ts';

const sizes = (process.env['BENCH_DIRECTORS'] ?? '10,25,50,100,200').split(',').map(Number);
const regions = 50;
const processes = 4;
const windowMs = 15_000;
const turns = 3;
/** What has not come by then is told as not come. */
const patienceMs = 20_000;

/** One size of fleet, measured; rates are per second. */
export interface Figures {
  readonly directors: number;
  readonly voteBytes: number;
  /** Of one director, counted by Redis. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly readsEach: number;
  /** Share of one processor. */
  readonly directorCpu: number;
  readonly redisCpu: number;
  readonly failedCalls: number;
  /** From a changed vote until the director in the middle and the last one had it, medians of all turns. */
  readonly middleMs: number;
  readonly lastMs: number;
}

await main();

async function main(): Promise<void> {
  const rows: Figures[] = [];
  for (const size of sizes) {
    rows.push(await measure(size));
    console.error(JSON.stringify(rows.at(-1)));
  }
  const page = [intro(), tableOf(rows), outlook(rows)].join('\n');
  console.log(page);
  const [, , file] = process.argv;
  if (file !== undefined) writeFileSync(file, page);
}

async function measure(total: number): Promise<Figures> {
  await using redis = await startRedis();
  const client = new Redis(redis.url);
  const crews = startCrews(redis.url, total);
  try {
    const all = (order: CrewOrder = 'status'): Promise<CrewReport[]> =>
      Promise.all(crews.map((crew) => ask(crew, order)));
    const start = performance.now();
    while ((await all()).some(({ heard }) => heard < total)) {
      if (performance.now() - start > 2 * patienceMs) break;
      await sleep(500);
    }
    await sleep(5000);
    const before = { at: performance.now(), crews: await all(), redis: await infoOf(client) };
    await sleep(windowMs);
    const after = { at: performance.now(), crews: await all(), redis: await infoOf(client) };
    const seconds = (after.at - before.at) / 1000;
    const rate = (read: (one: typeof before) => number): number =>
      (read(after) - read(before)) / seconds;
    const calls = (one: typeof before, names: readonly string[]): number =>
      sum(one.crews.flatMap(({ counts }) => names.map((name) => counts[name] ?? 0)));
    const times: number[][] = [];
    for (let turn = 0; turn < turns; turn++) times.push(await turnTimes(crews));
    return {
      directors: total,
      voteBytes: await client.strlen('meridian:1:slot:vote.director-0'),
      sentBytes: rate((one) => one.redis.input) / total,
      receivedBytes: rate((one) => one.redis.output) / total,
      readsEach: rate((one) => calls(one, ['read'])) / total,
      directorCpu: rate((one) => sum(one.crews.map(({ cpuMicros }) => cpuMicros)) / 1e6) / total,
      redisCpu: rate((one) => one.redis.cpuSeconds),
      failedCalls: calls(after, ['read-failed', 'post-failed']),
      middleMs: median(times.map((each) => median(each))),
      lastMs: median(times.map((each) => Math.max(...each))),
    };
  } finally {
    client.disconnect();
    await Promise.all(crews.map(finish));
  }
}

function startCrews(url: string, total: number): ChildProcess[] {
  const share = Math.ceil(total / processes);
  return Array.from({ length: processes }, (_, i) => {
    const first = i * share;
    const count = Math.max(0, Math.min(share, total - first));
    const crew: Crew = { url, first, count, total, regions };
    return fork(join(import.meta.dirname, 'peers.ts'), [JSON.stringify(crew)]);
  });
}

async function finish(crew: ChildProcess): Promise<void> {
  if (crew.exitCode !== null || crew.signalCode !== null) return;
  const gone = once(crew, 'exit');
  crew.kill('SIGKILL');
  await gone;
}

async function ask(crew: ChildProcess, order: CrewOrder): Promise<CrewReport> {
  const answer = once(crew, 'message') as Promise<[CrewReport]>;
  crew.send(order);
  const [report] = await answer;
  return report;
}

/** How long each director took to hear that the first one has changed its mind. */
async function turnTimes(crews: readonly ChildProcess[]): Promise<number[]> {
  const start = Date.now();
  const [first] = crews;
  if (first !== undefined) await ask(first, 'turn');
  const end = performance.now() + patienceMs;
  for (;;) {
    await sleep(250);
    const reports = await Promise.all(crews.map((crew) => ask(crew, 'status')));
    const learned = reports.flatMap((report) => report.learned);
    const times = learned.map((at) => (at === undefined || at < start ? patienceMs : at - start));
    if (times.every((time) => time < patienceMs) || performance.now() > end) return times;
  }
}

async function infoOf(client: Redis) {
  const text = await client.info();
  const read = (name: string): number =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1]);
  return {
    input: read('total_net_input_bytes'),
    output: read('total_net_output_bytes'),
    cpuSeconds: read('used_cpu_sys') + read('used_cpu_user'),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function intro(): string {
  return `# How large a fleet may be

Printed by \`npm run bench:scale\`; with a file name behind it, also written there.

Light directors (gossip, tally and Redis board as they are, without probes, DNS and HTTP) in ${processes}
processes vote on ${regions} regions over one Redis, at the default pace: a vote is posted every 2 s and
at each change, a board read every second and at hints. Bytes are counted by Redis, over ${windowMs / 1000} s; CPU
is what the operating system counts, as a share of one processor. A *changed vote* is one that the first
director posts, ${turns} times; it counts as heard once the tally has been made with it. ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'},
Node ${process.version}; Redis, directors and other work (load ${loadavg()[0]?.toFixed(0) ?? '?'}) share them, so times are worse than
on machines of their own.
`;
}

function tableOf(rows: readonly Figures[]): string {
  const head = [
    'directors',
    'a vote',
    'sent by one',
    'received by one',
    'reads of one',
    'CPU of one',
    'Redis sends',
    'CPU of Redis',
    'calls failed',
    'a changed vote at half',
    'at the last',
  ];
  const lines = rows.map((row) => [
    String(row.directors),
    `${row.voteBytes} B`,
    `${kilobytes(row.sentBytes)}/s`,
    `${kilobytes(row.receivedBytes)}/s`,
    `${row.readsEach.toFixed(1)}/s`,
    percent(row.directorCpu),
    `${kilobytes(row.receivedBytes * row.directors)}/s`,
    percent(row.redisCpu),
    String(row.failedCalls),
    timeOf(row.middleMs),
    timeOf(row.lastMs),
  ]);
  return formatTable('One Redis', head, lines);
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function timeOf(ms: number): string {
  return ms >= patienceMs ? `not in ${patienceMs / 1000} s` : `${(ms / 1000).toFixed(2)} s`;
}
