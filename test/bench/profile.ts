// `node test/bench/profile.ts [FILE]`: where the time of a query goes, by a CPU profile of the thread that answers.

import { createSocket } from 'node:dgram';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { copyExampleConfig, startDirectorProcess } from '../support/director-process.ts';
import { buildQuery } from '../support/query.ts';
import { formatTable } from './table.ts';

const queries = Number(process.env['BENCH_QUERIES'] ?? 150_000);
const window = 48;
const root = fileURLToPath(new URL('../../', import.meta.url));

const intro = `## Where the time goes

Printed by \`node test/bench/profile.ts\`: V8's sampling profiler, every 100 µs, in the thread that
answers, while ${queries} queries over loopback come as fast as they are answered. Samples in which
the thread waits are left out. The profiler makes everything slower, and on a busy machine it counts
the time without a processor where the thread stood: shares count, not µs.
`;

/** What the figures lead to; they stand in the tables behind it. */
const outlook = `
What is left of our own is spread thin: no function of the program stands out. The largest part is
what a bare echo pays as well: the system calls, the object and the two strings that \`dgram\` makes of
each sender, the buffer it allocates for each datagram, and the request it makes for each reply. Replies
already go out many with one call (\`sendmmsg\`), which the bare echo does not do. To go further:

- \`recvmmsg\`, many datagrams received with one call, which libuv has and Node does not offer: the echo
  in C shows what it is worth.
- A receiver that hands over the sender's address as octets: reading it from text, after the kernel's
  octets were made text, is work done twice.
- Compiled code around the socket, as an addon: all of the above at once, and a build step, a second
  language and its dangers for whoever runs a director. Meridian does without.
`;

interface Frame {
  readonly functionName: string;
  readonly url: string;
}

/** What \`--cpu-prof\` writes; times are µs of the monotonic clock. */
interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

