// Gossip: votes, overrides and applications' reports of the whole fleet, over every board in reach.

import type { HeardVote, Standing, Vote } from '../../model/health.ts';
import { type HybridClock, type Override, tickClock } from '../../model/override.ts';
import type { SelfReport } from '../../model/self-report.ts';
import { type Millis, millis, startedAt } from '../../model/time.ts';
import type { Board, Clock, Log, Random, Seal } from '../../ports.ts';
import type { Ballot } from './ballot.ts';
import { type BoardState, type Lane, type LaneEvent, startLane } from './lane.ts';
import {
  type Hearing,
  hearOverride,
  hearReport,
  hearVote,
  isSameView,
  type Ledger,
  type Memory,
  memoryOf,
  startLedger,
} from './ledger.ts';
import { createOpener } from './opener.ts';
import { createOwnVote, type OwnVote } from './own-vote.ts';
import { jitter, repostEvery } from './pace.ts';
import { localOverride, overrideBallot, relayOf, reportBallot, voteBallot } from './relay.ts';

export interface Gossip extends AsyncDisposable {
  /** What this observer says from now on; a change is posted at once. */
  setOpinions(opinions: Vote['opinions']): void;
  /** Posts what this observer says at once, because it has something new to say of itself. */
  announce(): void;
  /**
   * Another process is to speak in this observer's name. From its first word on no vote is posted here;
   * words and reports are, as ever.
   */
  giveWay(): void;
  /** That process is no more: what this one says is posted at once. */
  goOn(): void;
  /** What is measured of drills goes along with each vote from now on. */
  sayMeasure(read: () => Vote['drill']): void;
  /** The newest vote of each observer, its own included; whoever counts them looks at `freshAt`. */
  votes(): readonly HeardVote[];
  /**
   * Takes an override into its register and posts it at once; `posted` of `boards` have it, relaying
   * brings it to the rest. A clock of `nextClock` makes it the latest word.
   */
  putOverride(override: Override): Promise<{ hearing: Hearing; posted: number; boards: number }>;
  /** The latest word of each key, also a lifted one, until its end; times by the local clock. */
  overrides(): readonly Override[];
  /** Takes a report into its register and posts it at once, as `putOverride` does an override. */
  putReport(report: SelfReport): Promise<{ hearing: Hearing; posted: number; boards: number }>;
  /** The latest report of each application, also one that has ended; times by the local clock. */
  reports(): ReadonlyMap<string, SelfReport>;
  /** Greater than every clock heard of so far. */
  nextClock(): HybridClock;
  /** What to keep on disk and hand to the next start. */
  memory(): Memory;
  boards(): readonly BoardState[];
}

/** What is counted: traffic with boards, and ballots that were dropped. */
export type GossipEvent = LaneEvent | Extract<Hearing, 'stale' | 'full'>;

export interface GossipOptions {
  readonly observer: string;
  /** The region that this director stands in. */
  readonly region: string;
  /** New at each start: Unix milliseconds. */
  readonly incarnation: number;
  /** They stay the caller's to close. */
  readonly boards: readonly Board[];
  readonly seal: Seal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly voteLifetime: Millis;
  readonly postEvery: Millis;
  readonly readEvery: Millis;
  /** What goes along with each vote about this director itself. */
  readonly standing: () => Standing | undefined;
  /** What it claims now of regions' ways back; undefined while it cannot. */
  readonly returns: () => Vote['returns'];
  /** What it says now of regions' loads. */
  readonly loads?: (() => Vote['loads']) | undefined;
  /** From disk. */
  readonly initial?: Memory | undefined;
  /** Votes or overrides say something new. What time alone changes comes without this call. */
  readonly onChange: () => void;
  /** An application says something new. */
  readonly onReport?: ((report: SelfReport) => void) | undefined;
  readonly count: (event: GossipEvent) => void;
}

interface State {
  readonly ledger: Ledger;
  readonly own: OwnVote;
  lanes: readonly Lane[];
  measure: () => Vote['drill'];
  /** True while a call of `onChange` is on its way. */
  isChanged: boolean;
}

