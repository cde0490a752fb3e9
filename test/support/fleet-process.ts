// A real fleet on one machine: directors, origins and what they say, for system tests.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { startOrigins } from '../../src/edge/origins.ts';
import { loadSettings } from '../../src/load.ts';
import type { HealthReport, ResolveReport } from '../../src/model/report.ts';
import { askUdp } from './ask.ts';
import {
  type ConfigFolder,
  createConfigFolder,
  type DirectorProcess,
  startDirectorProcess,
} from './director-process.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './ports.ts';

const places = {
  eu: { title: 'Dublin', country: 'IE', latitude: 53.35, longitude: -6.26, ipv4: '192.0.2.10' },
  us: { title: 'Ashburn', country: 'US', latitude: 39.04, longitude: -77.49, ipv4: '192.0.2.20' },
  ap: { title: 'Tokyo', country: 'JP', latitude: 35.68, longitude: 139.65, ipv4: '192.0.2.30' },
} as const;

export type FleetRegion = keyof typeof places;

export const fleetRegions = Object.keys(places) as FleetRegion[];

export const addressOf = (region: FleetRegion): string => places[region].ipv4;

export interface Fleet extends AsyncDisposable {
  readonly directors: Map<FleetRegion, DirectorProcess>;
  readonly folders: ReadonlyMap<FleetRegion, ConfigFolder>;
  fail(region: FleetRegion): Promise<void>;
  heal(region: FleetRegion): Promise<void>;
  /** Starts the director of a region again, after it was stopped. */
  restart(region: FleetRegion): Promise<void>;
}

export interface FleetOptions {
  readonly withPeers?: boolean;
  /** Of the service, as it stands under `ttl`. */
  readonly ttl?: string;
  /** More of the main file, the same for every director. */
  readonly more?: string;
  /** More of the files of regions. */
  readonly regions?: Readonly<Partial<Record<FleetRegion, string>>>;
}

