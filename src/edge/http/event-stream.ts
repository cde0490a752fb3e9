// Events as a stream for one reader (HTML Living Standard §9.2), who is written no faster than it reads.

import { Readable } from 'node:stream';
import {
  type DirectorEvent,
  type Events,
  type StreamNotice,
  withoutClient,
} from '../../model/event.ts';
import { millis } from '../../model/time.ts';
import type { Clock } from '../../ports.ts';

/** Proxies close what is silent for a minute, and only writing shows that a reader is gone. */
const beat = millis(10_000);

/** A reader that takes nothing for so long is cut off. */
const patience = 60_000;

/** Waits longer each time that it fails, where the reader is a browser. */
const head = 'retry: 2000\n\n';

export interface StreamOptions {
  readonly events: Events;
  /** Who tells them, and the epoch at the moment. */
  readonly about: () => Pick<StreamNotice, 'director' | 'epoch'>;
  readonly clock: Clock;
  /** The last event that the reader has; it is told every one after it. */
  readonly lastId: string | undefined;
  readonly onMissed: () => void;
  readonly onCut: () => void;
  readonly onEnd: () => void;
}

export interface EventStream {
  readonly stream: Readable;
  /** Ends it behind what is written. */
  end(): void;
}

/**
 * Nothing is kept for a reader but its place among the events that are remembered anyhow, and 16 KiB
 * that are on their way: who comes too late for some of them is told so, and is at the newest from then on.
 */
export function openEventStream(options: StreamOptions): EventStream {
  const { events, clock } = options;
  const over = new AbortController();
  let place = options.lastId ?? events.newest();
  let mayWrite = false;
  let lastTakenAt = clock.now();
  const write = (text: string): void => void (mayWrite = stream.push(text));
  const notify = (notice: Pick<StreamNotice, 'type' | 'reason'>): void => {
    place = events.newest();
    write(frame({ ...notice, ...options.about() }, place));
  };
  const follow = (): void => {
    if (!mayWrite || over.signal.aborted) return;
    const missed = events.since(place);
    if (missed === undefined) {
      options.onMissed();
      notify({ type: 'missed', reason: reasonFor(place, events.newest()) });
    }
    for (const event of missed ?? []) {
      if (!mayWrite) return;
      write(frame(withoutClient(event), (place = event.id)));
    }
  };
  const stream = new Readable({
    highWaterMark: 16_384,
    read() {
      mayWrite = true;
      lastTakenAt = clock.now();
      follow();
    },
    destroy(error, done) {
      over.abort();
      unsubscribe();
      options.onEnd();
      done(error);
    },
  });
  const unsubscribe = events.subscribe(follow);
  write(head);
  if (options.lastId === undefined) notify({ type: 'start', reason: null });
  const pulse = (): void => {
    if (mayWrite) return write(': still here\n\n');
    if (clock.now() - lastTakenAt <= patience) return;
    options.onCut();
    stream.destroy();
  };
  void keepBeating(pulse, clock, over.signal);
  over.signal.addEventListener('abort', () => void stream.push(null), { once: true });
  return { stream, end: () => over.abort() };
}

async function keepBeating(pulse: () => void, clock: Clock, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(beat, over);
    if (!over.aborted) pulse();
  }
}

/** JSON has no line breaks, so it is one line of data. */
function frame(event: DirectorEvent | StreamNotice, id: string): string {
  return `id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** Ids are a life and a number. */
function reasonFor(place: string, newest: string): 'other-life' | 'forgotten' {
  const life = newest.slice(0, newest.lastIndexOf('-') + 1);
  return place.startsWith(life) ? 'forgotten' : 'other-life';
}