await main();

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-profile-'));
  try {
    const mixes = [
      { title: 'One client', packets: [buildQuery()] },
      { title: '100,000 clients by ECS', packets: subnetQueries() },
    ];
    const tables = [];
    for (const mix of mixes) tables.push(...(await profile(mix.title, mix.packets, folder)));
    const page = [intro, ...tables, outlook.trim(), ''].join('\n');
    console.log(page);
    const [, , file] = process.argv;
    if (file !== undefined) writeFileSync(file, page);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function profile(
  title: string,
  packets: readonly Uint8Array[],
  folder: string,
): Promise<string[]> {
  using config = copyExampleConfig();
  // One thread answers, so that one profile holds all of it.
  const text = readFileSync(config.main, 'utf8').replace(/^dns:$/m, 'dns:\n  workers: 1');
  config.write('meridian.yaml', text);
  const into = mkdtempSync(join(folder, 'run-'));
  const options = `--cpu-prof --cpu-prof-interval=100 --cpu-prof-dir=${into}`;
  await using director = await startDirectorProcess(config.main, { NODE_OPTIONS: options });
  await sleep(2000);
  await ask(director.dnsPort, packets, 50_000);
  const begin = monotonicMicros();
  await ask(director.dnsPort, packets, queries);
  const end = monotonicMicros();
  await director.stop();
  const profiles = readdirSync(into).map(
    (name) => JSON.parse(readFileSync(join(into, name), 'utf8')) as Profile,
  );
  const spent = profiles.map((one) => spentBetween(one, begin, end));
  // Of all threads, the one that was busiest meanwhile.
  const [busiest = new Map<string, Spent>()] = spent.toSorted((x, y) => total(y) - total(x));
  return tablesOf(title, busiest);
}

/** Sends as fast as answers come; what is lost is replaced. */
function ask(port: number, packets: readonly Uint8Array[], count: number): Promise<void> {
  const socket = createSocket({
    type: 'udp4',
    lookup: (host, _options, callback) => callback(null, host, 4),
  });
  let sent = 0;
  let answered = 0;
  const send = (): void =>
    socket.send(packets[sent++ % packets.length] as Uint8Array, port, '127.0.0.1');
  return new Promise((resolve) => {
    let seen = -1;
    const nudge = setInterval(() => {
      if (answered === seen) for (let i = 0; i < window; i++) send();
      seen = answered;
    }, 500);
    socket.on('message', () => {
      if (++answered < count) return send();
      if (answered > count) return;
      clearInterval(nudge);
      socket.close(() => resolve());
    });
    socket.bind(0, '127.0.0.1', () => {
      for (let i = 0; i < window; i++) send();
    });
  });
}

function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

interface Spent {
  readonly where: string;
  readonly name: string;
  micros: number;
}

/** The self time of every function between two moments, by function. */
function spentBetween(one: Profile, begin: number, end: number): Map<string, Spent> {
  const frames = new Map(one.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const spent = new Map<string, Spent>();
  let now = one.startTime;
  for (const [i, id] of one.samples.entries()) {
    const micros = one.timeDeltas[i] ?? 0;
    now += micros;
    const frame = frames.get(id);
    if (now < begin || now > end || frame === undefined || frame.functionName === '(idle)')
      continue;
    const key = `${frame.url} ${frame.functionName}`;
    const entry = spent.get(key) ?? { where: placeOf(frame), name: nameOf(frame), micros: 0 };
    entry.micros += micros;
    spent.set(key, entry);
  }
  return spent;
}

function total(spent: ReadonlyMap<string, Spent>): number {
  return spent.values().reduce((sum, { micros }) => sum + micros, 0);
}

/** A room of the program, or what is around it. */
function placeOf({ url, functionName }: Frame): string {
  if (functionName === '(garbage collector)') return 'garbage collection';
  // The profiler puts the native call that sends, or hands over to be sent, to whoever calls it.
  if (url === 'node:dgram' && functionName === 'doSend') return 'Node and the kernel: sending';
  if (url.startsWith('node:')) return 'Node, in JavaScript';
  // What is no JavaScript at all: the event loop, receiving, making objects of what was received, batches.
  if (functionName === '(program)') return 'Node and the kernel: receiving, batches, event loop';
  if (url === '') return 'Node, native calls';
  const path = relative(root, fileURLToPath(url));
  const [top, room = ''] = path.split('/');
  return top === 'src' ? room : 'packages';
}

function nameOf({ url, functionName }: Frame): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url.startsWith('file:')
    ? `${name}, ${relative(root, fileURLToPath(url))}`
    : `${name}${url === '' ? '' : `, ${url}`}`;
}

function tablesOf(title: string, spent: ReadonlyMap<string, Spent>): string[] {
  const all = total(spent);
  const share = (micros: number): string => `${((micros / all) * 100).toFixed(1)} %`;
  const rooms = new Map<string, number>();
  for (const { where, micros } of spent.values()) {
    rooms.set(where, (rooms.get(where) ?? 0) + micros);
  }
  const byRoom = [...rooms].sort(([, x], [, y]) => y - x).map(([where, x]) => [where, share(x)]);
  const top = [...spent.values()].sort((x, y) => y.micros - x.micros).slice(0, 20);
  const byFunction = top.map(({ name, where, micros }) => [name, where, share(micros)]);
  return [
    formatTable(`${title}: by room`, ['where', 'share'], byRoom).replace(/^## /, '### '),
    formatTable(`${title}: by function`, ['function', 'where', 'share'], byFunction).replace(
      /^## /,
      '### ',
    ),
  ];
}

/** One query each for 100,000 /24 networks spread over the unicast space. */
function subnetQueries(): Uint8Array[] {
  return Array.from({ length: 100_000 }, (_, i) => {
    const net = 0x01000000 + Math.floor((i / 100_000) * 0xde0000) * 256;
    const address = [net >>> 24, (net >>> 16) & 255, (net >>> 8) & 255];
    return buildQuery({ id: i & 0xffff, subnet: { family: 1, source: 24, address } });
  });
}
