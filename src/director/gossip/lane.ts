// A lane: the traffic with one board, so that a board that hangs never delays another.

import { type Millis, millis } from '../../model/time.ts';
import type { Board, Clock, Posted, Random, Seal, Traffic } from '../../ports.ts';
import { type Ballot, decodeBallot, encodeBallot, type Refusal, slotOf } from './ballot.ts';
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
  isHinted: boolean;
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
    isHinted: false,
    isUp: false,
    lastReadAt: undefined,
  };
  board.onHint(() => {
    state.isHinted = true;
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

/** Up to a tenth more or less, so that directors do not fall into step. */
export function jitter(span: Millis, random: Random): Millis {
  return millis(span * (0.9 + 0.2 * random()));
}

async function patrol(state: State, options: LaneOptions): Promise<void> {
  const { clock, readEvery, random, stop } = options;
  let dueAt = clock.now();
  while (!stop.aborted) {
    const now = clock.now();
    const isPeriodic = now >= dueAt;
    if (isPeriodic) dueAt = millis(now + jitter(readEvery, random));
    state.isHinted = false;
    const isRead = await read(state, options);
    if (isRead && isPeriodic) await relay(state, options);
    await clock.sleep(shortestGap, stop);
    if (state.isHinted || stop.aborted) continue;
    state.wake = new AbortController();
    await clock.sleep(millis(Math.max(0, dueAt - clock.now())), state.wake.signal);
  }
}

/** True when the board answered. */
async function read(state: State, options: LaneOptions): Promise<boolean> {
  const { board, clock, count, stop } = options;
  let found: ReadonlyMap<string, Posted>;
  try {
    found = await board.read();
  } catch {
    state.isUp = false;
    count('read-failed');
    return false;
  }
  if (stop.aborted) return false;
  count('read');
  state.isUp = true;
  state.lastReadAt = clock.now();
  await takeIn(found, state, options);
  return !stop.aborted;
}

async function takeIn(
  found: ReadonlyMap<string, Posted>,
  state: State,
  { seal, clock, count, stop, hear }: LaneOptions,
): Promise<void> {
  const slots = new Map<string, Slot>();
  let work = 0;
  for (const [slot, posted] of found) {
    const before = state.slots.get(slot);
    if (before?.text === posted.value) {
      slots.set(slot, before);
      continue;
    }
    const ballot = open(slot, posted, seal);
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

function open(slot: string, posted: Posted, seal: Seal): Ballot | Refusal {
  const ballot = decodeBallot(posted.value, seal);
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
