// `npm run sample`: docs/drill-report-sample.md and .html, of a real drill: three directors, two Redis, real origins.

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DrillReport, DrillRequest } from '../../src/model/drill.ts';
import { startTraffic } from '../support/drill-traffic.ts';
import { allSay, directorOf, directorsOf, getJson, startFleet } from '../support/fleet-process.ts';
import { startRedis } from '../support/redis.ts';

const root = join(import.meta.dirname, '../..');

const request: DrillRequest = {
  region: 'eu',
  steps: [
    { share: 0.25, hold: '20s' },
    { share: 0.5, hold: '20s' },
    { share: 1, hold: '30s' },
  ],
  objectives: { firstMoved: '5s', drained: '30s' },
  actor: 'alice',
  reason: 'quarterly drill of Dublin',
};

await using first = await startRedis();
await using second = await startRedis();
await using fleet = await startFleet([first.url, second.url], {
  // One thread each: three directors, their clients and two Redis share this machine.
  more: 'dns: { workers: 0 }\n',
});
await allSay(fleet, 'fresh');
await using traffic = startTraffic({
  ports: directorsOf(fleet).map(({ dnsPort }) => dnsPort),
  networks: 4000,
  octets: [...Array.from({ length: 18 }, (_, i) => 77 + i), 8, 12, 20, 60, 120],
  overstay: { share: 0.08, times: 3 },
});
await traffic.filled;
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
// What the other directors measured in the end is under way for a moment.
await sleep(4000);
const told = (...words: string[]): string => {
  const all = [join(root, 'src/main.ts'), 'drill', 'report', id, ...words, `--url=${eu.http}`];
  return spawnSync(process.execPath, all, { encoding: 'utf8' }).stdout;
};
writeFileSync(join(root, 'docs/drill-report-sample.md'), told());
told(`--html=${join(root, 'docs/drill-report-sample.html')}`);
console.log(traffic.counts(), report.isMet, report.abort);
process.exitCode = report.isMet ? 0 : 1;