export function startGossip(options: GossipOptions): Gossip {
  const { boards, clock, observer, initial } = options;
  const stop = new AbortController();
  const state: State = {
    ledger: startLedger(initial, clock.now()),
    own: createOwnVote(options, initial?.marks.get(observer)),
    lanes: [],
    measure: () => undefined,
    isChanged: false,
  };
  const relay = relayOf(state.ledger, () => ({ ...options, now: clock.now() }));
  const hear = (ballot: Ballot): void => takeIn(ballot, state, options);
  const flows = { ...relay, hear, open: createOpener(options.seal), stop: stop.signal };
  state.lanes = boards.map((board) => startLane({ ...options, ...flows, board }));
  void repost(state, options, stop.signal);
  const { ledger, lanes } = state;
  return {
    setOpinions: (opinions) => {
      const { own } = state;
      const isNews = own.opinions === undefined || !isSameView(own.opinions, opinions);
      own.opinions = opinions;
      if (isNews) postVote(state, options);
    },
    announce: () => postVote(state, options),
    giveWay: state.own.giveWay,
    goOn: () => {
      state.own.goOn();
      postVote(state, options);
    },
    sayMeasure: (read) => void (state.measure = read),
    votes: () => [...ledger.votes.values()],
    putOverride: (override) => putOverride(override, state, options),
    overrides: () => [...ledger.registers.values()].filter(({ end }) => clock.now() < end),
    putReport: (report) => putReport(report, state, options),
    reports: () => ledger.reports,
    nextClock: () => {
      ledger.clock = tickClock(ledger.clock, clock.now(), observer);
      return ledger.clock;
    },
    memory: () => memoryOf(ledger, clock.now()),
    boards: () => lanes.map((lane) => lane.state()),
    // Nothing is waited for: a board may hang, and what it still answers is ignored.
    [Symbol.asyncDispose]: async () => stop.abort(),
  };
}

/**
 * A vote is posted anew also when nothing changed: its sequence shows that its observer is alive. The
 * next full read will do for that: were each a hint, a large fleet would read without a pause.
 */
async function repost(state: State, options: GossipOptions, stop: AbortSignal): Promise<void> {
  const { clock, random } = options;
  const { votes } = state.ledger;
  while (!stop.aborted) {
    const before = staleBefore(options);
    const heard = votes.values().reduce((sum, { freshAt }) => sum + (freshAt < before ? 0 : 1), 0);
    await clock.sleep(jitter(repostEvery(heard, options), random), stop);
    if (stop.aborted) return;
    postVote(state, options, 'quiet');
  }
}

function postVote(state: State, options: GossipOptions, tone: 'news' | 'quiet' = 'news'): void {
  const { clock, voteLifetime } = options;
  const said = { returns: options.returns(), standing: options.standing() };
  const vote = state.own.next({ ...said, loads: options.loads?.(), drill: state.measure() });
  if (vote === undefined) return;
  const heard = { vote, freshAt: clock.now() };
  note(hearVote(state.ledger, heard, staleBefore(options)), state, options);
  if (state.own.isSilent()) return;
  const ballot = voteBallot(heard, clock.now(), voteLifetime);
  // The first of an incarnation is news: another one may have spoken in this director's name.
  const isQuiet = tone === 'quiet' && vote.sequence > 1;
  if (ballot !== undefined) for (const lane of state.lanes) void lane.post(ballot, isQuiet);
}

async function putOverride(override: Override, state: State, options: GossipOptions) {
  const now = options.clock.now();
  const hearing = hearOverride(state.ledger, override, now);
  note(hearing, state, options);
  const ballot = hearing === 'news' ? overrideBallot(override, now) : undefined;
  return { hearing, ...(await post(ballot, state)) };
}

async function putReport(report: SelfReport, state: State, options: GossipOptions) {
  const now = options.clock.now();
  const hearing = noteReport(report, state, options);
  const isLatest = hearing === 'news' || hearing === 'renewal';
  return { hearing, ...(await post(isLatest ? reportBallot(report, now) : undefined, state)) };
}

/** To every board. */
async function post(
  ballot: Ballot | undefined,
  { lanes }: State,
): Promise<{ posted: number; boards: number }> {
  const isPosted = await Promise.all(
    ballot === undefined ? [] : lanes.map((lane) => lane.post(ballot, false)),
  );
  return { posted: isPosted.filter(Boolean).length, boards: lanes.length };
}

/** A ballot from a board, with the age it has now. */
function takeIn(ballot: Ballot, state: State, options: GossipOptions): void {
  const now = options.clock.now();
  if (ballot.kind === 'override') {
    const override = localOverride(ballot.override, ballot.age, now);
    note(hearOverride(state.ledger, override, now), state, options);
  } else if (ballot.kind === 'report') {
    noteReport(startedAt(ballot.report, millis(now - ballot.age)), state, options);
  } else if (ballot.vote.observer === options.observer) {
    state.own.outdo(ballot.vote);
  } else {
    const heard = { vote: ballot.vote, freshAt: millis(now - ballot.age) };
    note(hearVote(state.ledger, heard, staleBefore(options)), state, options);
  }
}

function noteReport(report: SelfReport, state: State, options: GossipOptions): Hearing {
  const hearing = hearReport(state.ledger, report, options.clock.now());
  if (hearing === 'news') options.onReport?.(report);
  else note(hearing, state, options);
  return hearing;
}

function note(hearing: Hearing, state: State, { count, onChange }: GossipOptions): void {
  if (hearing === 'stale' || hearing === 'full') count(hearing);
  if (hearing !== 'news' || state.isChanged) return;
  state.isChanged = true;
  queueMicrotask(() => {
    state.isChanged = false;
    onChange();
  });
}

function staleBefore({ clock, voteLifetime }: GossipOptions): Millis {
  return millis(clock.now() - voteLifetime);
}
