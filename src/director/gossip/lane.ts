// A lane: the traffic with one board, so that a board that hangs never delays another.

import { type Millis, millis } from '../../model/time.ts';
import type { Board, Clock, Posted, Random, Seal, Traffic } from '../../ports.ts';
import { type Ballot, encodeBallot, type Refusal, slotOf } from './ballot.ts';
import type { Open } from './opener.ts';
import { jitter } from './pace.ts';
import { aged, isNewer, type Relay } from './relay.ts';

export interface Lane {
  /** True when the board has it; never rejects. What `isQuiet` is news to nobody. */
  post(ballot: Ballot, isQuiet: boolean): Promise<boolean>;
  state(): BoardState;
}

export interface BoardState {
  readonly name: string;
  readonly kind: Board['kind'];
  /** True when the last read succeeded. */
  readonly isUp: boolean;
  readonly lastReadAt: Millis | undefined;
  /** What went over the network so far; undefined for a board that uses none. */
  readonly traffic?: Traffic | undefined;
}

/** What is counted: calls to boards, and texts on them that were refused. */
export type LaneEvent = 'read' | 'read-failed' | 'posted' | 'relayed' | 'post-failed' | Refusal;

export interface LaneOptions extends Relay {
  readonly board: Board;
  readonly seal: Seal;
  readonly open: Open;
  readonly clock: Clock;
  readonly random: Random;
  readonly readEvery: Millis;
  readonly stop: AbortSignal;
  readonly count: (event: LaneEvent) => void;
  /** Takes a ballot that was not on this board at the last read, with the age it has now. */
  readonly hear: (ballot: Ballot) => void;
}

/** Why a sleep ends early; a constant, because an abort without a reason builds an error with its stack. */
const news = 'news';

/** A swarm of hints causes at most ten reads a second. */
const shortestGap = millis(100);

/**
 * Links give up sooner. What took longer lay about while this director stood still, so that nobody can tell
 * how old it is.
 */
const longestRead = 3000;

/** Slots that are read by themselves when they are hinted at; where there are more, all are. */
const hintLimit = 64;

/** Characters decoded at a time; between, other work gets its turn. */
const slice = 262_144;

/** Ballots relayed after one read. */
const relayLimit = 256;

interface State {
  /** What the last read found; without a ballot where the text was refused. */
  slots: ReadonlyMap<string, Slot>;
  /** What was known at the last periodic read. */
  known: ReadonlyMap<string, Ballot>;
  /** Ends the wait for the next read. */
  wake: AbortController;
  /** Slots hinted at since the last read; undefined when it may be any. */
  hinted: Set<string> | undefined;
  isUp: boolean;
  lastReadAt: Millis | undefined;
}

interface Slot {
  readonly text: string;
  readonly ballot: Ballot | undefined;
}

/** Reads the board periodically and at each hint until `stop` aborts. */
export function startLane(options: LaneOptions): Lane {
  const { board, stop } = options;
  const state: State = {
    slots: new Map(),
    known: new Map(),
    wake: new AbortController(),
    hinted: new Set(),
    isUp: false,
    lastReadAt: undefined,
  };
  board.onHint((slot) => {
    if (slot === undefined || (state.hinted?.size ?? 0) >= hintLimit) state.hinted = undefined;
    else state.hinted?.add(slot);
    state.wake.abort(news);
  });
  stop.addEventListener('abort', () => state.wake.abort(news));
  void patrol(state, options);
  return {
    post: (ballot, isQuiet) => post({ ballot, isQuiet }, 'posted', options),
    state: () => ({
      name: board.name,
      kind: board.kind,
      isUp: state.isUp,
      lastReadAt: state.lastReadAt,
      traffic: board.traffic?.(),
    }),
  };
}

