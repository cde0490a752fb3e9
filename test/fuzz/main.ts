// `npm run fuzz [MINUTES] [SEED] [FILE]`: every decoder fed with mutants for long, and what came of it.

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { formatTable } from '../bench/table.ts';
import { createTally, fuzz, randomOf, slowestOf, type Tally } from './fuzz.ts';
import { openTargets } from './targets.ts';

const [, , minutes = '10', seed = String(Date.now()), file] = process.argv;
const spanMs = Number(minutes) * 60_000;

/** What a stranger may cost at once, in ms. Operators' files are read rarely and are only told. */
const longestCall = 5;

/** Growth of the heap from a hundred thousand datagrams to the last that is still called none. */
const flatMb = 2;

/** Datagrams while the heap is watched. */
const mostDatagrams = 1_200_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

await main();

async function main(): Promise<void> {
  await using targets = await openTargets();
  const random = randomOf(seed);
  const tallies = targets.all.map(createTally);
  const memory: { readonly datagrams: number; readonly mb: number }[] = [];
  const start = performance.now();
  // Datagrams alone first, so that what they leave behind can be told from what the others do.
  const [datagrams] = tallies;
  while (datagrams !== undefined && datagrams.inputs < mostDatagrams) {
    await fuzz(datagrams, random, 100_000);
    memory.push({ datagrams: datagrams.inputs, mb: heapMb() });
    if (performance.now() - start > spanMs / 2) break;
  }
  while (performance.now() - start < spanMs) {
    for (const tally of tallies) {
      await fuzz(tally, random, tally.target.inputs);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  await report(tallies, memory);
}

function heapMb(): number {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

async function report(
  tallies: readonly Tally[],
  memory: readonly { readonly datagrams: number; readonly mb: number }[],
): Promise<void> {
  const faults: string[] = [];
  const rows: string[][] = [];
  for (const tally of tallies) {
    const { target, inputs, fates, findings } = tally;
    const slowest = await slowestOf(tally, randomOf(seed));
    if (target.from !== 'operators' && slowest > longestCall) {
      faults.push(`${target.name}: a call of ${slowest.toFixed(1)} ms`);
    }
    for (const { why, hex } of findings) faults.push(`${target.name}: ${why} at ${hex}`);
    const commonest = [...fates].toSorted(([, x], [, y]) => y - x).slice(0, 4);
    const words = commonest.map(([fate, count]) => `${fate} ${count}`).join(', ');
    rows.push([target.name, target.from, String(inputs), words, slowest.toFixed(2)]);
  }
  const [first, last] = [memory[0], memory.at(-1)];
  if (first !== undefined && last !== undefined && last.mb > first.mb + flatMb) {
    faults.push(`the heap grew from ${first.mb.toFixed(1)} to ${last.mb.toFixed(1)} MB`);
  }
  const page = [
    opening(),
    formatTable(
      'Inputs',
      ['read by', 'sent by', 'inputs', 'what became of most', 'slowest call, ms'],
      rows,
    ),
    formatTable(
      'Heap after collection',
      ['datagrams', 'MB'],
      thinned(memory).map(({ datagrams, mb }) => [String(datagrams), mb.toFixed(1)]),
    ),
    `## Verdict\n\n${faults.length === 0 ? 'Nothing was thrown, no rule was broken, nothing was slow, nothing grew.' : faults.map((fault) => `- ${fault}`).join('\n')}\n`,
  ].join('\n');
  console.log(page);
  if (file !== undefined) writeFileSync(file, page);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

function thinned<T>(rows: readonly T[]): readonly T[] {
  const every = Math.ceil(rows.length / 12);
  return rows.filter((_, i) => i % every === 0 || i === rows.length - 1);
}

function opening(): string {
  return `# Fuzzing

Printed by \`npm run fuzz\`; with a number of minutes, a seed and a file name behind it, for so long, with
these inputs, and also written there. A short run with a seed that never changes is part of \`npm test\`.

Everything that reads what others wrote is fed with mutants: of stored packets (\`test/wire/corpus\`), of
ballots of an older release, of requests, of files. Nothing may throw. A datagram may get silence, FORMERR,
NOTIMP or BADVERS, or an answer, but an answer only if dns2 can read the datagram too and finds the same
question in it. What is read must come back the same from what is written. HTTP may answer with any
status below 500. Ballots bear the fleet's seal, as if its secret were lost.

A call may take ${longestCall} ms, except for files of operators. The slowest calls of each reader are made
twenty times more, and the fastest of these counts: whatever else a machine does only ever makes a call
slower, so one undisturbed call clears an input, and one that is slow by itself is slow each time. For
HTTP it is the whole request without a socket. No test is decided by it: how often each octet of the largest
datagrams is read is counted in \`test/wire/hostile.test.ts\`.

${minutes} minutes with seed ${seed}, on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, beside other work.
`;
}
