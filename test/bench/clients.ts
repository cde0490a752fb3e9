// `node test/bench/clients.ts`: what counting clients adds to a query, without the socket that costs most of it.

import type { OnAnswer } from '../../src/director/sampled.ts';
import { startClients } from '../../src/director/clients/collect.ts';
import { millis } from '../../src/model/time.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import { createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { noon } from '../support/fleet.ts';
import { buildQuery } from '../support/query.ts';
import { createRecordLog } from '../support/record-log.ts';
import { formatTable, median } from './table.ts';

const queries = Number(process.env['BENCH_QUERIES'] ?? 200_000);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 9);

/** CPU time that a query takes with its socket, as `npm run bench` prints it. */
const wholeMicros = Number(process.env['BENCH_WHOLE'] ?? 16.5);

const snapshot = plainSnapshot(settingsOf(shippedText()));
const clients = await startClients({
  settings: { isCollected: true, keep: 10_000, sample: 1, halfLife: millis(604_800_000) },
  store: undefined,
  planOf: (name) => snapshot.plans.get(name),
  clock: createFakeClock(noon),
  random: Math.random,
  seed: [1, 2, 3, 4],
  pause: async () => undefined,
  log: createRecordLog(),
});

const mixes = [
  { label: 'one resolver', packets: [buildQuery({ name: 'www.example.test' })] },
  // As many as are kept, so that each is found.
  { label: '10,000 clients by ECS', packets: subnetQueries(10_000) },
  // Ten times as many in turn, so that each pushes another one out: the worst there is.
  { label: '100,000 clients by ECS', packets: subnetQueries(100_000) },
];

const rows = mixes.map(({ label, packets }) => {
  const added: number[] = [];
  // The first two rounds warm up; who comes first changes, so that neither has the better place.
  for (let round = -2; round < rounds; round++) {
    const isOffFirst = round % 2 === 0;
    const first = costOf(packets, isOffFirst ? undefined : clients?.onAnswer);
    const second = costOf(packets, isOffFirst ? clients?.onAnswer : undefined);
    if (round >= 0) added.push(isOffFirst ? second - first : first - second);
  }
  const nanos = median(added);
  return [label, nanos.toFixed(0), `${((nanos / wholeMicros / 1000) * 100).toFixed(1)} %`];
});
const head = ['query', 'ns added', `of ${wholeMicros} µs for a whole query`];
console.log(formatTable('What counting clients adds', head, rows));
await clients?.[Symbol.asyncDispose]();

/** CPU time of a query, in ns. */
function costOf(packets: readonly Uint8Array[], onAnswer: OnAnswer | undefined): number {
  const stage = createDnsStage(snapshot, { onAnswer });
  const before = process.cpuUsage();
  for (let i = 0; i < queries; i++) stage.send(packets[i % packets.length] as Uint8Array);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / queries;
}

/** One query each for so many /24 networks spread over the unicast space. */
function subnetQueries(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => {
    const net = 0x01000000 + Math.floor((i / count) * 0xde0000) * 256;
    const octets = [net >>> 24, (net >>> 16) & 255, (net >>> 8) & 255];
    const subnet = { family: 1, source: 24, address: octets };
    return buildQuery({ name: 'www.example.test', id: i & 0xffff, subnet });
  });
}
