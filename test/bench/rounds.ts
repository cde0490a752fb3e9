// Rounds: each server in turn, again and again, so that a machine that slows down slows all of them.

import type { Latency, Outcome } from './dnsperf.ts';
import { type Drive, drive, driveAndTime } from './drive.ts';
import { type Cookie, type Messages, type Mix, type MixKey, mixes } from './mixes.ts';
import { cpuSeconds } from './proc.ts';
import type { Kind, Running } from './servers/program.ts';
import { median } from './table.ts';

/** A server of the run, with what its drives need. */
export interface Entrant {
  readonly kind: Kind;
  readonly running: Running;
  readonly cookie: Cookie | undefined;
  /** False where clients are not told apart by their subnets, or not as the others do. */
  readonly isBySubnet: boolean;
  /** Before dnsperf, while this one is driven. */
  readonly loadPrefix: readonly string[];
  /** Processors that it may use. */
  readonly processors: number;
}

export interface Pace {
  readonly rounds: number;
  readonly seconds: number;
}

/** Of one round. */
export interface Round extends Outcome {
  /** CPU time of the server per answer. */
  readonly micros: number;
  /** How much of its processors the server used, from 0 to 1. */
  readonly busy: number;
}

/** Of one server in one mix. */
export interface Result {
  readonly entrant: Entrant;
  /** Why there are no figures. */
  readonly lack: string | undefined;
  readonly rounds: readonly Round[];
  readonly halfLoad: readonly Latency[];
}

/** Sockets that queries come from, so that each thread of a server has some; dnsperf wants few over TCP. */
const clients = { udp: 16, tcp: 4, doh: 16 } as const;

/** Queries on their way at most. */
const window = { udp: 100, tcp: 100, doh: 64 } as const;

export interface Course {
  readonly messages: Messages;
  readonly folder: string;
  readonly full: Pace;
  readonly half: Pace;
  readonly say: (text: string) => void;
}

/** Every server through one mix: at full speed, then at half of what it reached. */
export async function runMix(
  key: MixKey,
  entrants: readonly Entrant[],
  course: Course,
): Promise<Result[]> {
  const mix = mixes[key];
  const contest = entrants.map((entrant) => ({
    entrant,
    lack: lackOf(key, entrant),
    rounds: [] as Round[],
    halfLoad: [] as Latency[],
  }));
  const able = contest.filter((one) => one.lack === undefined);
  // The first round warms up.
  for (let round = -1; round < course.full.rounds; round++) {
    course.messages.nextRound();
    for (const one of able) {
      if (one.lack !== undefined) continue;
      const options = driveOf(key, mix, one.entrant, course);
      const result = await driveOnce(options, one.entrant);
      one.lack = strangeness(result, mix, one.entrant);
      if (round >= 0 && one.lack === undefined) one.rounds.push(result);
    }
  }
  for (let round = 0; round < course.half.rounds; round++) {
    course.messages.nextRound();
    for (const { entrant, rounds, halfLoad } of able.filter((one) => one.lack === undefined)) {
      const perSecond = median(rounds.map((one) => one.perSecond)) / 2;
      const options = driveOf(key, mix, entrant, course);
      halfLoad.push(await driveAndTime({ ...options, seconds: course.half.seconds, perSecond }));
    }
  }
  for (const { entrant, lack, rounds } of contest) {
    const figure = lack ?? `${median(rounds.map((one) => one.micros)).toFixed(1)} µs`;
    course.say(`${mix.title}, ${entrant.running.name}: ${figure}`);
  }
  return contest;
}

function lackOf(key: MixKey, entrant: Entrant): string | undefined {
  const { kind, cookie, running, isBySubnet } = entrant;
  const known = kind.lacks?.[key];
  if (known !== undefined) return known;
  if ((key === 'subnets' || key === 'cookies') && !isBySubnet) return 'not by ECS';
  if (key === 'cookies' && cookie === undefined) return 'no cookies';
  return key === 'doh' && running.doh === undefined ? 'no DoH' : undefined;
}

function driveOf(
  key: MixKey,
  mix: Mix,
  entrant: Entrant,
  { messages, folder, full }: Course,
): Drive {
  const { running, cookie, loadPrefix } = entrant;
  return {
    port: mix.transport === 'doh' ? (running.doh ?? 0) : running.port,
    transport: mix.transport,
    messages: messages.of(key, cookie),
    seconds: full.seconds,
    clients: clients[mix.transport],
    window: window[mix.transport],
    prefix: loadPrefix,
    folder,
  };
}

async function driveOnce(options: Drive, { running, processors }: Entrant): Promise<Round> {
  const before = cpuSeconds(running.pid);
  const outcome = await drive(options);
  const cpu = cpuSeconds(running.pid) - before;
  return {
    ...outcome,
    micros: (cpu / outcome.answered) * 1e6,
    busy: cpu / options.seconds / processors,
  };
}

/** Answers that are not what everybody else gives make figures that cannot be compared. */
function strangeness(
  { answered, codes }: Outcome,
  { code }: Mix,
  { kind }: Entrant,
): string | undefined {
  if (answered === 0) return 'no answer';
  const right = kind.isEcho === true ? answered : (codes[code] ?? codes['200'] ?? 0);
  if (right > 0.999 * answered) return undefined;
  return `answered ${Object.keys(codes).join(', ')}`;
}