async function patrol(state: State, options: LaneOptions): Promise<void> {
  const { clock, readEvery, random, stop } = options;
  let dueAt = clock.now();
  while (!stop.aborted) {
    const now = clock.now();
    const isPeriodic = now >= dueAt;
    if (isPeriodic) dueAt = millis(now + jitter(readEvery, random));
    const only = isPeriodic ? undefined : state.hinted;
    state.hinted = new Set();
    const isRead = await read(only, state, options);
    if (isRead && isPeriodic) await relay(state, options);
    await clock.sleep(shortestGap, stop);
    if (state.hinted?.size !== 0 || stop.aborted) continue;
    state.wake = new AbortController();
    await clock.sleep(millis(Math.max(0, dueAt - clock.now())), state.wake.signal);
  }
}

/** True when the board answered. */
async function read(
  only: ReadonlySet<string> | undefined,
  state: State,
  options: LaneOptions,
): Promise<boolean> {
  const { board, clock, count, stop } = options;
  const askedAt = clock.now();
  const found = await board.read(only).catch(() => undefined);
  if (found === undefined || clock.now() - askedAt > longestRead) {
    state.isUp = false;
    count('read-failed');
    return false;
  }
  if (stop.aborted) return false;
  count('read');
  state.isUp = true;
  state.lastReadAt = clock.now();
  await takeIn(found, only, state, options);
  return !stop.aborted;
}

async function takeIn(
  found: ReadonlyMap<string, Posted>,
  only: ReadonlySet<string> | undefined,
  state: State,
  { open, clock, count, stop, hear }: LaneOptions,
): Promise<void> {
  // What was not asked for stays as it was.
  const slots = new Map(only === undefined ? [] : state.slots);
  for (const slot of only ?? []) slots.delete(slot);
  let work = 0;
  for (const [slot, posted] of found) {
    const before = state.slots.get(slot);
    if (before?.text === posted.value) {
      slots.set(slot, before);
      continue;
    }
    const ballot = openPosted(slot, posted, open);
    const isRefused = typeof ballot === 'string';
    slots.set(slot, { text: posted.value, ballot: isRefused ? undefined : ballot });
    if (isRefused) count(ballot);
    else hear(ballot);
    work += posted.value.length;
    if (work < slice) continue;
    work = 0;
    await clock.sleep(millis(0), stop);
    if (stop.aborted) return;
  }
  state.slots = slots;
}

function openPosted(slot: string, posted: Posted, open: Open): Ballot | Refusal {
  const ballot = open(slot, posted.value);
  if (typeof ballot === 'string') return ballot;
  // The seal does not cover the slot's name and expiry: whoever moved it or prolonged it forged it.
  return slotOf(ballot) === slot ? (aged(ballot, posted) ?? 'forged') : 'forged';
}

/**
 * Posts what this board lacks, and what it holds that is outdone. What became known only since the last periodic read is left to those
 * who are just posting it themselves.
 */
async function relay(state: State, options: LaneOptions): Promise<void> {
  const before = state.known;
  state.known = options.known();
  const lacking = [...state.known].filter(([slot]) => {
    const known = before.get(slot);
    const found = state.slots.get(slot)?.ballot;
    return known !== undefined && (found === undefined || isNewer(known, found));
  });
  const corrections = [...state.slots].flatMap(([slot, { ballot }]) =>
    ballot === undefined || state.known.has(slot) ? [] : (options.correct(ballot) ?? []),
  );
  const ballots = [...lacking.map(([, ballot]) => ballot), ...corrections].slice(0, relayLimit);
  await Promise.all(ballots.map((ballot) => post({ ballot, isQuiet: false }, 'relayed', options)));
}

async function post(
  { ballot, isQuiet }: { readonly ballot: Ballot; readonly isQuiet: boolean },
  event: 'posted' | 'relayed',
  { board, seal, count, stop }: LaneOptions,
): Promise<boolean> {
  if (stop.aborted) return false;
  try {
    await board.post(slotOf(ballot), encodeBallot(ballot, seal), ballot.lifetime, isQuiet);
    count(event);
    return true;
  } catch {
    count('post-failed');
    return false;
  }
}
