// `npm run bench:soak [MINUTES] [FILE]`: a fleet of three that is harmed at random for long, and what is left of it.

import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FleetRegion, fleetRegions } from '../../support/fleet-process.ts';
import { postAt, type SiteFleet, startSiteFleet } from '../../support/sites/fleet.ts';
import { openNetwork } from '../../support/sites/network.ts';
import { Watch } from '../../support/sites/watch.ts';
import { formatTable } from '../table.ts';
import { among, type Harm, harmsOfParts, harmsOfWires, mortal } from './harm.ts';
import { growthOf, Memory } from './memory.ts';

const [, , minutes = '30', file] = process.argv;
const spanMs = Number(minutes) * 60_000;
const warmUpMs = Math.min(spanMs / 6, 300_000);

/** Growth from the first quarter to the last that is still called flat. */
const flat = 1.1;

await main();

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'meridian-soak-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const memory = new Memory(folder);
  const network = stack.use(await openNetwork());
  const env = (region: FleetRegion): Readonly<Record<string, string>> => memory.env(region);
  const fleet = stack.use(await startSiteFleet(network, { everyMs: 20, env }));
  const watch = new Watch(fleet);
  await watch.settled();
  const counts = new Map<string, number>();
  const start = performance.now();
  const isOver = (): boolean => performance.now() - start > spanMs;
  await Promise.all([
    harmOn(harmsOfWires(network, fleet), counts, isOver),
    harmOn(harmsOfParts(network, fleet), counts, isOver),
    remember(memory, fleet, isOver),
  ]);
  network.mendAll();
  await sleep(25_000);
  await watch.settled();
  for (const region of fleetRegions) await askMemory(memory, fleet, region);
  const faults: string[] = [];
  const page = [
    `# A long day for a fleet

Printed by \`npm run bench:soak\`; with a number of minutes and a file name behind it, for so long and also
written there.

Three directors, each with a Redis and an origin, on ${network.kind}, are asked all the time while
two harms at a time, drawn by chance, are done to them for ${minutes} minutes, each for 1.5 to 8 s. The
director of \`${mortal}\` alone is stopped and killed, so that the memory of the other two can be
watched. A question counts as lost when the resolver has asked every director six times without an answer;
each director is also asked from its own place. ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'},
Node ${process.version}, beside other work.
`,
    reportHarms(counts),
    await reportQuestions(fleet, faults),
    reportMemory(memory, faults),
    await reportCounters(fleet, faults),
    `## Verdict\n\n${faults.length === 0 ? 'Nothing was lost, nothing grew, every counter sums.' : faults.map((fault) => `- ${fault}`).join('\n')}\n`,
  ].join('\n');
  console.log(page);
  if (file !== undefined) writeFileSync(file, page);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

async function harmOn(
  harms: readonly Harm[],
  counts: Map<string, number>,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const { name, inflict } = among(harms);
    const done = await inflict().then(
      () => name,
      // A machine that is too busy to start a process in time is no fault of the fleet.
      (error) => `${name}: ${String(error).slice(0, 100)}`,
    );
    counts.set(done, (counts.get(done) ?? 0) + 1);
    await sleep(500 + Math.random() * 3000);
  }
}

async function remember(memory: Memory, fleet: SiteFleet, isOver: () => boolean): Promise<void> {
  await sleep(warmUpMs);
  while (!isOver()) {
    for (const region of fleetRegions) {
      if (region !== mortal) await askMemory(memory, fleet, region);
    }
    await sleep(Math.min(20_000, spanMs / 40));
  }
}

function askMemory(memory: Memory, fleet: SiteFleet, region: FleetRegion): Promise<void> {
  const { director } = postAt(fleet.posts, region);
  return memory.ask(region, (name) => director.signal(name));
}

function reportHarms(counts: ReadonlyMap<string, number>): string {
  const rows = [...counts]
    .toSorted(([x], [y]) => x.localeCompare(y))
    .map(([name, count]) => [name, String(count)]);
  return formatTable('Harm done', ['harm', 'times'], rows);
}

async function reportQuestions(fleet: SiteFleet, faults: string[]): Promise<string> {
  const agents = [
    ...fleetRegions.map(
      (region) => [`director of ${region}`, postAt(fleet.posts, region).agent] as const,
    ),
    ['the resolver', fleet.resolver] as const,
  ];
  const rows: string[][] = [];
  for (const [who, agent] of agents) {
    const { asked, answered, retried, lost, truncated, empty, moves } = await agent.report();
    if (empty > 0) faults.push(`${who}: ${empty} empty answers`);
    const isMortal = who === `director of ${mortal}`;
    if (lost > 0 && !isMortal) faults.push(`${who}: ${lost} questions lost`);
    rows.push([
      who,
      ...[asked, answered, retried, lost, truncated, empty, moves.length].map(String),
    ]);
  }
  const counts = ['questions', 'answered', 'asked again', 'lost', 'truncated', 'empty'];
  const head = ['asked', ...counts, 'answers moved'];
  return formatTable('Questions', head, rows);
}

function reportMemory(memory: Memory, faults: string[]): string {
  const rows: string[][] = [];
  for (const region of fleetRegions) {
    const samples = memory.of(region);
    const words = [samples.at(-1)?.warnings ?? [], samples.at(-1)?.uncaught ?? []];
    for (const word of words.flat()) faults.push(`director of ${region}: ${word}`);
    if (region === mortal) continue;
    for (const [what, read] of [
      ['heap after collection', (one) => one.heapBytes],
      ['buffers', (one) => one.bufferBytes],
      ['resident', (one) => one.rssBytes],
    ] as const satisfies readonly (readonly [string, Parameters<typeof growthOf>[1]])[]) {
      const { first, last, perHour } = growthOf(samples, read);
      if (!(last <= first * flat + 2)) faults.push(`director of ${region}: ${what} grew`);
      const figures = [first, last, perHour].map((value) => value.toFixed(1));
      rows.push([region, what, ...figures, String(samples.length)]);
    }
  }
  const head = ['director', 'MB', 'first quarter', 'last quarter', 'slope an hour', 'samples'];
  return formatTable('Memory', head, rows);
}

async function reportCounters(fleet: SiteFleet, faults: string[]): Promise<string> {
  const rows: string[][] = [];
  for (const region of fleetRegions) {
    const text = await fleet.metrics(region);
    const sum = (family: string): number =>
      [...text.matchAll(new RegExp(`^meridian_${family}(?:\\{[^}]*\\})? (\\d+)$`, 'gm'))].reduce(
        (total, [, value]) => total + Number(value),
        0,
      );
    const [received, outcomes] = [sum('dns_queries_total'), sum('dns_outcomes_total')];
    if (received !== outcomes) faults.push(`director of ${region}: counters do not sum`);
    const reloads = sum('config_reloads_total');
    rows.push([region, ...[received, outcomes, reloads].map(String)]);
  }
  const head = ['director', 'messages received', 'outcomes', 'reloads'];
  return formatTable('Counters', head, rows);
}
