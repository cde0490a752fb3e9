// The world that the cases ask about: one director in this process, on real sockets.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDirector } from '../../src/compose.ts';
import type { RegionReport } from '../../src/model/report.ts';
import { eventually } from '../support/eventually.ts';
import { cityRecord, writeMmdb } from '../support/mmdb.ts';
import { createRecordLog } from '../support/record-log.ts';

export interface World extends AsyncDisposable {
  readonly port: number;
  readonly http: string;
  /** Samples of one metric, summed over its labels. */
  metric(name: string): Promise<number>;
}

const files = new URL('world/', import.meta.url).pathname;

/** Where clients live; whoever is not named here is at no known place. */
const places = [
  ['81.0.0.0/8', cityRecord('IE', 'Dublin', 53.3, -6.3, 10)],
  ['9.0.0.0/8', cityRecord('US', 'Ashburn', 39, -77.5, 10)],
  ['9.1.2.0/24', cityRecord('JP', 'Tokyo', 35.7, 139.7, 10)],
  ['2a00::/16', cityRecord('IE', 'Dublin', 53.3, -6.3, 10)],
  ['2600::/16', cityRecord('US', 'Ashburn', 39, -77.5, 10)],
  ['2600:1:2:300::/56', cityRecord('JP', 'Tokyo', 35.7, 139.7, 10)],
] as const;

/** `more` are lines of YAML in place of those with their keys: what one table wants set otherwise. */
export async function startWorld(more = ''): Promise<World> {
  await using building = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'meridian-'));
  building.defer(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(files, folder, { recursive: true });
  const config = join(folder, 'meridian.yaml');
  const changed = more.split('\n').map((line) => `${line.split(':')[0]}:`);
  const kept = readFileSync(config, 'utf8')
    .split('\n')
    .filter((line) => !changed.some((key) => line.startsWith(key)));
  writeFileSync(config, [...kept, more, ''].join('\n'));
  writeFileSync(join(folder, 'places.mmdb'), writeMmdb({ networks: places }));
  const openLog = () => ({ ...createRecordLog(), dropped: () => 0 });
  const started = await startDirector({ config, env: {}, openLog });
  if (!started.ok) throw new Error(JSON.stringify(started.faults));
  const director = building.use(started.value);
  const http = `http://127.0.0.1:${director.http.port}`;
  await settle(http);
  const owned = building.move();
  return {
    port: director.dns[0]?.port ?? 0,
    http,
    async metric(name) {
      const text = await (await fetch(`${http}/metrics`)).text();
      const lines = text.split('\n').filter((line) => line.replace(/[{ ].*/, '') === name);
      return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** One region is drained and one has been found down, before anybody asks. */
async function settle(http: string): Promise<void> {
  const word = { region: 'off', kind: 'drain', reason: 'a rehearsal', actor: 'a test', for: '1h' };
  const drained = await fetch(`${http}/v1/overrides`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(word),
  });
  if (!drained.ok) throw new Error(await drained.text());
  await eventually('the region where nobody answers has been found down', async () => {
    const health = (await (await fetch(`${http}/v1/health/gone`)).json()) as RegionReport;
    const isFound = health.votes.some(({ verdict }) => verdict === 'down');
    return isFound && (health.verdict === 'down' || health.isKept);
  });
}
