// One decision, many doors: DNS, HTTP and the command line say the same, whatever policy decides.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { explain } from '../../src/cli/explain.ts';
import { type ApiOptions, createApi } from '../../src/director/api.ts';
import type { App } from '../../src/edge/http/app.ts';
import { loadAsns } from '../../src/edge/asns.ts';
import { loadMmdb } from '../../src/edge/mmdb.ts';
import { loadSettings } from '../../src/load.ts';
import type { Client } from '../../src/model/decision.ts';
import { formatIp, formatPrefix, widthOf } from '../../src/model/ip.ts';
import type { ResolveReport } from '../../src/model/report.ts';
import type { Api } from '../../src/ports.ts';
import type { RegionId } from '../../src/model/region.ts';
import { stepKinds } from '../../src/steering/chain.ts';
import { locate } from '../../src/steering/locate.ts';
import { asnsIn } from '../../src/steering/order.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { createConfigFolder } from '../support/director-process.ts';
import { createDnsStage, type DnsStage } from '../support/dns-stage.ts';
import { askDns, saidOf, wordsOf } from '../support/doors.ts';
import { anIp, aSnapshot, planOf } from '../support/fleet.ts';
import { openApp, setStage } from '../support/http-stage.ts';
import { cityRecord, writeMmdb } from '../support/mmdb.ts';
import { buildQuery } from '../support/query.ts';
import { arbitraryClient, arbitraryIp } from '../support/random-fleet.ts';
import { arbitraryFleetText, arbitraryWrittenFleet, tableName } from '../support/random-policy.ts';
import { readReply } from '../support/reply.ts';
import { runIn } from '../support/terminal.ts';

const seed = 20_261_128;

