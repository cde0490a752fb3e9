// A process that carries IP packets between namespaces, each of which sends it as a UDP datagram.

import { createSocket, type Socket } from 'node:dgram';
import { type LinkChange, Links, type Service, services, type Site, siteNames } from './link.ts';

/** Sent by the test; `undefined` mends all. */
export interface WireOrder {
  readonly change: LinkChange | undefined;
}

export const wirePort = 7000;

/** The site's address for its neighbours. 198.18.0.0/15 is set aside for tests (RFC 2544 §C.2.2). */
export const addressAt = (site: Site): string => `198.18.0.${siteNames.indexOf(site) + 1}`;

/** The two ends of the cable from the wire to a site: below what the site's programs see. */
export const cableOf = (site: Site): { readonly wire: string; readonly site: string } => {
  const net = `198.19.${siteNames.indexOf(site) + 1}`;
  return { wire: `${net}.1`, site: `${net}.2` };
};

if (import.meta.main) await carry();

async function carry(): Promise<void> {
  const links = new Links();
  const sockets = new Map<Site, Socket>();
  for (const site of siteNames) {
    const socket = createSocket('udp4');
    sockets.set(site, socket);
    socket.on('message', (packet) => {
      const to = destinationOf(packet);
      if (to === undefined) return;
      const { isLost, waitMs } = links.pass(site, to, serviceOf(packet), packet.length);
      if (isLost) return;
      const send = (): void =>
        sockets.get(to)?.send(packet, wirePort, cableOf(to).site, () => undefined);
      if (waitMs < 1) send();
      else setTimeout(send, waitMs);
    });
    // A site that has gone refuses what is sent there.
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.bind(wirePort, cableOf(site).wire, resolve));
  }
  process.on('message', ({ change }: WireOrder) => {
    if (change === undefined) links.mendAll();
    else links.change(change);
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');
}

/** Undefined for what is no IPv4 packet to a site (RFC 791 §3.1). */
function destinationOf(packet: Buffer): Site | undefined {
  if (packet.length < 20 || (packet[0] ?? 0) >> 4 !== 4) return undefined;
  const address = [...packet.subarray(16, 20)].join('.');
  return siteNames.find((site) => addressAt(site) === address);
}

/** By the port of either side, which stands first in TCP and UDP alike. */
function serviceOf(packet: Buffer): Service | undefined {
  const start = ((packet[0] ?? 0) & 15) * 4;
  if (packet.length < start + 4) return undefined;
  const ports = [packet.readUInt16BE(start), packet.readUInt16BE(start + 2)];
  const names = Object.keys(services) as Service[];
  return names.find((name) => ports.includes(services[name]));
}
