// THE property: whoever asks, DNS and HTTP give the same answer, since both make the same decision.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolve } from '../../src/director/resolve.ts';
import type { Client } from '../../src/model/decision.ts';
import { ipv4, ipv6, widthOf } from '../../src/model/ip.ts';
import { recordTypes } from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import type { ResolveReport } from '../../src/model/report.ts';
import { withoutWithheld } from '../../src/steering/effect.ts';
import type { Snapshot } from '../../src/steering/snapshot.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import {
  assertCountersSum,
  createDnsStage,
  type DnsStage,
  plainSnapshot,
} from '../support/dns-stage.ts';
import { askDns, isWhole, type Said, saidOf, wordsOf } from '../support/doors.ts';
import { anIp } from '../support/fleet.ts';
import { arbitraryClient, arbitraryIp, arbitrarySnapshot } from '../support/random-fleet.ts';

const seed = 20_260_501;
const snapshots = 200;
const clients = 50;

test(`DNS equals HTTP for ${snapshots * clients} clients over ${snapshots} snapshots`, (t) => {
  const seen = {
    clients: 0,
    ipv6: 0,
    subnets: 0,
    full: 0,
    answers: 0,
    negative: 0,
    states: new Set<string>(),
  };
  fc.assert(
    fc.property(
      furnished(),
      fc.array(anyClient(), { minLength: clients, maxLength: clients }),
      (snapshot, askers) => {
        const stage = createDnsStage(snapshot);
        for (const client of askers) {
          for (const name of snapshot.services()) {
            for (const type of ['A', 'AAAA'] as const) {
              const said = askDns(stage, name, type, client);
              assert.deepEqual(said, askHttp(stage, name, type, client));
              if (said.answers.length > 0) seen.answers++;
              else seen.negative++;
              seen.states.add(said.note ?? 'fine');
            }
          }
          seen.clients++;
          if ((client.subnet?.ip ?? client.address).family === 6) seen.ipv6++;
          if (client.subnet !== undefined) seen.subnets++;
          if (isWhole(client.subnet)) seen.full++;
        }
        assertCountersSum(stage.counters);
        assert.equal(stage.counters.outcomes.servfail, 0);
      },
    ),
    { seed, numRuns: snapshots },
  );
  t.diagnostic(
    `seed ${seed}: ${seen.clients} clients, ${seen.ipv6} of them IPv6, ${seen.subnets} with a subnet, ${seen.full} of full length; ${seen.answers} answers, ${seen.negative} negative`,
  );
  assert.equal(seen.clients, snapshots * clients);
  for (const share of [seen.ipv6, seen.clients - seen.ipv6, seen.subnets, seen.full]) {
    assert.ok(share > seen.clients / 10, `${share} of ${seen.clients}`);
  }
  assert.ok(seen.answers > 10_000 && seen.negative > 500);
  assert.ok(seen.states.size >= 10, [...seen.states].join());
});

test('DNS equals HTTP for every name and type of the zone that `npm start` serves', () => {
  const stage = createDnsStage(plainSnapshot(settingsOf(shippedText())));
  const names = ['@', 'www', 'api', 'static', 'mail', 'docs', 'sip', 'ns-eu-west', 'a.dev', 'dev'];
  const hosts = [...names, '_tcp', '_sip._tcp', 'nobody', 'x.mail'].map((name) =>
    name === '@' ? 'example.test' : `${name}.example.test`,
  );
  const client: Client = { address: anIp('192.0.2.53'), origin: 'resolver', subnet: undefined };
  const seen = new Set<string>();
  for (const name of [...hosts, 'example.net', 'test', '.']) {
    for (const type of typedNames(recordTypes)) {
      const said = askDns(stage, name, type, client);
      const other = askHttp(stage, name, type, client);
      // Why a transfer is refused is told where a zone may be transferred, which is by DNS alone.
      const { note } = type === 'AXFR' || type === 'IXFR' ? said : other;
      assert.deepEqual(said, { ...other, note });
      seen.add(`${said.status} ${said.answers[0]?.type ?? 'nothing'}`);
    }
  }
  assert.ok(seen.size >= 12, [...seen].join());
});

function typedNames<T extends object>(table: T): (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}

/** A resolver with no subnet, a subnet of any length, or one client's whole address. */
function anyClient(): fc.Arbitrary<Client> {
  const whole = fc.tuple(arbitraryIp(), arbitraryIp()).map(([address, ip]): Client => {
    const subnet = { ip, length: widthOf(ip.family) };
    return { address, origin: 'resolver', subnet };
  });
  return fc.oneof(arbitraryClient(), whole);
}

/** Any fleet, with regions that have several addresses, one family only, or none of either. */
function furnished(): fc.Arbitrary<Snapshot & { services(): string[] }> {
  return fc
    .tuple(arbitrarySnapshot(), fc.array(fc.nat(8), { minLength: 8, maxLength: 8 }))
    .map(([snapshot, kinds]) => {
      const regions = Array.from(snapshot.settings.regions.values(), (region, i) => {
        const kind = kinds[i] ?? 0;
        const more = { v4: ipv4(0xcb007100 + i), v6: ipv6(0x20010db8, 0xffff, 0, i) };
        return {
          ...region,
          ipv4: kind === 1 ? [] : kind === 2 ? [...region.ipv4, more.v4] : region.ipv4,
          ipv6: kind === 3 ? [] : kind === 4 ? [more.v6, ...region.ipv6] : region.ipv6,
        };
      });
      const settings = {
        ...snapshot.settings,
        regions: new Map(regions.map((one) => [one.id, one])),
      };
      const services = (): string[] => [...settings.services.keys()].map(formatName);
      const named = withoutWithheld(settings.regions, snapshot.overrides);
      return { ...snapshot, settings, named, services };
    });
}

function askHttp(stage: DnsStage, name: string, type: string, asker: Client): Said {
  const { client, resolver } = wordsOf(asker);
  const request = { name, type, client, resolver, explain: false, peer: anIp('::1') };
  return saidOf(resolve(stage.view, request, stage.clock) as ResolveReport);
}
