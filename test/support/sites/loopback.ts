// Sites on one loopback, where no namespaces can be made: a proxy for each way stands for the wire.

import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Links, type Service, services, type Site, siteNames } from './link.ts';
import type { Disk, Endpoint, Network } from './network.ts';

/** One way: who asks, who serves. */
interface Way {
  readonly from: Site;
  readonly to: Site;
  readonly service: Service;
}

const host = '127.0.0.1';

/** TCP makes up for a packet that was lost, after so long at the least (RFC 6298 §2.4 in practice). */
const retransmitMs = 200;

/** Programs at a site tell their site by the ports that they are told to reach, so those differ. */
export async function openLoopback(reason: string): Promise<Network> {
  const links = new Links();
  await using building = new AsyncDisposableStack();
  // All of 127.0.0.0/8 is this machine's, so each run has addresses that nobody else listens at.
  const net = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const listen = (site: Site, service: Service): Endpoint => ({
    host: `${net}.${siteNames.indexOf(site) + 1}`,
    port: services[service],
  });
  const ways = new Map<string, Promise<Endpoint>>();
  const owned = building.move();
  return {
    kind: `loopback with proxies (${reason})`,
    prefix: () => [],
    listen,
    own: listen,
    reach: (from, to, service) => {
      const far = listen(to, service);
      if (from === to) return Promise.resolve(far);
      const key = `${from} ${to} ${service}`;
      const open = service === 'dns' ? carryDatagrams : carryStreams;
      const near = ways.get(key) ?? open({ from, to, service }, far, links, owned);
      ways.set(key, near);
      return near;
    },
    change: (change) => links.change(change),
    mendAll: () => links.mendAll(),
    disk: (_site, folder) => breakableFolder(folder),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function carryStreams(
  { from, to, service }: Way,
  far: Endpoint,
  links: Links,
  owner: AsyncDisposableStack,
): Promise<Endpoint> {
  const sockets = new Set<Socket>();
  const arrival = async (sender: Site, receiver: Site, bytes: number): Promise<void> => {
    for (;;) {
      const { isCut, isLost, waitMs } = links.pass(sender, receiver, service, bytes);
      await sleep(waitMs);
      if (!isLost) return;
      // TCP sends again what was lost, also when the wire was cut and is whole again.
      await sleep(isCut ? 5 * retransmitMs : retransmitMs);
    }
  };
  const join = (socket: Socket, other: Socket, sender: Site, receiver: Site): void => {
    sockets.add(socket);
    // A packet that comes late holds up all behind it.
    let last = Promise.resolve();
    const inOrder = (bytes: number, act: () => void): void => {
      const due = arrival(sender, receiver, bytes);
      last = last.then(() => due).then(act);
    };
    socket.on('data', (bytes) => inOrder(bytes.length, () => void other.write(bytes)));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      inOrder(0, () => other.destroy());
    });
  };
  const server = createServer((near) => {
    const away = connect(far);
    join(near, away, from, to);
    join(away, near, to, from);
  });
  server.listen(0, host);
  await once(server, 'listening');
  owner.defer(async () => {
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    await once(server, 'close');
  });
  return { host, port: (server.address() as AddressInfo).port };
}

async function carryDatagrams(
  { from, to, service }: Way,
  far: Endpoint,
  links: Links,
  owner: AsyncDisposableStack,
): Promise<Endpoint> {
  const near = createSocket('udp4');
  const away = createSocket('udp4');
  let asker: AddressInfo | undefined;
  const pass = (bytes: Buffer, sender: Site, receiver: Site, send: () => void): void => {
    const { isLost, waitMs } = links.pass(sender, receiver, service, bytes.length);
    if (!isLost) setTimeout(send, waitMs);
  };
  near.on('message', (bytes, peer) => {
    asker = peer as unknown as AddressInfo;
    pass(bytes, from, to, () => away.send(bytes, far.port, far.host, () => undefined));
  });
  away.on('message', (bytes) => {
    pass(bytes, to, from, () => near.send(bytes, asker?.port, asker?.address, () => undefined));
  });
  for (const socket of [near, away]) {
    socket.on('error', () => undefined);
    socket.bind(0, host);
    await once(socket, 'listening');
    owner.defer(() => new Promise((resolve) => void socket.close(() => resolve())));
  }
  return { host, port: near.address().port };
}

/** In place of a full disk: a file where the folder was, so that nothing can be written into it. */
function breakableFolder(folder: string): Disk {
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    fill: () => {
      renameSync(folder, `${folder}.away`);
      writeFileSync(folder, '');
    },
    free: () => {
      rmSync(folder);
      renameSync(`${folder}.away`, folder);
    },
  };
}
