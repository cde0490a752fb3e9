// Servers on loopback for probes to ask, and one real probe of them.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createProbe } from '../../src/edge/probe.ts';
import type { Sample } from '../../src/model/health.ts';
import type { HttpProbe } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';

const never = new AbortController().signal;

/** A GET that wants 200 in time enough for a slow machine, unless told otherwise. */
export function httpProbe(url: string, extra: Partial<HttpProbe> = {}): HttpProbe {
  return {
    kind: 'http',
    url: new URL(url),
    method: 'GET',
    headers: {},
    statuses: [200],
    answerHeaders: [],
    contains: undefined,
    matches: undefined,
    verify: true,
    timeout: millis(20_000),
    ...extra,
  };
}

/** Makes one real probe. */
export function run(url: string, extra: Partial<HttpProbe> = {}, signal = never): Promise<Sample> {
  return createProbe()(httpProbe(url, extra), signal);
}

/** A server on a free port of loopback, and every socket it has taken. */
export interface Running extends AsyncDisposable {
  readonly port: number;
  readonly sockets: readonly Socket[];
}

/** Listens, and keeps every socket; disposing closes all. */
export async function start(server: Server): Promise<Running> {
  const sockets: Socket[] = [];
  server.on('connection', (socket) => {
    // A probe that has heard enough resets the connection; that is no error here.
    socket.on('error', () => {});
    sockets.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, sockets, [Symbol.asyncDispose]: close };
}

export function web(handler: RequestListener): Promise<Running> {
  return start(createServer(handler));
}

/** Resolves once the socket is closed, by a reset too. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => {
    if (socket.closed) resolve(undefined);
    else socket.on('close', resolve);
  });
}

/** Resolves once every socket the server took has been closed by the probe. */
export async function hungUp(server: Running): Promise<void> {
  if (server.sockets.length === 0) throw new Error('nobody had connected');
  for (const socket of server.sockets) await closed(socket);
}
