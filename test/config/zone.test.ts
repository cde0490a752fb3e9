// A zone's block: its SOA, its name servers, its TTLs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatName } from '../../src/model/name.ts';
import type { Zone } from '../../src/model/settings.ts';
import { faultsOf, regionText, settingsOf, zoneText } from '../support/config.ts';

const services = ['{ name: www, regions: [eu] }'];

function zoneOf(zone: readonly string[] = [], records: readonly string[] = []): Zone {
  const [read] = settingsOf({ main: zoneText({ zone, records, services }) }).zones;
  assert.ok(read);
  return read;
}

function faultsIn(zone: readonly string[], records: readonly string[] = []): string[] {
  return faultsOf({ main: zoneText({ zone, records, services }) });
}

describe('the SOA record', () => {
  test('says who, the time of the newest file, and how long silence lasts', () => {
    const { soa } = zoneOf();
    assert.equal(soa.ttl, 3600);
    assert.deepEqual(
      soa.data.map(({ text }) => text),
      ['ns-eu.example.test. hostmaster.example.test. 1767225600 7200 900 1209600 30'],
    );
  });

  test('takes contact, serial, ttl and negativeTtl from the zone', () => {
    const { soa } = zoneOf([
      'contact: ops.example.net',
      'serial: 4294967295',
      'ttl: 5m',
      'negativeTtl: 1m',
    ]);
    assert.equal(soa.ttl, 300);
    assert.deepEqual(
      soa.data.map(({ text }) => text),
      ['ns-eu.example.test. ops.example.net. 4294967295 7200 900 1209600 60'],
    );
  });

  test('wants its contact as a name', () => {
    assert.deepEqual(faultsIn(['contact: ops@example.net']), [
      'meridian.yaml:4:5: /zones/0/contact: got "ops@example.net", want a dot in place of the @, such as hostmaster.example.net (config.value)',
    ]);
    assert.deepEqual(faultsIn(['contact: a..b']), [
      'meridian.yaml:4:5: /zones/0/contact: got "a..b", want a domain name (config.value)',
    ]);
  });
});

describe('name servers', () => {
  const names = (zone: Zone): string[] => zone.nameServers.map(({ name }) => formatName(name));

  test('are the directors of the regions, then those listed', () => {
    const zone = zoneOf(['nameservers: [ns.example.net., ns2.example.org]']);
    assert.deepEqual(names(zone), ['ns-eu.example.test', 'ns.example.net', 'ns2.example.org']);
    assert.equal(zone.nameServers[0]?.addresses.length, 1);
    assert.equal(zone.nameServerTtl, 86_400);
  });

  test('are wanted, at least one', () => {
    const regions = { eu: regionText.replace(/nameserver.*\n/, '') };
    assert.deepEqual(faultsOf({ regions }), [
      'meridian.yaml:3:5: /zones/0: has no name server: give a region nameserver addresses, or list nameservers here (config.value)',
    ]);
    const main = zoneText({ zone: ['nameservers: [ns.example.net]'], services });
    assert.deepEqual(faultsOf({ main, regions }), []);
  });

  test('inside the zone need an address there', () => {
    const zone = ['nameservers: [ns1.example.test]'];
    const others = ['{ name: ns2, type: A, data: 192.0.2.1 }', '{ name: ns1, type: TXT, data: x }'];
    assert.deepEqual(faultsIn(zone, others), [
      'meridian.yaml:4:19: /zones/0/nameservers/0: ns1.example.test is in this zone but has no A or AAAA record (config.value)',
    ]);
    assert.deepEqual(faultsIn(zone, ['{ name: ns1, type: AAAA, data: "2001:db8::1" }']), []);
  });

  test('are names, each listed once', () => {
    assert.deepEqual(faultsIn(['nameservers: [ns.example.net, "@", NS.example.net.]']), [
      'meridian.yaml:4:35: /zones/0/nameservers/1: got "@", want a domain name (config.value)',
      'meridian.yaml:4:40: /zones/0/nameservers/2: names ns.example.net twice (config.value)',
    ]);
  });
});

describe('the name of a zone', () => {
  for (const name of ['"@"', '"a..b"', '"ä.test"', `"${'a'.repeat(64)}.test"`]) {
    test(`is not ${name.slice(0, 20)}`, () => {
      const main = zoneText({ services }).replace('example.test', name);
      assert.match(faultsOf({ main })[0] ?? '', /^meridian.yaml:3:5: .* want a domain name/);
    });
  }
});

test('TTLs of a zone stay within a week', () => {
  assert.deepEqual(faultsIn(['ttl: 8d', 'negativeTtl: 1s', 'nameserverTtl: 7d']), [
    'meridian.yaml:4:5: /zones/0/ttl: got 8d, want a time from 0ms to 7d (config.value)',
  ]);
});
