// `npm run sample`: docs/drill-report-sample.md and .html, of a real drill: three directors, two Redis, real origins.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DrillReport, DrillRequest } from '../../src/model/drill.ts';
import { startTraffic } from '../support/drill-traffic.ts';
import type { LoadFacts } from '../../src/model/load-report.ts';
import { eventually } from '../support/eventually.ts';
import { startFigures } from '../support/figures.ts';
import {
  addressOf,
  allSay,
  directorOf,
  directorsOf,
  type FleetRegion,
  fleetRegions,
  getJson,
  startFleet,
} from '../support/fleet-process.ts';
import { startRedis } from '../support/redis.ts';

const root = join(import.meta.dirname, '../..');

const request: DrillRequest = {
  region: 'eu',
  steps: [
    { share: 0.25, hold: '20s' },
    { share: 0.5, hold: '20s' },
    { share: 1, hold: '30s' },
  ],
  abortIf: { load: 0.9 },
  objectives: { firstMoved: '5s', drained: '30s' },
  actor: 'alice',
  reason: 'quarterly drill of Dublin',
};

const capacities: Readonly<Record<FleetRegion, number>> = { eu: 5000, us: 6000, ap: 1000 };

/** Each region's origin counts the requests of its clients: one a second of each network that holds its address. */
const counted = new Map(fleetRegions.map((region) => [region, 0]));
await using figures = await startFigures((path) => {
  const region = fleetRegions.find((each) => path === `/${each}/metrics`);
  return `http_requests_total ${Math.round((region && counted.get(region)) ?? 0)}\n`;
});
const loads = fleetRegions.map((region) => {
  const from = `{ http: "${figures.url}/${region}/metrics", metric: http_requests_total, as: requests }`;
  return [region, `load: { capacity: ${capacities[region]}, from: [${from}] }\n`] as const;
});

await using first = await startRedis();
await using second = await startRedis();
await using fleet = await startFleet([first.url, second.url], {
  // One thread each: three directors, their clients and two Redis share this machine.
  more: `dns: { workers: 0 }
safety: { minRegions: 2, notTogether: [[us, ap]], minCapacity: { declared: 50%, load: 120% }, gate: open }
`,
  regions: Object.fromEntries(loads),
});
await allSay(fleet, 'fresh');
await using traffic = startTraffic({
  ports: directorsOf(fleet).map(({ dnsPort }) => dnsPort),
  networks: 4000,
  octets: [...Array.from({ length: 18 }, (_, i) => 77 + i), 8, 12, 20, 60, 120],
  overstay: { share: 0.08, times: 3 },
  spreadMs: 30_000,
});
const tickMs = 250;
const counting = setInterval(() => {
  for (const region of fleetRegions) {
    const requests = (traffic.holding(addressOf(region)) * tickMs) / 1000;
    counted.set(region, (counted.get(region) ?? 0) + requests);
  }
}, tickMs);
await traffic.filled;
// What a counter grows by is known after the second reading of it, and a load once it was told.
await eventually('the load of each region is known', async () => {
  const all = await getJson<LoadFacts[]>(directorOf(fleet, 'eu'), '/v1/load');
  return all.length === fleetRegions.length && all.every(({ load }) => load !== null);
});
const eu = directorOf(fleet, 'eu');
const response = await fetch(`${eu.http}/v1/drills`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(request),
});
if (!response.ok) throw new Error(`no drill began: ${await response.text()}`);
const { id } = (await response.json()) as DrillReport;
let report: DrillReport;
do {
  await sleep(1000);
  report = await getJson<DrillReport>(eu, `/v1/drills/${id}`);
} while (report.isMet === null);
const told = (...words: string[]): string => {
  const all = [join(root, 'src/meridian.js'), 'drill', 'report', id, ...words, `--url=${eu.http}`];
  return spawnSync(process.execPath, all, { encoding: 'utf8' }).stdout;
};
writeFileSync(join(root, 'docs/drill-report-sample.md'), told());
told(`--html=${join(root, 'docs/drill-report-sample.html')}`);
clearInterval(counting);
console.log(traffic.counts(), report.isMet, report.abort);
process.exitCode = report.isMet ? 0 : 1;
