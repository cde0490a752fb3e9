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
import { type Crew, type CrewOrder, type CrewReport, pace } from './peers.ts';

const sizes = (process.env['BENCH_DIRECTORS'] ?? '10,25,50,100,200').split(',').map(Number);
const regions = 50;
/** Beside that of the first director, which is measured alone. */
const processes = 3;
/** Long enough for one read in full and for six posts of each. */
const windowMs = 34_000;
const patienceToStartMs = 90_000;
const turns = 3;
const failures = ['read-failed', 'post-failed'];
/** What has not come by then is told as not come. */
const patienceMs = 20_000;

/** How many times slower a fleet runs that does not keep its pace on this machine, one after the other. */
const slownesses = [1, 4, 8] as const;

/** One size of fleet, measured; rates are per second, and as they would be without slowing down. */
export interface Figures {
  readonly directors: number;
  /** How many times slower it ran than it does by default. */
  readonly slower: number;
  readonly voteBytes: number;
  /** Of one director, counted by Redis. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly readsEach: number;
  /** Shares of one processor: gossip alone, and the tally of the first director beside it. */
  readonly gossipCpu: number;
  readonly tallyCpu: number;
  readonly redisCpu: number;
  readonly failedCalls: number;
  /** From a changed vote until the director in the middle and the last one had it, medians of all turns. */
  readonly middleMs: number;
  readonly lastMs: number;
}

/** Of a machine that others use too, the calls that may fail because a process had to wait for a second. */
const mayFail = 0.05;

await main();

async function main(): Promise<void> {
  const rows: Figures[] = [];
  for (const size of sizes) rows.push(await measureInTime(size, rows.at(-1)?.slower ?? 1));
  const page = [intro(), tableOf(rows), outlook(rows.findLast(keepsPace))].join('\n');
  console.log(page);
  const [, , file] = process.argv;
  if (file !== undefined) writeFileSync(file, page);
}

/** True when the machine carried so many directors at that pace. */
function keepsPace({ directors, readsEach, failedCalls }: Figures): boolean {
  const reads = (readsEach * directors * windowMs) / 1000;
  return readsEach > 0.8 && failedCalls < mayFail * reads;
}

/** As fast as it keeps its pace; a larger fleet is never tried faster than a smaller one managed. */
async function measureInTime(total: number, least: number): Promise<Figures> {
  let figures: Figures | undefined;
  for (const slower of slownesses) {
    if (slower < least || (figures !== undefined && keepsPace(figures))) continue;
    figures = await measure(total, slower);
    console.error(JSON.stringify(figures));
  }
  return figures as Figures;
}

async function measure(total: number, slower: number): Promise<Figures> {
  await using redis = await startRedis();
  const client = new Redis(redis.url);
  const crews = startCrews(redis.url, total, slower);
  try {
    const all = (order: CrewOrder = 'status'): Promise<CrewReport[]> =>
      Promise.all(crews.map((crew) => ask(crew, order)));
    const start = performance.now();
    while ((await all()).some(({ heard }) => heard < total)) {
      if (performance.now() - start > patienceToStartMs) break;
      await sleep(500);
    }
    await sleep(5000);
    const before = { at: performance.now(), crews: await all(), redis: await infoOf(client) };
    await sleep(windowMs * slower);
    const after = { at: performance.now(), crews: await all(), redis: await infoOf(client) };
    const seconds = (after.at - before.at) / 1000;
    const rate = (read: (one: typeof before) => number): number =>
      ((read(after) - read(before)) / seconds) * slower;
    const calls = (one: typeof before, names: readonly string[]): number =>
      sum(one.crews.flatMap(({ counts }) => names.map((name) => counts[name] ?? 0)));
    const cpu = (of: readonly CrewReport[]): number => sum(of.map((one) => one.cpuMicros)) / 1e6;
    const gossipCpu = rate((one) => cpu(one.crews.slice(1))) / (total - 1);
    // The tally does not slow down with the rest.
    const wholeCpu = rate((one) => cpu(one.crews.slice(0, 1)));
    const times: number[][] = [];
    for (let turn = 0; turn < turns; turn++) times.push(await turnTimes(crews));
    return {
      directors: total,
      slower,
      voteBytes: await client.strlen('meridian:1:slot:vote.director-0'),
      sentBytes: rate((one) => one.redis.input) / total,
      receivedBytes: rate((one) => one.redis.output) / total,
      readsEach: rate((one) => calls(one, ['read'])) / total,
      gossipCpu,
      tallyCpu: Math.max(0, wholeCpu - gossipCpu) / slower,
      redisCpu: rate((one) => one.redis.cpuSeconds),
      failedCalls: calls(after, failures) - calls(before, failures),
      middleMs: median(times.map((each) => median(each))),
      lastMs: median(times.map((each) => Math.max(...each))),
    };
  } finally {
    client.disconnect();
    await Promise.all(crews.map(finish));
  }
}

function startCrews(url: string, total: number, slower: number): ChildProcess[] {
  const share = Math.ceil((total - 1) / processes);
  const crews = Array.from({ length: processes }, (_, i) => {
    const first = 1 + i * share;
    return { first, count: Math.max(0, Math.min(share, total - first)) };
  });
  return [{ first: 0, count: 1 }, ...crews].map(({ first, count }) => {
    const crew: Crew = { url, first, count, total, regions, slower };
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

/** How long each other director took to hear that the first one has changed its mind. */
async function turnTimes(crews: readonly ChildProcess[]): Promise<number[]> {
  const start = Date.now();
  const [first] = crews;
  if (first !== undefined) await ask(first, 'turn');
  const end = performance.now() + patienceMs;
  for (;;) {
    await sleep(250);
    const reports = await Promise.all(crews.map((crew) => ask(crew, 'status')));
    const learned = reports.slice(1).flatMap((report) => report.learned);
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

Directors without probes, DNS and HTTP (gossip and Redis board as they are) vote on ${regions} regions over one
Redis, at the default pace: a board is read every second and at hints, a vote posted at each change and
otherwise every 2 s, in fleets of more than 20 more rarely, down to every ${(pace.voteLifetime / 3000).toFixed(1)} s. Where the machine did not
carry so many at that pace, what is done by the clock was done 4 or 8 times more rarely, as the table says,
and rates are what was measured, times 4 or 8. What is done at hints was not slowed, nor was the ping of a
connection each second, so that these rates of CPU are on the high side. The first director has a process of
its own and also counts all votes four times a second: *tally* is what that takes beside gossip. Bytes are
counted by Redis, over ${windowMs / 1000} s or as many times longer; CPU is what the operating system counts, as a share
of one processor. A *changed vote* is one that the first director posts, ${turns} times; it counts as heard once
another director's gossip has it. ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; Redis, directors and other work
(load ${loadavg()[0]?.toFixed(0) ?? '?'}) share them, so times are worse than on machines of their own.
`;
}

function tableOf(rows: readonly Figures[]): string {
  const head = [
    'directors',
    'pace',
    'a vote',
    'sent by one',
    'received by one',
    'reads of one',
    'CPU of one: gossip',
    'tally',
    'Redis sends',
    'CPU of Redis',
    'calls failed',
    'a changed vote at half',
    'at the last',
  ];
  const lines = rows.map((row) => [
    String(row.directors),
    row.slower === 1 ? 'full' : `1/${row.slower}`,
    `${row.voteBytes} B`,
    `${kilobytes(row.sentBytes)}/s`,
    `${kilobytes(row.receivedBytes)}/s`,
    `${row.readsEach.toFixed(1)}/s`,
    percent(row.gossipCpu),
    percent(row.tallyCpu),
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
