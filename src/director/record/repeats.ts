// Repeats: the first of a kind is told at once, and those that come after it are counted, a line a minute for all.

import type { Change } from '../../model/event.ts';
import { formatIp, maskIp, parseIp } from '../../model/ip.ts';
import type { RepeatedSource, RepeatsChange } from '../../model/refusal.ts';
import { type Millis, millis } from '../../model/time.ts';
import type { Clock } from '../../ports.ts';

/** What can come as often as somebody likes. */
export type Repeatable = Extract<
  Change,
  { readonly type: 'refusal' | 'notice' | 'safety' | 'reload' }
>;

export interface Repeats extends AsyncDisposable {
  note(change: Repeatable): void;
}

export interface RepeatsOptions {
  /** Told of those that are the first, and of how many came after them. */
  readonly tell: (change: Repeatable | RepeatsChange) => void;
  readonly clock: Clock;
}

export const repeatsEvery = millis(60_000);

/** Of sources at a time, of those that are told at once, of those in one line, and of their requests. */
export const most = { sources: 256, firsts: 60, named: 10, requests: 3 };

/** After so long, one more may be told at once: whoever has many addresses cannot fill a disk either. */
const firstEvery = 120_000;

interface Source extends Omit<RepeatedSource, 'requests'> {
  count: number;
  readonly requests: string[];
}

/** What is counted when it is disposed of is told then. */
export function countRepeats({ tell, clock }: RepeatsOptions): Repeats {
  const stop = new AbortController();
  const sources = new Map<string, Source>();
  const mayTell = bucket(clock);
  let others = 0;
  let since = clock.now();
  const sum = (): void => {
    const told = sumUp(sources, others, since, clock.now());
    since = clock.now();
    others = 0;
    if (told !== undefined) tell(told);
  };
  const passing = (async () => {
    while (!stop.signal.aborted) {
      await clock.sleep(repeatsEvery, stop.signal);
      sum();
    }
  })();
  return {
    note(change) {
      const source = sourceOf(change);
      const { count: _count, requests, ...same } = source;
      const key = JSON.stringify(same);
      const known = sources.get(key);
      if (known === undefined && sources.size >= most.sources) return void others++;
      if (known === undefined && mayTell()) {
        sources.set(key, { ...source, count: 0, requests: [] });
        tell(change);
        return undefined;
      }
      const held = known ?? source;
      if (known === undefined) sources.set(key, held);
      else held.requests.push(...requests);
      if (held.requests.length > most.requests) held.requests.shift();
      return void held.count++;
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await passing;
    },
  };
}

/** Undefined where nothing came again. Who has been silent for the time is forgotten. */
function sumUp(
  sources: Map<string, Source>,
  others: number,
  since: Millis,
  now: Millis,
): RepeatsChange | undefined {
  const rows: RepeatedSource[] = [];
  for (const [key, source] of sources) {
    if (source.count === 0) {
      sources.delete(key);
      continue;
    }
    rows.push({ ...source, requests: [...source.requests] });
    source.count = 0;
    source.requests.length = 0;
  }
  const count = rows.reduce((all, row) => all + row.count, others);
  if (count === 0) return undefined;
  const named = rows.sort((x, y) => y.count - x.count).slice(0, most.named);
  const rest = named.reduce((left, row) => left - row.count, count);
  const seconds = Math.round((now - since) / 100) / 10;
  return { type: 'repeats', seconds, count, sources: named, others: rest };
}

/** What makes two of them the same: no text that somebody could make up anew each time. */
function sourceOf(change: Repeatable): Source {
  const shared = { of: change.type, door: '', client: '', count: 0 };
  switch (change.type) {
    case 'refusal': {
      const { what, code, door, client, request } = change;
      return { ...shared, what, code, door, client: networkOf(client), requests: [request] };
    }
    case 'notice':
      return { ...shared, what: placeOf(change), code: change.level, requests: [] };
    case 'reload':
      return { ...shared, what: 'reload', code: change.state, requests: [] };
    default: {
      const { what = '', region = '', rules, client = '', request } = change;
      const code = rules.map(({ rule }) => rule).join(' ');
      const said = { what: `${what} ${region}`.trim(), code, door: change.door ?? '' };
      const requests = request === undefined ? [] : [request];
      return { ...shared, ...said, client: networkOf(client), requests };
    }
  }
}

/** Of several boards or threads, which. */
function placeOf({ what, facts }: Extract<Repeatable, { readonly type: 'notice' }>): string {
  const place = facts['board'] ?? facts['worker'] ?? facts['region'];
  return place === undefined ? what : `${what} ${place}`;
}

/** Whoever has one address of IPv6 has 2^64 of them. */
function networkOf(client: string): string {
  const ip = parseIp(client);
  if (ip === undefined || ip.family === 4) return client;
  return `${formatIp(maskIp(ip, 64))}/64`;
}

function bucket(clock: Pick<Clock, 'now'>): () => boolean {
  let [left, at] = [most.firsts, clock.now()];
  return () => {
    const earned = Math.floor((clock.now() - at) / firstEvery);
    at = millis(at + earned * firstEvery);
    left = Math.min(most.firsts, left + earned);
    return left > 0 && left-- > 0;
  };
}
