// Delivery of webhooks: events into queues, one for each hook, and from there to whoever wants them.

import type { DirectorEvent, Events } from '../../model/event.ts';
import { type Millis, millis } from '../../model/time.ts';
import type { WebhookCounts, WebhookSettings } from '../../model/webhook.ts';
import type { Clock, Log, PostHook, Random } from '../../ports.ts';
import { messageOf } from './message.ts';
import { HookQueue, type Queued } from './queue.ts';

export interface WebhookOptions {
  readonly director: { readonly id: string; readonly region: string };
  /** Asked at each use, so that a reload takes effect with the next message. */
  readonly hooks: () => readonly WebhookSettings[];
  readonly events: Pick<Events, 'subscribe'>;
  /** Directors that are heard now and whose votes count, in any order. */
  readonly heard: () => readonly string[];
  /** How long a director may be silent before it is missed. */
  readonly silence: () => Millis;
  readonly post: PostHook;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** By name; what is no longer configured stays as it was. */
  readonly counts: Map<string, WebhookCounts>;
}

/** How long what is due may still take when the director stops. */
const patience = millis(2000);

interface Lane {
  readonly name: string;
  readonly queue: HookQueue;
  readonly counts: WebhookCounts;
  /** Ends a pause early. */
  wake: AbortController;
  running: Promise<void>;
  isRunning: boolean;
  isFailing: boolean;
  isDropping: boolean;
}

/** Each hook has one message under way at a time, and waits for no other. */
export function startWebhooks(options: WebhookOptions): AsyncDisposable {
  const { director, events, clock, log } = options;
  const lanes = new Map<string, Lane>();
  const stop = new AbortController();
  const state = { isClosing: false };
  const laneOf = (name: string): Lane => {
    const lane = lanes.get(name) ?? openLane(name, options.counts);
    lanes.set(name, lane);
    return lane;
  };
  const run = (lane: Lane): void => {
    lane.wake.abort();
    if (lane.isRunning || stop.signal.aborted) return;
    lane.isRunning = true;
    lane.running = drain(lane, options, state, stop.signal).catch((error: unknown) => {
      // A mistake of ours in one lane must end neither the others nor the director.
      log.error('webhook.broken', { error: String(error) });
    });
  };
  const unsubscribe = events.subscribe((event) => {
    for (const hook of takers(event, options.hooks())) {
      const message = messageOf(event, director);
      if (message === undefined) return;
      const lane = laneOf(hook.name);
      const isLeft = hook.from === 'one' && message.isOfFleet && !isFirst(options);
      const wait = isLeft ? millis(options.silence() * 1.5) : undefined;
      if (lane.queue.put(message, clock.now(), wait)) tellDropped(lane, log);
      lane.counts.waiting = lane.queue.size;
      run(lane);
    }
  });
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      state.isClosing = true;
      for (const lane of lanes.values()) lane.wake.abort();
      const late = new AbortController();
      const done = Promise.all(Array.from(lanes.values(), ({ running }) => running));
      await Promise.race([done, clock.sleep(patience, late.signal)]);
      late.abort();
      stop.abort();
      await done;
    },
  };
}

function takers({ type }: DirectorEvent, hooks: readonly WebhookSettings[]): WebhookSettings[] {
  return hooks.filter(({ events }) => events.some((event) => event === type));
}

/** Of the directors that hear each other, the one whose id comes first speaks for all. */
function isFirst({ director, heard }: WebhookOptions): boolean {
  return heard().every((other) => other >= director.id);
}

function openLane(name: string, all: Map<string, WebhookCounts>): Lane {
  const counts = all.get(name) ?? { sent: 0, retried: 0, failed: 0, dropped: 0, waiting: 0 };
  all.set(name, counts);
  const wake = new AbortController();
  const queue = new HookQueue();
  const running = Promise.resolve();
  const is = { isRunning: false, isFailing: false, isDropping: false };
  return { name, queue, counts, wake, running, ...is };
}

/** Goes on until nothing is left; once the director stops, until nothing is due. */
async function drain(
  lane: Lane,
  options: WebhookOptions,
  state: { readonly isClosing: boolean },
  stop: AbortSignal,
): Promise<void> {
  const { clock } = options;
  try {
    for (let entry = lane.queue.next(); entry !== undefined; entry = lane.queue.next()) {
      if (stop.aborted) return;
      lane.wake = new AbortController();
      const pause = entry.dueAt - clock.now();
      if (pause > 0 && state.isClosing) return;
      if (pause > 0) await clock.sleep(millis(pause), AbortSignal.any([lane.wake.signal, stop]));
      else await deliver(entry, lane, options, stop);
      lane.counts.waiting = lane.queue.size;
    }
    lane.isDropping = false;
  } finally {
    // Before anybody else runs: what is put from now on needs another run.
    lane.isRunning = false;
  }
}

async function deliver(
  entry: Queued,
  lane: Lane,
  options: WebhookOptions,
  stop: AbortSignal,
): Promise<void> {
  const { post, clock, random } = options;
  const hook = options.hooks().find(({ name }) => name === lane.name);
  if (hook === undefined || (entry.isReserve && entry.tries === 0 && !isFirst(options))) {
    lane.queue.remove(entry);
    return;
  }
  const { id, body } = entry.message;
  const answer = await post(hook, { id, body }, stop);
  if (stop.aborted) return;
  if (answer.isTaken) {
    lane.queue.noteTaken(entry, clock.now());
    lane.counts.sent++;
    if (lane.isFailing) options.log.info('webhook.recovered', { hook: lane.name });
    lane.isFailing = false;
    return;
  }
  const after = { chance: random(), retryFor: hook.retryFor, asked: answer.retryAfter };
  const { isRefused } = answer;
  const isAgain = lane.queue.retry(entry, clock.now(), { ...after, isRefused });
  lane.counts[isAgain ? 'retried' : 'failed']++;
  tellFailure(lane, entry, { reason: answer.reason, isAgain }, options.log);
}

/** A line when it begins to fail, and one for each message that is given up. */
function tellFailure(
  lane: Lane,
  { message, tries }: Queued,
  { reason, isAgain }: { readonly reason: string; readonly isAgain: boolean },
  log: Log,
): void {
  const facts = { hook: lane.name, id: message.id, tries, reason };
  if (!isAgain) log.error('webhook.given-up', facts);
  else if (!lane.isFailing) log.warn('webhook.failing', facts);
  lane.isFailing = true;
}

/** One line until the queue has been empty again; the metric counts them all. */
function tellDropped(lane: Lane, log: Log): void {
  lane.counts.dropped++;
  if (!lane.isDropping) log.warn('webhook.dropped', { hook: lane.name });
  lane.isDropping = true;
}
