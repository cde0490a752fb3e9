// `npm run bench [-- --short] [-- --only PARTS] [FILE]`: what a query costs, here and in servers of others.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selfSigned } from '../support/certificate.ts';
import { measureDisturbed } from './disturbed.ts';
import {
  type Field,
  type Ground,
  hasProgram,
  kinds,
  newStage,
  places,
  startField,
} from './field.ts';
import { measureFlips } from './flip.ts';
import { measureGrowth } from './growth.ts';
import { Messages, type MixKey, mixKeys } from './mixes.ts';
import { describeMachine, keepHandwritten, memoryTable, type Run, writePage } from './page.ts';
import { killChildren } from './proc.ts';
import { type Result, runMix } from './rounds.ts';
import { root, startDirector } from './servers/meridian.ts';
import { createWorld } from './servers/world.ts';
import { measureSnapshot } from './snapshot.ts';
import { measureStart } from './start.ts';

const parts = ['mixes', 'disturbed', 'flip', 'start', 'growth'] as const;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const isShort = values.short;
const only = values.only?.split(',') ?? parts;
const isWanted = (part: (typeof parts)[number]): boolean => only.includes(part);

const full = isShort ? { rounds: 1, seconds: 0.5 } : { rounds: 3, seconds: 1 };
const half = isShort ? { rounds: 1, seconds: 0.5 } : { rounds: 2, seconds: 1 };

const say = (text: string): void => console.error(text);

const folder = mkdtempSync(join(tmpdir(), 'meridian-bench-'));
// Whichever way this ends, nothing of it is left.
process.on('exit', () => {
  killChildren();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

for (const [program, debian] of [
  ['dnsperf', 'dnsperf'],
  ['openssl', 'openssl'],
] as const) {
  if (hasProgram(program)) continue;
  say(
    `The benchmark needs ${program}. Install it, on Debian or Ubuntu with: apt-get install ${debian}`,
  );
  process.exit(2);
}
await main();
process.exit(0);

async function main(): Promise<void> {
  const machine = describeMachine();
  const pair = await selfSigned('localhost');
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  writeFileSync(certificate, pair.cert);
  writeFileSync(key, pair.key);
  say('writing GeoIP for those who read MaxMind DB files');
  const world = await createWorld(join(root, 'meridian.yaml'), folder);
  const ground: Ground = { world, folder, certificate, key, say };
  const messages = new Messages(folder);
  const contest = await runContest(ground, messages);
  const alone = await measureAlone(ground, messages);
  const page = writePage({
    machine,
    places: places.words,
    full,
    half,
    isShort,
    kinds,
    ...contest,
    ...alone,
    measured: { mixes: contest.mixes, ...alone },
    profile: profileSection(),
  });
  console.log(page);
  const [file] = positionals;
  if (file !== undefined) writeFileSync(file, keepHandwritten(page, file));
}

interface Contest {
  readonly field: Pick<Field, 'notes'>;
  readonly mixes: ReadonlyMap<MixKey, readonly Result[]>;
  readonly memory: string;
}

async function runContest(ground: Ground, messages: Messages): Promise<Contest> {
  const mixes = new Map<MixKey, readonly Result[]>();
  if (!isWanted('mixes')) return { field: { notes: new Map() }, mixes, memory: '' };
  await using running = new AsyncDisposableStack();
  const field = await startField(kinds, ground, running);
  for (const key of mixKeys) {
    const course = { messages, folder, full, half, say };
    mixes.set(key, await runMix(key, field.entrants, course));
  }
  return { field, mixes, memory: memoryTable(field.entrants) };
}

type Alone = Run['measured'] & Pick<Run, 'snapshot' | 'growth'>;

/** What is measured of the director when no other server is up. */
async function measureAlone(ground: Ground, messages: Messages): Promise<Omit<Alone, 'mixes'>> {
  const unpinned = () => newStage(ground, []);
  const start = isWanted('start')
    ? [
        await measureStart(1, folder, isShort ? 1 : 3),
        await measureStart(2, folder, isShort ? 1 : 3),
      ]
    : undefined;
  const snapshot = isWanted('start')
    ? await measureSnapshot(join(root, 'meridian.yaml'))
    : undefined;
  if (start !== undefined) say(`start: ${JSON.stringify(start)}`);
  const flip = isWanted('flip') ? await flips(ground) : undefined;
  if (flip !== undefined) say(`flip: ${JSON.stringify(flip)}`);
  const disturbed = isWanted('disturbed')
    ? await measureDisturbed({
        newStage: unpinned,
        world: ground.world,
        messages,
        folder,
        seconds: isShort ? 2 : 8,
        workers: 'auto',
      })
    : undefined;
  const growth = isWanted('growth')
    ? await measureGrowth({
        newStage: (prefix) => newStage(ground, prefix),
        folder,
        server: places.server,
        load: places.load,
        rounds: isShort ? 1 : 2,
        seconds: full.seconds,
        say,
      })
    : '';
  return { start, snapshot, flip, disturbed, growth };
}

async function flips(ground: Ground) {
  await using director = await startDirector('Meridian', await newStage(ground, []), 'auto');
  return await measureFlips(director, ground.world, isShort ? 6 : 35);
}

/** What profile.ts has to say, where it is there; it writes a section of the page. */
function profileSection(): string {
  const script = join(import.meta.dirname, 'profile.ts');
  if (isShort || !existsSync(script)) return '';
  say('profiling');
  const { stdout, status } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  return status === 0 ? stdout : '';
}
