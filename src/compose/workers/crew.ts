// The threads that answer: started, given each snapshot so that all show it at once, replaced when one dies.

import { setTimeout as pause } from 'node:timers/promises';
import { createDnsCounts, type DnsCounts } from '../../director/counters.ts';
import type { WorkersReading } from '../../director/readings.ts';
import type { OnSteered } from '../../director/sampled.ts';
import type { Mark, SnapshotCell } from '../../director/snapshot.ts';
import { type Batch, playAnswers } from '../../director/workers/heard.ts';
import { partsBetween, type State } from '../../director/workers/parts.ts';
import { sumCounts } from '../../director/workers/sum.ts';
import { steadyNow } from '../../edge/clock.ts';
import type { Clock, Log } from '../../ports.ts';
import type { Door, Doors, Secrets } from '../dns.ts';
import { type Hand, startHand } from './hand.ts';
import type { Recruits } from './recruits.ts';
import type { Question, Start } from './words.ts';

export interface CrewOptions {
  readonly cell: SnapshotCell;
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly recruits: Recruits;
  /** How many threads. */
  readonly size: number;
  readonly doors: Doors;
  /** Hears of the answers of every thread, a moment after they were given. */
  readonly onSteered: OnSteered;
}

export interface Crew extends AsyncDisposable {
  readonly doors: Doors;
  /** Of all that live and have lived, as far as they have told. */
  counts(): DnsCounts;
  /** Settles when they all show what the cell shows now. */
  shown(): Promise<void>;
  /** Asks them all for what they have counted. */
  refresh(): Promise<void>;
  workers(): WorkersReading;
  /** Those that live, for whoever wants to see one die. */
  hands(): readonly Hand[];
}

/** How long the place of one that died stays empty: twice as long each time that it lives less than that. */
const [firstPauseMs, lastPauseMs, longLifeMs] = [100, 5000, 10_000];

/** Rejects with a FaultError where an address cannot be had. */
export async function openCrew(options: CrewOptions): Promise<Crew> {
  const { log, size } = options;
  const hands = new Set<Hand>();
  const stop = new AbortController();
  const { start, shown } = keepAlike(options, hands);
  const roster: Roster = { hands, start, stop: stop.signal, log, past: noCounts, replaced: 0 };
  const share = (place: number, doors: Doors): Doors => shareOf(doors, place, size);
  const first = await start(0, share(0, options.doors));
  try {
    // The first finds the ports that the system gives, where that is wanted.
    const found = await first.listening;
    const doors = isHanded(options.doors) ? options.doors : found;
    const others = Array.from({ length: size - 1 }, (_, i) => start(i + 1, share(i + 1, doors)));
    const all = [first, ...(await Promise.all(others))];
    await Promise.all(all.map(({ listening }) => listening));
    for (const [place, hand] of all.entries())
      void attend(roster, { hand, place, doors: share(place, doors) });
    return {
      doors: withoutHanded(doors),
      shown,
      counts: () => sumCounts([roster.past, ...Array.from(hands, (hand) => hand.counts())]),
      refresh: async () => {
        await Promise.all(Array.from(hands, (hand) => hand.ask({ kind: 'count' })));
      },
      workers: () => ({ running: hands.size, replaced: roster.replaced }),
      hands: () => [...hands],
      async [Symbol.asyncDispose]() {
        stop.abort();
        await Promise.all(Array.from(hands, (hand) => hand.stop()));
      },
    };
  } catch (error) {
    stop.abort();
    for (const hand of hands) hand.kill();
    throw error;
  }
}

function isHanded({ dns, dot }: Doors): boolean {
  return [...dns, ...dot].some(({ handed }) => handed !== undefined);
}

function withoutHanded({ dns, dot }: Doors): Doors {
  const plain = ({ host, port }: Door): Door => ({ host, port });
  return { dns: dns.map(plain), dot: dot.map(plain) };
}

/** Of the sockets that are open already, those that one thread takes: each is taken once. */
function shareOf({ dns, dot }: Doors, place: number, size: number): Doors {
  const share = (fds: readonly number[]): number[] => fds.filter((_, i) => i % size === place);
  const own = ({ handed, ...door }: Door): Door =>
    handed === undefined
      ? door
      : { ...door, handed: { udp: share(handed.udp), tcp: share(handed.tcp) } };
  return { dns: dns.map(own), dot: dot.map(own) };
}

