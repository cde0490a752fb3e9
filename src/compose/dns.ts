// The ways in for DNS: one socket for each transport and address.

import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { type Notify, startNotify } from '../director/transfer/notify.ts';
import { createRule } from '../director/rates.ts';
import { createRespond } from '../director/respond.ts';
import { type OnSteered, sampleQueries, tellAll } from '../director/sampled.ts';
import { keepKeys } from '../edge/cookie-keys.ts';
import { hmac } from '../edge/hmac.ts';
import { type Identity, openIdentity } from '../edge/identity.ts';
import { createNotices } from '../edge/notices.ts';
import { startTcp, type TcpServer } from '../edge/tcp.ts';
import { startUdp } from '../edge/udp.ts';
import { type Ip, isAmong } from '../model/ip.ts';
import type { Endpoint, Settings } from '../model/settings.ts';
import type { Parts } from './parts.ts';

/** Listens until the stack that builds is taken down; throws a FaultError where an address cannot be had. */
export async function listenDns(parts: Parts, onAnswer: OnSteered) {
  const { cell, clock, log, tallies, clients, building } = parts;
  const { settings } = cell.view.snapshot;
  const sampled = sampleQueries(settings.log.sampleQueries, Math.random, log);
  const respond = createRespond({
    cell,
    clock,
    counters: tallies.counters,
    log,
    cookieKeys: keepKeys(),
    hmac,
    rule: createRule(tallies.counters, randomInt(2 ** 32)),
    onAnswer: tellAll(tellAll(sampled, clients?.onAnswer), onAnswer),
  });
  // Asked at each use, so that a reload takes effect with the next connection.
  const isProxy = (address: Ip): boolean =>
    isAmong(address, cell.view.snapshot.settings.dns.proxies);
  const { proxyRefusals } = tallies;
  const behind = (transport: keyof typeof proxyRefusals) => ({
    isProxy,
    onRefused: (): void => void proxyRefusals[transport]++,
  });
  const identity = settings.tls && (await openOwn(settings.tls, parts));
  const dns: Endpoint[] = [];
  const streams: TcpServer[] = [];
  for (const listen of settings.listen.dns) {
    const onSendError = (): void => void tallies.sendErrors++;
    const limits = { idleMs: settings.dns.tcpIdle };
    const [udp, tcp] = await openPair(
      { listen, respond, onSendError, ...behind('udp') },
      { respond, limits, ...behind('tcp') },
    );
    building.use(udp);
    streams.push(building.use(tcp));
    dns.push(udp.address);
  }
  for (const listen of settings.listen.dot) {
    const limits = { idleMs: settings.dns.tcpIdle };
    streams.push(
      building.use(await startTcp({ listen, respond, limits, identity, ...behind('tls') })),
    );
  }
  const connections = (): number => streams.reduce((sum, tcp) => sum + tcp.connections(), 0);
  return { dns, connections, respond, identity };
}

/** A port that the system gave for UDP may be somebody else's over TCP; it then gives another. */
async function openPair(
  udpOptions: Parameters<typeof startUdp>[0],
  tcpOptions: Omit<Parameters<typeof startTcp>[0], 'listen'>,
): Promise<[Awaited<ReturnType<typeof startUdp>>, TcpServer]> {
  for (let tries = 1; ; tries++) {
    const udp = await startUdp(udpOptions);
    try {
      return [udp, await startTcp({ ...tcpOptions, listen: udp.address })];
    } catch (error) {
      await udp[Symbol.asyncDispose]();
      if (udpOptions.listen.port !== 0 || tries === mostTries) throw error;
    }
  }
}

const mostTries = 10;

/** Word to secondaries of other makes, from where this director answers. */
export function notifySecondaries({ cell, clock, log, tallies, building }: Parts): Notify {
  const { listen } = cell.view.snapshot.settings;
  return building.use(
    startNotify({
      send: createNotices(listen.dns),
      hmac,
      clock,
      random: Math.random,
      newId: () => randomInt(2 ** 16),
      log,
      counts: tallies.notices,
    }),
  );
}

async function openOwn(
  { certificate, key }: NonNullable<Settings['tls']>,
  { folder, clock, log, building }: Parts,
): Promise<Identity> {
  const paths = { certificate: resolve(folder, certificate), key: resolve(folder, key) };
  return building.use(await openIdentity({ ...paths, clock, log }));
}
