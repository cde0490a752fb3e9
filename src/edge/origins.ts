// Demo origins: a small HTTP server on loopback for each region, which can be failed and healed.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { FaultError } from '../model/fault.ts';
import { parseIp } from '../model/ip.ts';
import type { Region, RegionId } from '../model/region.ts';
import { createServer } from './node-http.ts';

export interface Origin {
  readonly region: RegionId;
  /** Where the origin answers; `/fail` and `/heal` under it take a POST. */
  readonly url: URL;
}

export interface Origins extends AsyncDisposable {
  readonly list: readonly Origin[];
}

/**
 * Starts an origin for each region with an HTTP probe that points at loopback, on the probe's own port
 * (0 takes any that is free). Throws a FaultError `listen.failed`, and leaves none running, when
 * one cannot listen: two regions cannot share an origin, or failing one would fail the other.
 */
export async function startOrigins(regions: Iterable<Region>): Promise<Origins> {
  await using starting = new AsyncDisposableStack();
  const list: Origin[] = [];
  for (const region of regions) {
    const url = originUrl(region);
    if (url === undefined) continue;
    const server = createServer(createHandler(region, url.pathname));
    const port = await listen(server, region, url);
    starting.defer(() => close(server));
    const base = new URL('/', url);
    base.port = String(port);
    list.push({ region: region.id, url: base });
  }
  const running = starting.move();
  return { list, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The URL of the first probe that is plain HTTP on this machine's loopback. */
function originUrl({ probes }: Region): URL | undefined {
  return probes?.list
    .flatMap((spec) => (spec.kind === 'http' ? [spec.url] : []))
    .find((url) => url.protocol === 'http:' && isLoopback(hostOf(url)));
}

/** The host without the brackets that a URL puts around an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replaceAll(/^\[|\]$/g, '');
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const ip = parseIp(host);
  if (ip === undefined) return false;
  return ip.family === 4 ? ip.a >>> 24 === 127 : ip.d === 1 && (ip.a | ip.b | ip.c) === 0;
}

function createHandler(
  region: Region,
  probePath: string,
): (request: IncomingMessage, response: ServerResponse) => void {
  let isFailed = false;
  return (request, response) => {
    const say = (status: number, text: string): void => {
      response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
    };
    const turn = (toFailed: boolean): void => {
      isFailed = toFailed;
      response.writeHead(204).end();
    };
    const path = request.url?.split('?')[0] ?? '';
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    if (method === 'GET' && path === probePath) {
      say(isFailed ? 503 : 200, isFailed ? 'failed\n' : 'ok\n');
    } else if (method === 'GET' && path === '/') say(200, `hello from ${region.title}\n`);
    else if (method === 'POST' && path === '/fail') turn(true);
    else if (method === 'POST' && path === '/heal') turn(false);
    else say(404, 'GET /, POST /fail or POST /heal\n');
  };
}

/** Resolves to the port that was taken. */
function listen(server: Server, region: Region, url: URL): Promise<number> {
  const port = url.port === '' ? 80 : Number(url.port);
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const message = `the origin of region ${region.id} cannot listen on port ${port} of ${url.hostname} (${error.message}); stop whatever holds the port or give the region's probe another`;
      reject(new FaultError({ code: 'listen.failed', message }, error));
    });
    server.listen({ host: hostOf(url), port }, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
