// `node test/bench/clients.ts`: what counting clients costs, as the CPU time of a director that does over one that does not.

import { appendFileSync } from 'node:fs';
import { copyExampleConfig, startDirectorProcess } from '../support/director-process.ts';
import { buildQuery } from '../support/query.ts';
import { drive } from './load.ts';
import { formatTable, median } from './table.ts';

const queries = Number(process.env['BENCH_QUERIES'] ?? 50_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 7);
const window = 48;

using plainConfig = copyExampleConfig();
using countingConfig = copyExampleConfig();
appendFileSync(countingConfig.main, '\nclients: { collect: true }\n');
await using plain = await startDirectorProcess(plainConfig.main);
await using counting = await startDirectorProcess(countingConfig.main);

const mixes = [
  { label: 'one resolver', packets: [buildQuery({ name: 'www.example.test' })] },
  // As many as are kept, so that each is found.
  { label: '10,000 clients by ECS', packets: subnetQueries(10_000) },
  // Ten times as many in turn, so that each pushes another one out: the worst there is.
  { label: '100,000 clients by ECS', packets: subnetQueries(100_000) },
];

const rows: string[][] = [];
for (const { label, packets } of mixes) {
  const costs: { off: number; on: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const load = { packets, queries, window };
    const off = await drive({ ...load, port: plain.dnsPort }, plain.pid);
    const on = await drive({ ...load, port: counting.dnsPort }, counting.pid);
    // The first round warms up.
    if (round >= 0) costs.push({ off: off.cpuMicros, on: on.cpuMicros });
  }
  rows.push([
    label,
    median(costs.map(({ off }) => off)).toFixed(1),
    median(costs.map(({ on }) => on)).toFixed(1),
    median(costs.map(({ off, on }) => on / off)).toFixed(3),
  ]);
}
const head = ['query', 'CPU µs, off', 'CPU µs, on', 'on / off'];
console.log(formatTable('What counting clients costs', head, rows));

/** One query each for so many /24 networks spread over the unicast space. */
function subnetQueries(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const net = 0x01000000 + Math.floor((i / count) * 0xde0000) * 256;
    const octets = [net >>> 24, (net >>> 16) & 255, (net >>> 8) & 255];
    const subnet = { family: 1, source: 24, address: octets };
    return buildQuery({ name: 'www.example.test', id: i & 0xffff, subnet });
  });
}
