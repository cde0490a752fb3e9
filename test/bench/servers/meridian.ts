// Meridian as `meridian serve` runs it: the shipped configuration, with probes of origins that are there.

import { createServer } from 'node:http';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Kind, type Running, type Stage, startProgram } from './program.ts';

export const root = join(import.meta.dirname, '../../..');

export interface Director extends Running {
  /** Where its HTTP API is. */
  readonly http: string;
}

/** With so many threads that answer. */
export function meridian(workers: 1 | 'auto'): Kind {
  const name = workers === 1 ? 'Meridian' : 'Meridian, `workers: auto`';
  return {
    name,
    needs: [],
    isWide: workers === 'auto',
    given:
      workers === 1
        ? "`meridian serve` with the repository's `meridian.yaml` and `regions/`, GeoIP as geoip-lite has it, `workers: 1`; every region is probed, clients are counted, cookies, rate limit and audit log are on"
        : 'the same with one thread for each processor, neither pinned to one; the load then takes its share of the same processors',
    start: (_world, stage) => startDirector(name, stage, workers),
  };
}

/** Rejects where it does not start; resolves when every region has been found up. */
export async function startDirector(
  name: string,
  stage: Stage,
  workers: 1 | 'auto',
  board?: string,
): Promise<Director> {
  await using parts = new AsyncDisposableStack();
  const origins = parts.use(await startOrigins());
  const config = writeConfig(stage, origins.port, workers);
  const [port, doh, api] = stage.ports;
  const running = parts.use(
    await startProgram(
      {
        name,
        words: [process.execPath, join(root, 'src/meridian.js'), 'serve', '--config', config],
        port,
        doh,
        env: {
          MERIDIAN_DNS: `127.0.0.1:${port}`,
          MERIDIAN_HTTP: `127.0.0.1:${api}`,
          ...(board === undefined
            ? {}
            : { MERIDIAN_REDIS: board, MERIDIAN_SECRETS: 'a secret for measuring only' }),
        },
      },
      stage,
    ),
  );
  const http = `http://127.0.0.1:${api}`;
  await allUp(http);
  const owned = parts.move();
  return { ...running, http, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The shipped configuration, in the stage's folder; gives the path of its main file. */
function writeConfig(
  { folder, ports, certificate, key }: Stage,
  origin: number,
  workers: 1 | 'auto',
): string {
  const main = readFileSync(join(root, 'meridian.yaml'), 'utf8')
    .replace(
      /^listen:$/m,
      `http: { requestsPerSecond: 1000000 }
tls: { certificate: ${certificate}, key: ${key} }
listen:
  doh: ["127.0.0.1:${ports[1]}"]`,
    )
    .replace(/^health:$/m, 'health:\n  observers: [eu-west]')
    .replace(/^dns:$/m, `dns:\n  workers: ${workers}`);
  mkdirSync(join(folder, 'regions'));
  for (const file of readdirSync(join(root, 'regions'))) {
    const region = readFileSync(join(root, 'regions', file), 'utf8');
    const probed = region.replaceAll(/127\.0\.0\.1:\d+/g, `127.0.0.1:${origin}`);
    writeFileSync(join(folder, 'regions', file), probed);
  }
  const path = join(folder, 'meridian.yaml');
  writeFileSync(path, main);
  return path;
}

/** One server that says of every region that it is well. */
async function startOrigins(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const patienceMs = 60_000;

async function allUp(http: string): Promise<void> {
  const start = performance.now();
  for (;;) {
    const reply = await fetch(`${http}/v1/health`).catch(() => undefined);
    const { regions = [] } = ((await reply?.json()) ?? {}) as {
      readonly regions?: readonly { readonly verdict: string }[];
    };
    if (regions.length > 0 && regions.every(({ verdict }) => verdict === 'up')) return;
    if (performance.now() - start > patienceMs) throw new Error('the regions were not found up');
    await sleep(200);
  }
}
