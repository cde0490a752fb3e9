// A director's events as a command follows them: one connection after another, for as long as it is wanted.

import { setTimeout as sleep } from 'node:timers/promises';
import type { DirectorEvent, StreamNotice } from '../model/event.ts';
import { type Fault, FaultError } from '../model/fault.ts';
import { ask } from './client.ts';
import type { Io, Options } from './command.ts';

/** `lost`: there is no connection for now, and the next try comes after so long. */
export type Followed =
  | { readonly type: 'lost'; readonly fault: Fault; readonly againMs: number }
  | StreamNotice
  | DirectorEvent;

/** Between tries: twice as long each time, and a little by chance, so that not all come back at once. */
const waits = { first: 500, longest: 10_000 };

/** A director shows every ten seconds that it is there. */
const silenceMs = 30_000;

/** No event comes near; what does is no stream of events. */
const longestLine = 1 << 20;

/** Ends when the signal aborts. Throws a FaultError for what trying again does not mend. */
export async function* followEvents(
  options: Options,
  io: Pick<Io, 'env' | 'signal'>,
): AsyncGenerator<Followed> {
  const place: { id: string | undefined } = { id: undefined };
  let wait = waits.first;
  while (!io.signal.aborted) {
    try {
      for await (const event of readOnce(options, io, place)) {
        wait = waits.first;
        yield event;
      }
      throw new FaultError({
        code: 'director.unreachable',
        message: 'the director closed the stream',
      });
    } catch (error) {
      if (io.signal.aborted) return;
      const fault = faultOf(error);
      if (isFinal(fault)) throw new FaultError(fault, error);
      const againMs = Math.round(wait * (0.75 + Math.random() / 2));
      yield { type: 'lost', fault, againMs };
      await sleep(againMs, undefined, { signal: io.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, waits.longest);
    }
  }
}

async function* readOnce(
  options: Options,
  { env, signal }: Pick<Io, 'env' | 'signal'>,
  place: { id: string | undefined },
): AsyncGenerator<StreamNotice | DirectorEvent> {
  const silent = new AbortController();
  const timer = setTimeout(() => silent.abort(), silenceMs);
  try {
    const headers = {
      accept: 'text/event-stream',
      ...(place.id === undefined ? {} : { 'last-event-id': place.id }),
    };
    const either = AbortSignal.any([signal, silent.signal]);
    const response = await ask('/v1/events', options, env, { headers, signal: either });
    let id: string | undefined;
    for await (const line of linesOf(response)) {
      timer.refresh();
      if (line.startsWith('id: ')) id = line.slice(4);
      if (!line.startsWith('data: ')) continue;
      const event = JSON.parse(line.slice(6)) as StreamNotice | DirectorEvent;
      place.id = id;
      yield event;
    }
  } finally {
    clearTimeout(timer);
    silent.abort();
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new Error('this is no stream of events');
    yield* lines;
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof FaultError) return error.fault;
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'director.unreachable', message: `the connection was lost: ${reason}` };
}

/** A director that is not there, or has no room, may be or have it soon. */
function isFinal({ code }: Fault): boolean {
  return ![
    'director.unreachable',
    'director.internal',
    'request.no-room',
    'request.too-many',
  ].includes(code);
}
