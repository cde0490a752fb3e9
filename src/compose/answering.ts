// Answering DNS: in threads of its own, or, where the configuration wants none, in the main one.

import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { guardSize } from '../authority/guard.ts';
import { createDnsCounts, type DnsCounts } from '../director/counters.ts';
import type { WorkersReading } from '../director/readings.ts';
import type { OnSteered } from '../director/sampled.ts';
import { sumCounts } from '../director/workers/sum.ts';
import { newKey } from '../edge/cookie-keys.ts';
import type { Identity } from '../edge/identity.ts';
import { type OpenSocket, socketsAt } from '../edge/sockets.ts';
import { startTcp } from '../edge/tcp.ts';
import { startUdp } from '../edge/udp.ts';
import type { Endpoint, Settings } from '../model/settings.ts';
import type { Respond } from '../ports.ts';
import { type Door, type Doors, listenDns, openOwn, openRespond } from './dns.ts';
import type { Parts } from './parts.ts';
import { openCrew } from './workers/crew.ts';

export interface Answering {
  readonly doors: Doors;
  /** For DNS over HTTPS, which the main thread serves. */
  readonly respond: Respond;
  readonly identity: Identity | undefined;
  /** Settles when DNS answers by the snapshot that is in force now. */
  shown(): Promise<void>;
  counts(): DnsCounts;
  /** Brings the counts up to date. */
  refresh(): Promise<void>;
  workers(): WorkersReading;
}

/** Listens until the stack that builds is taken down; throws a FaultError where an address cannot be had. */
export async function openAnswering(parts: Parts, onSteered: OnSteered): Promise<Answering> {
  const { cell, folder, clock, log, handed, building } = parts;
  const { settings } = cell.view.snapshot;
  const rates = new SharedArrayBuffer(guardSize);
  const secrets = { cookieKey: newKey(), seed: randomInt(2 ** 32), rates };
  const own = createDnsCounts();
  const { dns, dot, doh } = settings.listen;
  const doors = { dns: withHanded(dns, handed), dot: withHanded(dot, handed) };
  const size = threadsOf(settings);
  // Those that answer in threads of their own are heard from there.
  const ears = { cell, counts: own, clock, log, secrets, onAnswer: onSteered };
  const respond = openRespond(ears);
  const { tls } = settings;
  const isOwnDot = size === 0 && dot.length > 0;
  const identity =
    tls !== undefined && (isOwnDot || doh.length > 0)
      ? building.use(await openOwn(tls, folder, clock, log))
      : undefined;
  if (size === 0) {
    const listening = await listenDns(ears, respond, {
      doors,
      isShared: false,
      identity,
      building,
    });
    return {
      doors: listening.doors,
      respond,
      identity,
      counts: () => ({ ...own, connections: listening.connections() }),
      shown: () => Promise.resolve(),
      refresh: () => Promise.resolve(),
      workers: () => ({ running: 0, replaced: 0 }),
    };
  }
  if (handed.length === 0) await claim(doors);
  const crew = building.use(await openCrew({ ...parts, secrets, size, doors, onSteered }));
  return {
    doors: crew.doors,
    respond,
    identity,
    counts: () => sumCounts([own, crew.counts()]),
    shown: crew.shown,
    refresh: crew.refresh,
    workers: crew.workers,
  };
}

/** How many threads answer; with none the main one does. */
export function threadsOf({ dns: { workers } }: Settings): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/** Every address with what the process before has left open there. */
function withHanded(endpoints: readonly Endpoint[], handed: readonly OpenSocket[]): Door[] {
  return endpoints.map((endpoint) => {
    const udp = socketsAt(handed, 'udp', endpoint);
    const tcp = socketsAt(handed, 'tcp', endpoint);
    return udp.length + tcp.length === 0 ? endpoint : { ...endpoint, handed: { udp, tcp } };
  });
}

/** Sockets that share an address never find it taken: so it is first had alone, for a moment. */
async function claim({ dns, dot }: Doors): Promise<void> {
  await using claimed = new AsyncDisposableStack();
  const respond = (): undefined => undefined;
  const onSendError = (): void => undefined;
  for (const listen of dns.filter(({ port }) => port !== 0)) {
    claimed.use(await startUdp({ listen, respond, onSendError }));
  }
  for (const listen of [...dns, ...dot].filter(({ port }) => port !== 0)) {
    claimed.use(await startTcp({ listen, respond, limits: { idleMs: 1 } }));
  }
}
