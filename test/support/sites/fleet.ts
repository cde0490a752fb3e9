// Three regions at three sites, each with a director, a Redis and an origin; a client at a fourth.

import type { HealthReport, OverrideReport } from '../../../src/model/report.ts';
import {
  type ConfigFolder,
  createConfigFolder,
  type DirectorProcess,
  startDirectorProcess,
} from '../director-process.ts';
import { addressOf, type FleetRegion, fleetRegions, regionText } from '../fleet-process.ts';
import { startRedisAt, type TestRedis } from '../redis.ts';
import { type Agent, startAgent } from './agent.ts';
import type { Service } from './link.ts';
import type { Disk, Endpoint, Network } from './network.ts';
import { type OriginProcess, startOrigin } from './origin.ts';

/** Two clients, by the region that is nearest to each. */
export const clients = { eu: '141.20.0.0/24', us: '128.112.0.0/24' } as const;

export interface Post {
  director: DirectorProcess;
  readonly redis: TestRedis;
  readonly origin: OriginProcess;
  /** Asks this director as long as the fleet lives. */
  readonly agent: Agent;
  readonly disk: Disk;
  readonly folder: ConfigFolder;
}

export interface SiteFleet extends AsyncDisposable {
  readonly posts: ReadonlyMap<FleetRegion, Post>;
  /** A resolver at the client's site: asks each director in turn, and the next when one is silent. */
  readonly resolver: Agent;
  /** After its director was killed. */
  restart(region: FleetRegion): Promise<void>;
  health(region: FleetRegion): Promise<HealthReport>;
  metrics(region: FleetRegion): Promise<string>;
  /** Takes a region out, by the word of one director. */
  drain(by: FleetRegion, region: FleetRegion, span: string): Promise<OverrideReport>;
  undrain(by: FleetRegion, id: string): Promise<void>;
}

/** How long a director that is asked from its own place may take. */
export const ownPatienceMs = 3000;

export interface SiteFleetOptions {
  /** How often each director is asked. */
  readonly everyMs?: number;
  /** The environment of a region's director, beside what every one has. */
  readonly env?: (region: FleetRegion) => Readonly<Record<string, string>>;
}

export async function startSiteFleet(
  network: Network,
  { everyMs = 40, env: extra = () => ({}) }: SiteFleetOptions = {},
): Promise<SiteFleet> {
  await using building = new AsyncDisposableStack();
  const posts = new Map<FleetRegion, Post>();
  const folders = new Map<FleetRegion, ConfigFolder>();
  const start = async (region: FleetRegion): Promise<DirectorProcess> => {
    const [dns, http] = [network.listen(region, 'dns'), network.listen(region, 'http')];
    const env = { MERIDIAN_DNS: textOf(dns), MERIDIAN_HTTP: textOf(http), ...extra(region) };
    const main = folders.get(region)?.main ?? '';
    return startDirectorProcess(main, env, network.prefix(region));
  };
  const build = async (region: FleetRegion): Promise<void> => {
    const folder = building.use(await createFolder(network, region));
    folders.set(region, folder);
    const disk = network.disk(region, `${folder.folder}/state`);
    const { host, port } = network.listen(region, 'redis');
    const args = ['--bind', host, '--protected-mode', 'no'];
    const prefix = network.prefix(region);
    const redis = building.use(await startRedisAt({ port, prefix, args }));
    const origin = building.use(await startOrigin(network, region));
    const agent = building.use(await startAgent(network, region));
    const director = await start(region);
    const post = { director, redis, origin, agent, disk, folder };
    building.defer(() => post.director[Symbol.asyncDispose]());
    posts.set(region, post);
    const servers = [network.own(region, 'dns')];
    await agent.ask({ servers, clients, everyMs, patienceMs: ownPatienceMs, rounds: 1 });
  };
  await Promise.all(fleetRegions.map(build));
  const resolver = building.use(await startAgent(network, 'client'));
  const servers = fleetRegions.map((region) => network.reach('client', region, 'dns'));
  const plan = { servers: await Promise.all(servers), clients, everyMs: 2 * everyMs };
  // As resolvers do: 800 ms for each server, and the whole list again before giving up,
  // so often that packets lost by chance alone, at 20 % each way, make a question lost once in 10⁸.
  await resolver.ask({ ...plan, patienceMs: 800, rounds: 6 });
  const call = async (region: FleetRegion, path: string, method?: string, body?: unknown) => {
    // From the machine itself a director takes changes without a token.
    const url = `http://${textOf(network.own(region, 'http'))}${path}`;
    const { status, text } = await postAt(posts, region).agent.fetch(url, method, body);
    if (status >= 300)
      throw new Error(`${method ?? 'GET'} ${path} at ${region}: ${status} ${text}`);
    return text;
  };
  const owned = building.move();
  return {
    posts,
    resolver,
    restart: async (region) => {
      postAt(posts, region).director = await start(region);
    },
    health: async (region) => JSON.parse(await call(region, '/v1/health')) as HealthReport,
    metrics: (region) => call(region, '/metrics'),
    drain: async (by, region, span) => {
      const order = { region, kind: 'drain', actor: 'alice', reason: 'a test', for: span };
      return JSON.parse(await call(by, '/v1/overrides', 'POST', order)) as OverrideReport;
    },
    undrain: async (by, id) => void (await call(by, `/v1/overrides/${id}?actor=alice`, 'DELETE')),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export function postAt(posts: SiteFleet['posts'], region: FleetRegion): Post {
  const found = posts.get(region);
  if (found === undefined) throw new Error(`nothing stands in ${region}`);
  return found;
}

const textOf = ({ host, port }: Endpoint): string => `${host}:${port}`;

async function createFolder(network: Network, region: FleetRegion): Promise<ConfigFolder> {
  const at = async (to: FleetRegion, service: Service): Promise<string> =>
    textOf(await network.reach(region, to, service));
  const others = fleetRegions.filter((each) => each !== region);
  const boards = await Promise.all(fleetRegions.map((each) => at(each, 'redis')));
  const peers = await Promise.all(others.map((each) => at(each, 'http')));
  const entries = fleetRegions.map(async (each) => {
    const probe = `{ http: "http://${await at(each, 'origin')}/healthz", ${pace} }`;
    return [each, regionText(each, probe)] as const;
  });
  return createConfigFolder(
    mainFile(region, boards, peers),
    Object.fromEntries(await Promise.all(entries)),
  );
}

/** Patient enough for a handshake and an answer over wires of 300 ms there and back. */
const pace =
  'interval: 1s, timeout: 900ms, downAfter: 3, upAfter: 3, holdDown: 0s, flapHalfLife: 0s';

function mainFile(
  region: FleetRegion,
  boards: readonly string[],
  peers: readonly string[],
): string {
  return `
director: { id: ${region}-1, region: ${region} }
state: state
dns: { workers: 1 }
http: { requestsPerSecond: 100000 }
gossip:
  boards: [${boards.map((board) => `"redis://${board}"`).join(', ')}]
  peers: [${peers.map((door) => `"http://${door}"`).join(', ')}]
  secrets: ["a secret for tests only"]
  postEvery: 500ms
  readEvery: 500ms
health:
  observers: [${fleetRegions.join(', ')}]
  voteLifetime: 5s
  settle: 5s
  return: { hold: 1s, stage: 1s, longestHold: 2s }
zones:
  - name: example.test
    serial: 1
    services:
      - { name: www, regions: [${fleetRegions.join(', ')}], policy: nearest }
`;
}

export const regionOf = (answer: string): string =>
  fleetRegions.find((region) => addressOf(region) === answer) ?? answer;