/** One director and one origin in each of three regions, all on the given boards; as peers if asked. */
export async function startFleet(
  boards: readonly string[],
  { withPeers = false, ttl = '{}', more = '', regions = {} }: FleetOptions = {},
): Promise<Fleet> {
  await using building = new AsyncDisposableStack();
  const ports = await freePorts(2 * fleetRegions.length);
  const doors = fleetRegions.map((_, i) => `127.0.0.1:${ports[fleetRegions.length + i]}`);
  const folders = new Map<FleetRegion, ConfigFolder>();
  for (const [i, region] of fleetRegions.entries()) {
    const peers = withPeers ? doors.filter((_, j) => j !== i) : [];
    const threads = more.includes('dns:') ? '' : oneThread;
    const main = mainFile(region, boards, peers, ttl) + threads + more;
    folders.set(region, building.use(createConfigFolder(main, regionFiles(ports, regions))));
  }
  const loaded = await loadSettings(folders.get('eu')?.main ?? '', {});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const origins = building.use(await startOrigins(loaded.value.regions.values()));
  const directors = new Map<FleetRegion, DirectorProcess>();
  const start = async (region: FleetRegion): Promise<void> => {
    const main = folders.get(region)?.main ?? '';
    // Peers must know where a director will listen before it does.
    const door = doors[fleetRegions.indexOf(region)] ?? '';
    directors.set(
      region,
      await startDirectorProcess(main, withPeers ? { MERIDIAN_HTTP: door } : {}),
    );
  };
  building.defer(async () => {
    for (const director of directors.values()) await director[Symbol.asyncDispose]();
  });
  await Promise.all(fleetRegions.map(start));
  const post = async (region: FleetRegion, word: string): Promise<void> => {
    const origin = origins.list.find((one) => one.region === region);
    await fetch(new URL(word, origin?.url), { method: 'POST' });
  };
  const owned = building.move();
  return {
    directors,
    folders,
    fail: (region) => post(region, '/fail'),
    heal: (region) => post(region, '/heal'),
    restart: start,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** What a director answers to a client in Berlin by DNS; HTTP must say the same. */
export async function regionForBerlin(director: DirectorProcess): Promise<string> {
  const subnet = '141.20.0.0/24';
  const reply = await askUdp(director.dnsPort, { name: 'www.example.test', subnet });
  const byDns = reply.answers.map(({ data }) => data).join(',');
  const report = await getJson<ResolveReport>(
    director,
    `/v1/resolve?name=www.example.test&client=${encodeURIComponent(subnet)}`,
  );
  const byHttp = report.answers.map(({ data }) => data).join(',');
  // Between the two questions a verdict may have moved; whoever polls will ask again.
  if (byDns !== byHttp) return `DNS ${byDns}, HTTP ${byHttp}`;
  return fleetRegions.find((region) => addressOf(region) === byDns) ?? byDns;
}

export async function healthOf(director: DirectorProcess): Promise<HealthReport> {
  return getJson<HealthReport>(director, '/v1/health');
}

export async function getJson<T>(director: DirectorProcess, path: string): Promise<T> {
  const response = await fetch(`${director.http}${path}`);
  return (await response.json()) as T;
}

/** Three directors share a machine with their test: more threads each would only wait for one another. */
const oneThread = 'dns: { workers: 1 }\n';

function mainFile(
  region: FleetRegion,
  boards: readonly string[],
  peers: readonly string[],
  ttl: string,
): string {
  return `
director: { id: ${region}-1, region: ${region} }
state: state
http: { requestsPerSecond: 100000 }
gossip:
  boards: [${boards.map((url) => `"${url}"`).join(', ')}]
  peers: [${peers.map((door) => `"http://${door}"`).join(', ')}]
  secrets: ["a secret for tests only"]
  postEvery: 500ms
  readEvery: 500ms
health:
  observers: [${fleetRegions.join(', ')}]
  voteLifetime: 4s
  settle: 5s
  return: { hold: 0s, stage: 0s }
zones:
  - name: example.test
    serial: 1
    services:
      - { name: www, regions: [${fleetRegions.join(', ')}], policy: nearest, ttl: ${ttl} }
`;
}

function regionFiles(
  ports: readonly number[],
  more: NonNullable<FleetOptions['regions']>,
): Record<string, string> {
  const entries = fleetRegions.map((region, i) => {
    const probe = `{ http: "http://127.0.0.1:${ports[i]}/healthz", interval: 1s, timeout: 950ms, upAfter: 3, holdDown: 0s, flapHalfLife: 0s }`;
    return [region, regionText(region, probe) + (more[region] ?? '')] as const;
  });
  return Object.fromEntries(entries);
}

/** The region's file, with this for its probe. */
export function regionText(region: FleetRegion, probe: string): string {
  const { title, country, latitude, longitude, ipv4 } = places[region];
  return `
title: ${title}
country: ${country}
latitude: ${latitude}
longitude: ${longitude}
ipv4: [${ipv4}]
probe: ${probe}
nameserver: { ipv4: [198.51.100.${fleetRegions.indexOf(region) + 1}] }
`;
}

export function directorOf(fleet: Fleet, region: FleetRegion): DirectorProcess {
  const found = fleet.directors.get(region);
  if (found === undefined) throw new Error(`no director runs in ${region}`);
  return found;
}

export function directorsOf(fleet: Fleet): DirectorProcess[] {
  return fleetRegions.map((region) => directorOf(fleet, region));
}

/** Waits until every director says so of its gossip, with a fresh verdict of up on every region. */
export async function allSay(fleet: Fleet, word: string): Promise<void> {
  await eventually(`every director says ${word}`, async () => {
    const reports = await Promise.all(directorsOf(fleet).map(healthOf));
    return reports.every(
      ({ gossip, regions }) =>
        gossip === word && regions.every(({ verdict, isKept }) => verdict === 'up' && !isKept),
    );
  });
}

/** Waits until every director answers Berlin so; tells when the first and the last one did. */
export async function allAnswer(
  fleet: Fleet,
  region: string,
  since: string,
  t: TestContext,
): Promise<void> {
  const isAnswered = async (one: DirectorProcess) => (await regionForBerlin(one)) === region;
  const times = await Promise.all(
    directorsOf(fleet).map((one) =>
      eventually(`Berlin is answered ${region}`, () => isAnswered(one)),
    ),
  );
  const [first, last] = [Math.min(...times), Math.max(...times)].map((ms) =>
    (ms / 1000).toFixed(2),
  );
  t.diagnostic(`${since} → first answer moved ${first} s, last director moved ${last} s`);
}

/** Asks every director over some seconds: each answer must be the same. */
export async function nobodyMovesFrom(
  fleet: Fleet,
  region: string,
  seconds: number,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    for (const one of directorsOf(fleet)) assert.equal(await regionForBerlin(one), region);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
