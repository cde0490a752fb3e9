// A thread that answers DNS: listens for itself, follows the main thread's snapshot, and tells what it counts.

import { once } from 'node:events';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { createDnsCounts } from '../../director/counters.ts';
import { type Follower, follow } from '../../director/workers/follow.ts';
import { type Batch, packAnswers } from '../../director/workers/heard.ts';
import { createClock, steadyNow } from '../../edge/clock.ts';
import { FaultError } from '../../model/fault.ts';
import type { Log, LogFields } from '../../ports.ts';
import { type Ears, type Listening, listenDns, openOwn, openRespond } from '../dns.ts';
import type { FromWorker, Level, Start, ToWorker } from './words.ts';

/** How often it tells what it counted, and whom it answered where that is of interest. */
const tellEveryMs = 250;

/** Batches that were not played yet; more are given up rather than kept. */
const mostUnplayed = 16;

type Say = (word: FromWorker, transfer?: readonly ArrayBuffer[]) => void;

async function run(port: MessagePort, start: Start): Promise<void> {
  const say: Say = (word, transfer = []) => port.postMessage(word, transfer);
  await using building = new AsyncDisposableStack();
  const follower = follow(() => Atomics.load(start.gate, 0));
  for (const part of start.parts) follower.take(part);
  for (const _slice of follower.prepare(0, start.mark));
  const { cell } = follower;
  const clock = createClock(() => start.clockStart + steadyNow());
  const log = logTo(say);
  const counts = createDnsCounts();
  const telling = openTelling(say, cell, clock.now);
  const ears = { cell, counts, clock, log, secrets: start.secrets, onAnswer: telling.onAnswer };
  try {
    const listening = await listen(start, ears, building);
    const tell = (): void => {
      counts.connections = listening.connections();
      say({ kind: 'counts', counts });
      telling.tell();
    };
    const timer = setInterval(tell, tellEveryMs);
    building.defer(tell);
    building.defer(() => clearInterval(timer));
    const stopped = obey(port, say, { follower, tell, onPlayed: telling.onPlayed });
    say({ kind: 'listening', doors: listening.doors });
    await stopped;
    await building.disposeAsync();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    say({ kind: 'refused', fault: error.fault });
  }
  port.close();
}

async function listen(
  { doors, folder, place, connections }: Start,
  ears: Ears,
  building: AsyncDisposableStack,
): Promise<Listening> {
  const { tls } = ears.cell.view.snapshot.settings;
  const identity =
    tls === undefined || doors.dot.length === 0
      ? undefined
      : building.use(await openOwn(tls, folder, ears.clock, place === 0 ? ears.log : silent));
  const occupancy = { counts: connections, place };
  const options = { doors, isShared: true, occupancy, identity, building };
  return listenDns(ears, openRespond(ears), options);
}

/** Batches of steered answers, for as long as anybody counts clients or a drill may be under way. */
function openTelling(say: Say, cell: Follower['cell'], now: Ears['clock']['now']) {
  let unplayed = 0;
  const send = (batch: Batch): void => {
    if (unplayed === mostUnplayed) return;
    unplayed++;
    say({ kind: 'heard', batch }, [batch.numbers.buffer]);
  };
  const isWanted = (): boolean => {
    const { settings, overrides } = cell.view.snapshot;
    return settings.clients.isCollected || overrides.size > 0;
  };
  const packer = packAnswers(now, isWanted, send);
  return {
    onAnswer: packer.onAnswer,
    onPlayed: (): void => void unplayed--,
    tell(): void {
      const batch = packer.take();
      if (batch !== undefined) send(batch);
    },
  };
}

interface Orders {
  readonly follower: Follower;
  readonly tell: () => void;
  readonly onPlayed: () => void;
}

/** Settles when it is told to stop. */
function obey(port: MessagePort, say: Say, { follower, tell, onPlayed }: Orders): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const take = takeInTurn(follower);
  port.on('message', (word: ToWorker) => {
    if (word.kind === 'stop') return resolve();
    if (word.kind === 'played') return onPlayed();
    const done = (): void => say({ kind: 'done', id: word.id });
    if (word.kind !== 'count') return take(word, done);
    tell();
    done();
  });
  return promise;
}

type News = Extract<ToWorker, { kind: 'part' | 'prepare' }>;

/** Takes news at once, but for what comes while a view is prepared, in slices between which questions are answered. */
function takeInTurn(follower: Follower): (word: News, done: () => void) => void {
  const waiting: (readonly [News, () => void])[] = [];
  let isBusy = false;
  const goOn = (slices: Generator<void, void>, done: () => void): void => {
    if (slices.next().done !== true) {
      setImmediate(goOn, slices, done);
      return;
    }
    isBusy = false;
    done();
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      take(...next);
      if (isBusy) return;
    }
  };
  const take = (word: News, done: () => void): void => {
    if (isBusy) return void waiting.push([word, done]);
    if (word.kind === 'prepare') {
      isBusy = true;
      return goOn(follower.prepare(word.number, word.mark), done);
    }
    follower.take(word.part);
    done();
  };
  return take;
}

function logTo(say: Say): Log {
  const at =
    (level: Level) =>
    (event: string, fields?: LogFields): void =>
      say({ kind: 'log', level, event, fields });
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

if (parentPort !== null) {
  const [start] = (await once(workerData as MessagePort, 'message')) as [Start];
  await run(parentPort, start);
}