interface Roster {
  readonly hands: Set<Hand>;
  readonly start: Alike['start'];
  readonly stop: AbortSignal;
  readonly log: Log;
  /** Of those that have ended. */
  past: DnsCounts;
  replaced: number;
}

interface Post {
  readonly hand: Hand;
  readonly place: number;
  readonly doors: Doors;
}

/** Replaces whoever ends without being told to. */
async function attend(roster: Roster, { hand, place, doors }: Post, waitMs = firstPauseMs) {
  const begun = performance.now();
  const { stop, log } = roster;
  const reason = await hand.ended;
  roster.hands.delete(hand);
  roster.past = sumCounts([roster.past, { ...hand.counts(), connections: 0 }]);
  if (stop.aborted) return;
  roster.replaced++;
  log.error('worker.died', { worker: place, reason });
  const nextMs =
    performance.now() - begun > longLifeMs ? firstPauseMs : Math.min(waitMs * 2, lastPauseMs);
  await pause(waitMs, undefined, { signal: stop }).catch(() => undefined);
  if (stop.aborted) return;
  // Descriptors that it was handed went with it.
  const next = await roster.start(place, withoutHanded(doors));
  next.listening.then(
    () => log.info('worker.replaced', { worker: place }),
    () => undefined,
  );
  void attend(roster, { hand: next, place, doors }, nextMs);
}

const noCounts = createDnsCounts();

interface Alike {
  start(place: number, doors: Doors): Promise<Hand>;
  shown(): Promise<void>;
}

interface Sent {
  readonly state: State;
  readonly mark: Mark;
}

/** Parts that a thread may have before it from news that moves by itself: of some hundred regions. */
const partsAhead = 4;

/** Gives every hand each snapshot of the cell: prepared by all, then shown by all in the same moment. */
function keepAlike(
  { cell, clock, folder, secrets, recruits, size, log, onSteered }: CrewOptions,
  hands: Set<Hand>,
): Alike {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const connections = new Int32Array(new SharedArrayBuffer(4 * size));
  const clockStart = clock.now() - steadyNow();
  let sent = sentOf(cell);
  let isDue = false;
  const inTurn = openQueue();
  const askAll = (question: Question): Promise<unknown> =>
    Promise.all(Array.from(hands, (hand) => hand.ask(question)));
  const deliver = async (): Promise<void> => {
    isDue = false;
    const next = sentOf(cell);
    // What moves by itself is little, and goes ahead of its order without waiting; settings may be much.
    const isSmall = sent.state.ground === next.state.ground;
    let ahead = 0;
    for (const part of partsBetween(sent.state, next.state)) {
      const taken = askAll({ kind: 'part', part });
      if (!isSmall || ++ahead % partsAhead === 0) await taken;
    }
    sent = next;
    const number = Atomics.load(gate, 0) + 1;
    await askAll({ kind: 'prepare', number, mark: next.mark });
    Atomics.store(gate, 0, number);
  };
  cell.onSwap(() => {
    if (isDue) return;
    isDue = true;
    inTurn(deliver).catch((error: unknown) =>
      log.error('workers.behind', { reason: String(error) }),
    );
  });
  const onHeard = (batch: Batch): void => playAnswers(batch, onSteered);
  const start = (place: number, doors: Doors): Promise<Hand> =>
    inTurn(() => {
      const parts = [...partsBetween(undefined, sent.state)];
      // Those of whoever had the place before went with it.
      Atomics.store(connections, place, 0);
      const common = { folder, secrets, gate, connections, clockStart };
      const word: Start = { ...common, parts, mark: sent.mark, doors, place };
      const hand = startHand({ recruit: recruits.take(), start: word, log, onHeard });
      hands.add(hand);
      return hand;
    });
  return { start, shown: () => inTurn(() => undefined) };
}

/** One work after the other; at once where none is under way: whoever made a snapshot goes on to tell of it, which may take long. */
function openQueue(): <T>(work: () => T | Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (work) => {
    const done = waiting++ === 0 ? Promise.try(work) : tail.then(work);
    tail = done.then(
      () => void waiting--,
      () => void waiting--,
    );
    return await done;
  };
}

function sentOf({ ground, view }: SnapshotCell): Sent {
  const { epoch, builtAt, health, overrides, loads } = view.snapshot;
  return { state: { ground, motion: { health, overrides, loads } }, mark: { epoch, builtAt } };
}
