// A stage for gossip: directors and boards in virtual time, boards that fail, clocks that are off.

import { encodeBallot } from '../../src/director/gossip/ballot.ts';
import {
  type Gossip,
  type GossipEvent,
  type GossipOptions,
  startGossip,
} from '../../src/director/gossip/gossip.ts';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { Opinion, Verdict } from '../../src/model/health.ts';
import type { HybridClock, Override } from '../../src/model/override.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { SelfReport } from '../../src/model/self-report.ts';
import { millis } from '../../src/model/time.ts';
import type { Board, Clock } from '../../src/ports.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createRecordLog, type RecordLog } from './record-log.ts';

export const voteLifetime = millis(17_000);

/** A local board that can be cut off: `down` refuses every call, `hung` never settles one. */
export interface StageBoard extends Board {
  state: 'up' | 'down' | 'hung';
  /** How long a call is under way before it takes effect, in ms. */
  postDelay: number;
  readDelay: number;
  reads: number;
  slotsRead: number;
  posts: number;
}

export interface Director {
  readonly gossip: Gossip;
  readonly clock: Clock;
  readonly log: RecordLog;
  readonly counts: Map<GossipEvent, number>;
  changes: number;
  /** `<observer> <verdict on eu>` of each vote that is still fresh, sorted. */
  heard(): string[];
  /** `<region> <kind> <seconds until its end by the true clock>`, `lifted` where it is. */
  words(): string[];
  /** `<region> <name> <state> <seconds since it was said>` of each report that still speaks. */
  reports(): string[];
  /** The same, without the seconds, of each report that it was told of as news. */
  readonly told: string[];
}

export interface Stage {
  readonly clock: FakeClock;
  /** A board that nobody has joined yet. */
  board(name: string): StageBoard;
  /** Starts a director; `ahead` is how far its clock is ahead of the true one, in ms. */
  join(
    observer: string,
    boards: readonly Board[],
    options?: Partial<GossipOptions> & { ahead?: number },
  ): Director;
}

export const eu = 'eu' as RegionId;

/** What an observer says when it says it of `eu` alone. */
export function opinions(verdict: Verdict, extra: Partial<Opinion> = {}): Map<RegionId, Opinion> {
  return new Map([[eu, opinion(verdict, extra)]]);
}

function opinion(verdict: Verdict, extra: Partial<Opinion>): Opinion {
  return {
    verdict,
    since: millis(1),
    latency: millis(20),
    reason: '',
    isSuspect: false,
    ...extra,
  };
}

/** An override that begins now and lasts an hour, by the director's own clock. */
export function wordOf({ gossip, clock }: Director, extra: Partial<Override> = {}): Override {
  const start = clock.now();
  return {
    id: 'o1',
    region: eu,
    kind: 'drain',
    actor: 'alice',
    reason: 'disk swap',
    start,
    end: millis(start + 3_600_000),
    isLifted: false,
    clock: gossip.nextClock(),
    ...extra,
  };
}

/** A report that is given now and speaks for 45 seconds, by the director's own clock. */
export function reportBy({ gossip, clock }: Director, extra: Partial<SelfReport> = {}): SelfReport {
  const start = clock.now();
  return {
    region: eu,
    name: 'app',
    state: 'up',
    load: undefined,
    connections: undefined,
    reason: '',
    start,
    end: millis(start + 45_000),
    clock: gossip.nextClock(),
    ...extra,
  };
}

/** What an observer that is not on the stage might have posted, on `eu` and on `others`. */
export function sealedVote(
  sequence: number,
  verdict: Verdict,
  { observer = 'a', secret = 'secret', others = [] as readonly string[], reason = '' } = {},
): string {
  const views = new Map(
    [eu, ...others].map((id) => [id as RegionId, opinion(verdict, { reason })]),
  );
  const vote = { observer, region: 'r', incarnation: 5, sequence, opinions: views };
  const ballot = { kind: 'vote' as const, vote, age: millis(0), lifetime: voteLifetime };
  return encodeBallot(ballot, createSeal([secret]));
}

export function hybrid(wall: number, counter = 0, node = 'a'): HybridClock {
  return { wall: millis(wall), counter, node };
}

export function createStage(): Stage {
  const clock = createFakeClock();
  return {
    clock,
    board: (name) => stageBoard(name, createLocalBoard(clock), clock),
    join: (observer, boards, { ahead = 0, ...options } = {}) => {
      const own: Clock = { now: () => millis(clock.now() + ahead), sleep: clock.sleep };
      const counts = new Map<GossipEvent, number>();
      const log = createRecordLog();
      const gossip = startGossip({
        observer,
        region: `${observer}-region`,
        incarnation: own.now(),
        boards,
        seal: createSeal(['secret']),
        clock: own,
        random: () => 0.5,
        log,
        voteLifetime,
        postEvery: millis(2000),
        readEvery: millis(1000),
        standing: () => undefined,
        returns: () => undefined,
        onChange: () => director.changes++,
        onReport: ({ region, name, state }) => director.told.push(`${region} ${name} ${state}`),
        count: (event) => void counts.set(event, (counts.get(event) ?? 0) + 1),
        ...options,
      });
      const director: Director = {
        gossip,
        clock: own,
        log,
        counts,
        changes: 0,
        told: [],
        heard: () =>
          gossip
            .votes()
            .filter(({ freshAt }) => own.now() - freshAt <= voteLifetime)
            .map(({ vote }) => `${vote.observer} ${vote.opinions.get(eu)?.verdict}`)
            .sort(),
        words: () =>
          gossip.overrides().map(({ region, kind, end, isLifted }) => {
            const left = Math.round((end - own.now()) / 1000);
            return `${region} ${kind} ${left}${isLifted ? ' lifted' : ''}`;
          }),
        reports: () =>
          Array.from(gossip.reports().values())
            .filter(({ end }) => own.now() < end)
            .map(({ region, name, state, start }) => {
              return `${region} ${name} ${state} ${Math.round((own.now() - start) / 1000)}`;
            })
            .sort(),
      };
      return director;
    },
  };
}

function stageBoard(name: string, board: Board, clock: Clock): StageBoard {
  const { signal } = new AbortController();
  const guarded = async <T>(delay: number, call: () => Promise<T>): Promise<T> => {
    if (self.state === 'down') throw new Error('the board is down');
    if (self.state === 'hung') return new Promise(() => undefined);
    if (delay > 0) await clock.sleep(millis(delay), signal);
    return call();
  };
  const self: StageBoard = {
    name,
    kind: 'store',
    state: 'up',
    postDelay: 0,
    readDelay: 0,
    reads: 0,
    slotsRead: 0,
    posts: 0,
    post: (slot, value, lifetime, isQuiet) => {
      self.posts++;
      return guarded(self.postDelay, () => board.post(slot, value, lifetime, isQuiet));
    },
    read: (only) => {
      self.reads++;
      return guarded(self.readDelay, async () => {
        const found = await board.read(only);
        self.slotsRead += found.size;
        return found;
      });
    },
    onHint: (listener) => board.onHint((slot) => self.state === 'up' && listener(slot)),
    [Symbol.asyncDispose]: () => board[Symbol.asyncDispose](),
  };
  return self;
}
