// A process full of directors without probes or doors: gossip and a Redis board as they are, the tally in the first.

import { claimAll } from '../../../src/health/recover.ts';
import { tally } from '../../../src/health/tally.ts';
import { startGossip } from '../../../src/director/gossip/gossip.ts';
import { createClock } from '../../../src/edge/clock.ts';
import { createRedisBoard } from '../../../src/edge/redis-board.ts';
import { createSeal } from '../../../src/edge/seal.ts';
import type { HealthView } from '../../../src/model/health.ts';
import type { RegionId } from '../../../src/model/region.ts';
import { type Millis, millis } from '../../../src/model/time.ts';
import type { Log } from '../../../src/ports.ts';
import { boardAt } from '../../support/board-settings.ts';
import { opinionsOf } from './opinions.ts';

/** What the first process is told as its only argument, in JSON. */
export interface Crew {
  readonly url: string;
  /** Numbers of its directors: from this one, so many, of so many in all. */
  readonly first: number;
  readonly count: number;
  readonly total: number;
  readonly regions: number;
  /** How many times slower than by default its directors post, read and forget. */
  readonly slower: number;
}

export type CrewOrder = 'status' | 'turn';

export interface CrewReport {
  /** The fewest observers that one of its directors has heard. */
  readonly heard: number;
  /** User and system time of the process so far, in µs. */
  readonly cpuMicros: number;
  /** Calls to the board so far, of all its directors, by outcome. */
  readonly counts: Readonly<Record<string, number>>;
  /** When each of its directors learned of the last turn (Unix milliseconds); undefined before. */
  readonly learned: readonly (number | undefined)[];
}

/** The defaults of configuration, in ms. */
export const pace = { voteLifetime: 17_000, postEvery: 2000, readEvery: 1000 };

/** How often the first director counts votes though nothing came. */
const tickMs = 250;

const returning = {
  hold: millis(120_000),
  stage: millis(60_000),
  longestHold: millis(3_600_000),
};

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

if (import.meta.main) run(JSON.parse(process.argv[2] ?? '') as Crew);

function run(crew: Crew): void {
  const counts: Record<string, number> = {};
  const directors = Array.from({ length: crew.count }, (_, i) =>
    start(crew, crew.first + i, counts),
  );
  process.on('message', (order: CrewOrder) => {
    if (order === 'turn') directors[0]?.turn();
    const { user, system } = process.cpuUsage();
    const report: CrewReport = {
      heard: Math.min(...directors.map((one) => one.heard())),
      cpuMicros: user + system,
      counts,
      learned: directors.map((one) => one.learnedAt()),
    };
    process.send?.(report);
  });
  process.on('disconnect', () => process.exit());
}

/** The first director of all counts votes, and changes its mind about the first region at each `turn`. */
function start(crew: Crew, number: number, counts: Record<string, number>) {
  const clock = createClock();
  const ids = Array.from({ length: crew.regions }, (_, i) => `region-${i}` as RegionId);
  const slowed = (span: number): Millis => millis(span * crew.slower);
  const voteLifetime = slowed(pace.voteLifetime);
  const observers = ids.slice(0, Math.min(crew.total, crew.regions));
  let view: HealthView = new Map();
  let word: string | undefined;
  let learnedAt: number | undefined;
  const conclude = (): void => {
    view = tally({
      regions: ids.map((id) => ({ id })),
      observers,
      votes: gossip.votes(),
      voteLifetime,
      self: { id: `director-${number}`, region: ids[number % crew.regions] ?? '' },
      returning,
      overrides: new Map(),
      previous: view,
      now: clock.now(),
    });
  };
  const look = (): void => {
    const first = gossip.votes().find(({ vote }) => vote.observer === 'director-0');
    const reason = first?.vote.opinions.get(ids[0] as RegionId)?.reason;
    if (reason !== word) learnedAt = Date.now();
    word = reason;
  };
  const gossip = startGossip({
    voteLifetime,
    postEvery: slowed(pace.postEvery),
    readEvery: slowed(pace.readEvery),
    observer: `director-${number}`,
    region: ids[number % crew.regions] ?? '',
    incarnation: clock.now(),
    boards: [createRedisBoard({ settings: boardAt(crew.url), log: silent, clock })],
    seal: createSeal(['a secret for measuring only']),
    clock,
    random: Math.random,
    log: silent,
    standing: () => ({
      configuration: '000000000000',
      epoch: 1,
      release: '0.0.0',
      missing: [],
      lostBoards: 0,
    }),
    returns: () => claimAll(view, clock.now()),
    onChange: number === 0 ? conclude : look,
    count: (event) => void (counts[event] = (counts[event] ?? 0) + 1),
  });
  gossip.setOpinions(opinionsOf(ids, ''));
  if (number === 0) setInterval(conclude, tickMs);
  return {
    heard: () => gossip.votes().length,
    learnedAt: () => learnedAt,
    turn: () => gossip.setOpinions(opinionsOf(ids, `turned at ${Date.now()}`)),
  };
}