test('DNS, HTTP and `explain --json` say the same for random fleets and chains of every step', async (t) => {
  let dns: DnsStage | undefined;
  const stage = setStage();
  // Each fleet has a control side of its own behind the one HTTP server.
  const api: Api = { ...stage.doors.api, resolve: (request) => apiOf(dns).resolve(request) };
  const app = await openApp(t, { ...stage, doors: { ...stage.doors, api } });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const ran = new Set<string>();
  const clients = fc.array(arbitraryClient(), { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(arbitraryWrittenFleet(), clients, async (snapshot, asking) => {
      const now = createDnsStage(snapshot);
      dns = now;
      for (const client of asking) {
        for (const type of ['A', 'AAAA'] as const) {
          const said = askDns(now, name, type, client);
          const http = await askHttp(app, type, client);
          const { trail, ...told } = await askCommand(url, type, client);
          assert.deepEqual(saidOf(http), said);
          assert.deepEqual(told, http);
          // A word on an address may leave a region none of the family that is asked for.
          const named = http.regions.filter((id) => {
            const region = snapshot.named.get(id as RegionId);
            return (type === 'A' ? region?.ipv4 : region?.ipv6)?.length !== 0;
          });
          assert.deepEqual(regionsAt(snapshot, said.answers), named);
          assert.deepEqual(trail?.steps.at(-1)?.tiers.flat(), http.regions);
          const lines = trail?.text.split('\n').slice(4) ?? [];
          assert.ok(explainByTxt(now, client).endsWith(lines.join('')));
          for (const { step } of trail?.steps ?? []) ran.add(step);
        }
      }
    }),
    { seed, numRuns: 120 },
  );
  // A step that nobody ran would agree with everything.
  const kinds = stepKinds.map(({ kind }) => kind);
  assert.deepEqual([...ran].sort(), kinds.sort());
});

test('`explain --offline --json` says of the files what DNS would answer with them, all regions up', async () => {
  const clients = fc.array(arbitraryIp(), { minLength: 8, maxLength: 8 });
  let asked = 0;
  await fc.assert(
    fc.asyncProperty(arbitraryFleetText(), clients, async ({ main, regions, tables }, asking) => {
      using folder = createConfigFolder(main, regions);
      folder.write(tableName, tables[tableName]);
      folder.write('city.mmdb', cities);
      folder.write('asn.mmdb', systems);
      const snapshot = await loadSnapshot(folder.folder);
      const dns = createDnsStage(snapshot);
      for (const ip of asking) {
        const subnet = { ip, length: widthOf(ip.family) };
        const client: Client = { address: anIp('::1'), origin: 'given', subnet };
        // Who is not located by its own address takes turns with others, and those move on by the second.
        if (locate(client, planOf(snapshot)).by !== 'subnet') continue;
        const args = [name, '--client', formatIp(ip), '--json', '--offline', '--config'];
        const { out, err } = await runIn(explain, [...args, folder.main]);
        assert.equal(err, '');
        const report = JSON.parse(out) as ResolveReport;
        const said = askDns(dns, name, 'A', client);
        assert.deepEqual(saidOf(report), said);
        assert.deepEqual(regionsAt(snapshot, said.answers), report.regions);
        asked++;
      }
    }),
    { seed, numRuns: 25 },
  );
  assert.ok(asked > 60, `${asked} clients`);
});

const name = 'www.example.test';

const cities = writeMmdb({
  networks: [
    ['8.0.0.0/8', cityRecord('US', 'Denver', 39.74, -104.99, 20)],
    ['8.8.8.0/25', cityRecord('JP', 'Tokyo', 35.68, 139.65, 1000)],
    ['81.0.0.0/8', cityRecord('DE', 'Ulm', 48.4, 9.99, 5)],
    ['2001:470::/32', cityRecord('DE', 'Berlin', 52.52, 13.4, 200)],
    ['2a02:600::/24', cityRecord('BR', 'Recife', -8.05, -34.88, 50)],
  ],
});

const systems = writeMmdb({
  type: 'GeoLite2-ASN',
  networks: [
    ['8.8.0.0/16', { autonomous_system_number: 64_500 }],
    ['2a02:600::/24', { autonomous_system_number: 64_501 }],
  ],
});

/** What a director would answer from with the files of a folder, all regions being up. */
async function loadSnapshot(folder: string): Promise<Snapshot> {
  const loaded = await loadSettings(join(folder, 'meridian.yaml'), {});
  assert.ok(loaded.ok);
  const settings = loaded.value;
  const services = [...settings.services.values()];
  const places = await loadMmdb(join(folder, 'city.mmdb'));
  const asns = await loadAsns(join(folder, 'asn.mmdb'), new Set(services.flatMap(asnsIn)));
  assert.ok(!('code' in places) && !('code' in asns));
  const atlas = { ...places, asns };
  return aSnapshot({ regions: [...settings.regions.values()], services, atlas, settings });
}

function apiOf(dns: DnsStage | undefined): Api {
  assert.ok(dns !== undefined);
  const { view, clock } = dns;
  const conclude = { health: () => view.snapshot.health };
  return createApi({ cell: { view }, conclude, clock } as unknown as ApiOptions);
}

async function askHttp(app: App, type: string, client: Client): Promise<ResolveReport> {
  const query = { name, type, ...wordsOf(client) };
  const { body } = await app.inject({ url: '/v1/resolve', query });
  return JSON.parse(body) as ResolveReport;
}

async function askCommand(url: string, type: string, client: Client): Promise<ResolveReport> {
  const options = Object.entries(wordsOf(client)).flatMap(([key, value]) => [`--${key}`, value]);
  const args = [name, '--type', type, ...options, '--json', '--url', url];
  const { out, err } = await runIn(explain, args);
  assert.equal(err, '');
  return JSON.parse(out) as ResolveReport;
}

/** The strings of the explanation by DNS, one after the other. */
function explainByTxt(dns: DnsStage, { address, subnet }: Client): string {
  const shape = subnet === undefined ? {} : { subnet: formatPrefix(subnet) };
  const bytes = dns.send(buildQuery({ name: `_explain.${name}`, type: 'TXT', ...shape }), {
    address,
    transport: 'tcp',
  });
  const [record] = bytes === undefined ? [] : readReply(bytes).answers;
  const strings = record?.data.slice(1, -1).split('" "') ?? [];
  return strings.join('').replaceAll(/\\(["\\])/g, '$1');
}

/** The regions that have these addresses; an operator's own ones belong to none. */
function regionsAt({ settings }: Snapshot, answers: ResolveReport['answers']): string[] {
  const all = [...settings.regions.values()];
  return answers.flatMap(({ data }) =>
    all
      .filter(({ ipv4, ipv6 }) => [...ipv4, ...ipv6].some((ip) => formatIp(ip) === data))
      .map(({ id }) => id),
  );
}
