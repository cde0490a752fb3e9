// The ways in for DNS: one socket for each transport and address, in whichever thread answers there.

import { resolve } from 'node:path';
import type { DnsCounts } from '../director/counters.ts';
import { createRule } from '../director/rates.ts';
import { createRespond } from '../director/respond.ts';
import { type OnAnswer, sampleQueries, tellAll } from '../director/sampled.ts';
import type { View } from '../director/snapshot.ts';
import { keepKeys } from '../edge/cookie-keys.ts';
import { hmac } from '../edge/hmac.ts';
import { type Identity, openIdentity } from '../edge/identity.ts';
import { type Occupancy, startTcp, type TcpServer } from '../edge/tcp.ts';
import { startUdp } from '../edge/udp.ts';
import { type Ip, isAmong } from '../model/ip.ts';
import type { Endpoint, Settings } from '../model/settings.ts';
import type { Clock, Log, Respond } from '../ports.ts';

/** What answering needs, in any thread. */
export interface Ears {
  readonly cell: { readonly view: View };
  readonly counts: DnsCounts;
  readonly clock: Clock;
  readonly log: Log;
  readonly secrets: Secrets;
  readonly onAnswer: OnAnswer | undefined;
}

/** What all threads of a director have in common, so that it makes no difference which of them answers. */
export interface Secrets {
  /** For cookies, where nothing is configured. */
  readonly cookieKey: Uint8Array;
  /** Of the guard of rates. */
  readonly seed: number;
  /** Answers that networks were sent of late. */
  readonly rates: SharedArrayBuffer;
}

export function openRespond({ cell, counts, clock, log, secrets, onAnswer }: Ears): Respond {
  const { counters } = counts;
  const { sampleQueries: share } = cell.view.snapshot.settings.log;
  return createRespond({
    cell,
    clock,
    counters,
    log,
    cookieKeys: keepKeys(secrets.cookieKey),
    hmac,
    rule: createRule(counters, secrets.seed, secrets.rates),
    onAnswer: tellAll(sampleQueries(share, Math.random, log), onAnswer),
  });
}

/** Where a thread listens for DNS; ports are the real ones once it does. */
export interface Doors {
  /** UDP and TCP. */
  readonly dns: readonly Door[];
  /** DNS over TLS (RFC 7858). */
  readonly dot: readonly Door[];
}

/** With the descriptors of sockets that are bound there already; left out where there are none yet. */
export interface Door extends Endpoint {
  readonly handed?: { readonly udp: readonly number[]; readonly tcp: readonly number[] };
}

export interface ListenOptions {
  readonly doors: Doors;
  /** True where other threads listen there too. */
  readonly isShared: boolean;
  /** Left out by the only one. */
  readonly occupancy?: Occupancy;
  /** For `dot`. */
  readonly identity: Identity | undefined;
  readonly building: AsyncDisposableStack;
}

export interface Listening {
  readonly doors: Doors;
  connections(): number;
}

/** Listens until the stack that builds is taken down; throws a FaultError where an address cannot be had. */
export async function listenDns(
  { cell, counts }: Pick<Ears, 'cell' | 'counts'>,
  respond: Respond,
  { doors, isShared, occupancy, identity, building }: ListenOptions,
): Promise<Listening> {
  // Asked at each use, so that a reload takes effect with the next connection.
  const isProxy = (address: Ip): boolean =>
    isAmong(address, cell.view.snapshot.settings.dns.proxies);
  const behind = (transport: keyof DnsCounts['proxyRefusals']) => ({
    isProxy,
    onRefused: (): void => void counts.proxyRefusals[transport]++,
    isShared,
  });
  const limits = { idleMs: cell.view.snapshot.settings.dns.tcpIdle };
  const onSendError = (replies: number): void => void (counts.sendErrors += replies);
  const streams: TcpServer[] = [];
  const dns: Endpoint[] = [];
  const dot: Endpoint[] = [];
  for (const { handed, ...listen } of doors.dns) {
    const udpOptions = { listen, respond, onSendError, ...behind('udp') };
    const tcpOptions = { listen, respond, limits, occupancy, ...behind('tcp') };
    const { udp, tcp } =
      handed === undefined
        ? await openPair(udpOptions, tcpOptions)
        : await takePair(udpOptions, tcpOptions, handed);
    for (const socket of [...udp, ...tcp]) building.use(socket);
    streams.push(...tcp);
    dns.push((udp[0] ?? tcp[0])?.address ?? listen);
  }
  for (const { handed, ...listen } of doors.dot) {
    const options = { listen, respond, limits, occupancy, identity, ...behind('tls') };
    for (const fd of handed?.tcp ?? [undefined]) {
      const tls = building.use(await startTcp({ ...options, fd }));
      streams.push(tls);
      dot.push(tls.address);
    }
  }
  const connections = (): number => streams.reduce((sum, tcp) => sum + tcp.connections(), 0);
  return { doors: { dns, dot }, connections };
}

type UdpOptions = Parameters<typeof startUdp>[0];
type TcpOptions = Parameters<typeof startTcp>[0];

interface Opened {
  readonly udp: readonly Awaited<ReturnType<typeof startUdp>>[];
  readonly tcp: readonly TcpServer[];
}

async function takePair(
  udp: UdpOptions,
  tcp: TcpOptions,
  handed: NonNullable<Door['handed']>,
): Promise<Opened> {
  return {
    udp: await Promise.all(handed.udp.map((fd) => startUdp({ ...udp, fd }))),
    tcp: await Promise.all(handed.tcp.map((fd) => startTcp({ ...tcp, fd }))),
  };
}

/** A port that the system gave for UDP may be somebody else's over TCP; it then gives another. */
async function openPair(udpOptions: UdpOptions, tcpOptions: TcpOptions): Promise<Opened> {
  for (let tries = 1; ; tries++) {
    const udp = await startUdp(udpOptions);
    try {
      const tcp = await startTcp({ ...tcpOptions, listen: udp.address });
      return { udp: [udp], tcp: [tcp] };
    } catch (error) {
      await udp[Symbol.asyncDispose]();
      if (udpOptions.listen.port !== 0 || tries === mostTries) throw error;
    }
  }
}

const mostTries = 10;

/** The server's own certificate; its paths are relative to the folder. */
export async function openOwn(
  { certificate, key }: NonNullable<Settings['tls']>,
  folder: string,
  clock: Clock,
  log: Log,
): Promise<Identity> {
  const paths = { certificate: resolve(folder, certificate), key: resolve(folder, key) };
  return openIdentity({ ...paths, clock, log });
}
