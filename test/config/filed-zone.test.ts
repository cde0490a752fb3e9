// Zones whose records stand in a master file, beside what stands in the main file and in the regions.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { steerText } from '../../src/config/master/steer-text.ts';
import { formatName } from '../../src/model/name.ts';
import type { Service, Settings } from '../../src/model/settings.ts';
import { faultsOf, regionText, settingsOf } from '../support/config.ts';
import { nameOf } from '../support/answers.ts';
import { head } from '../support/master.ts';

const regions = { eu: regionText, us: regionText.replace('198.51.100.53', '198.51.100.54') };

/** The zone example.test of a file, with more lines of YAML of the zone. */
function parts(text: string, ...zone: readonly string[]) {
  const main = [
    'director: { id: a, region: eu }',
    'policies: { own: [{ nearest: { withinKm: 500 } }] }',
    'zones:',
    '  - name: example.test',
    '    file: a.zone',
    ...zone.map((line) => `    ${line}`),
    '',
  ];
  return { main: main.join('\n'), regions, masters: { 'a.zone': text } };
}

function read(text: string, ...zone: readonly string[]): Settings {
  return settingsOf(parts(text, ...zone));
}

function faults(text: string, ...zone: readonly string[]): string[] {
  return faultsOf(parts(text, ...zone));
}

function serviceAt(settings: Settings, name: string): Service {
  return settings.services.get(nameOf(name)) ?? assert.fail(`${name} is not steered`);
}

describe('SOA and name servers', () => {
  test('are the file’s, serial and all', () => {
    const [zone] = read(head).zones;
    assert.equal(zone?.soa.ttl, 3600);
    assert.deepEqual(
      zone?.soa.data.map(({ text }) => text),
      ['ns.a. hm.a. 1 7200 900 1209600 30'],
    );
    assert.deepEqual(
      zone?.nameServers.map(({ name }) => formatName(name)),
      ['ns.a'],
    );
    assert.equal(zone?.nameServerTtl, 3600);
  });

  test('have the addresses of their regions, unless the file has others', () => {
    const [zone] = read(`${head}@ NS ns-eu\n@ NS ns-us\nns-us A 192.0.2.99`).zones;
    assert.deepEqual(
      zone?.nameServers.map(({ name, addresses }) => [formatName(name), addresses.length]),
      [
        ['ns.a', 0],
        ['ns-eu.example.test', 1],
        ['ns-us.example.test', 0],
      ],
    );
  });

  test('need an address', () => {
    assert.deepEqual(faults(`${head}@ NS ns-mars\nlab NS ns-eu`), [
      'a.zone:3:1: names ns-mars.example.test., which has no A or AAAA record in this zone (zone.value)',
      'a.zone:5:1: names ns-eu.example.test., which has no A or AAAA record in this zone (zone.value)',
    ]);
  });
});

test('what the file says is not said beside it', () => {
  const beside = ['serial: 5', 'ttl: 5m', 'records: [{ name: a, type: A, data: 192.0.2.1 }]'];
  assert.deepEqual(
    faults(head, ...beside),
    ['serial', 'ttl', 'records'].map(
      (key, i) =>
        `meridian.yaml:${i + 6}:5: /zones/0/${key}: this stands in the file of the zone (config.value)`,
    ),
  );
});

test('a file that cannot be read is a fault of the line that names it', () => {
  assert.deepEqual(faultsOf({ ...parts(head), masters: {} }), [
    'meridian.yaml:5:5: /zones/0/file: cannot read a.zone: no such file (config.read)',
  ]);
});

describe('STEER', () => {
  test('is a service: policy, regions, and the TTL that stands on its line', () => {
    const settings = read(`${head}www 20 IN STEER multivalue eu us\nweb STEER nearest us`);
    const { ttl, regions: ids, steps, policy, ...rest } = serviceAt(settings, 'www.example.test');
    assert.deepEqual([ttl, ids, policy], [{ stable: 20, short: 10 }, ['eu', 'us'], 'multivalue']);
    assert.deepEqual(
      steps.map(({ kind }) => kind),
      ['nearest', 'take'],
    );
    assert.deepEqual([rest.answers, rest.usesSubnet, rest.bindings], ['address', true, []]);
    // $TTL is for records.
    assert.deepEqual(serviceAt(settings, 'web.example.test').ttl, { stable: 30, short: 10 });
  });

  test('takes the settings of a service, and policies of one’s own', () => {
    const words = 'short=5s clientSubnet=false https="1 . alpn=h2" https="2 x." svcb="1 y."';
    const service = serviceAt(read(`${head}www STEER own eu ${words}`), 'www.example.test');
    assert.deepEqual(service.steps, [{ kind: 'nearest', withinKm: 500 }]);
    assert.deepEqual([service.ttl.short, service.usesSubnet], [5, false]);
    assert.deepEqual(
      service.bindings.map(({ text }) => text),
      ['1 . alpn="h2"', '2 x.', '1 y.'],
    );
  });

  test('takes steps as the main file has them', () => {
    const text = `${head}@ STEER "[{ nearest: { withinKm: 9 } }, { take: 2 }]" eu us`;
    assert.deepEqual(serviceAt(read(text), 'example.test').steps, [
      { kind: 'nearest', withinKm: 9 },
      { kind: 'take', count: 2 },
    ]);
  });

  test('is refused where it stands, like a service', () => {
    const text = [
      'a STEER nearst eu',
      'b STEER nearest mars',
      'c STEER nearest',
      'd STEER nearest eu short=1h colour=red',
      'e STEER nearest eu name=x ttl=5s',
      'f STEER "[{ nearest: 5 }]" eu',
      'h 0 STEER nearest eu',
    ];
    const told = faults(head + text.join('\n'));
    // Ready-made policies come and go.
    assert.deepEqual(
      told.map((fault) => fault.replace(/nearest, .*, own/, '…, own')),
      [
        'a.zone:4:3: /policy: got "nearst", want one of …, own, or a list of steps (zone.value)',
        'a.zone:5:3: /regions/0: there is no file regions/mars.yaml (config.reference)',
        'a.zone:6:3: /regions: got an empty list, want a list of at least one region (config.shape)',
        'a.zone:7:3: /colour: is not a setting here, want one of name, regions, policy, ttl, clientSubnet, affinity, answers, https, svcb (config.unknown-key)',
        'a.zone:7:3: /ttl/short: is 3600s, which is above the stable 30s (zone.value)',
        'a.zone:8:3: /name=: is not a setting here, want one of name, regions, policy, ttl, clientSubnet, affinity, answers, https, svcb (config.unknown-key)',
        'a.zone:8:3: /ttl=: is not a setting here, want one of name, regions, policy, ttl, clientSubnet, affinity, answers, https, svcb (config.unknown-key)',
        'a.zone:9:3: /policy/0/nearest: got 5, want a block of settings (config.shape)',
        'a.zone:10:5: /ttl/stable: got 0s, want a time from 1s to 7d (zone.value)',
      ],
    );
  });

  test('stands beside what may stand beside a service, and nothing else', () => {
    const text = `${head}www STEER nearest eu\nwww TXT x\nwww A 192.0.2.1\nlab NS ns.a.\nlab STEER nearest eu\nc CNAME x.\n`;
    assert.deepEqual(faults(text, 'services: [{ name: c, regions: [eu] }]'), [
      'a.zone:6:1: www.example.test has addresses of its own, but it is a steered service (zone.value)',
      'a.zone:8:5: lab.example.test lies at or below the delegation of lab.example.test (zone.value)',
      'a.zone:9:1: c.example.test has a CNAME beside a service (zone.value)',
    ]);
  });
});

test('a service with every setting is a line that reads back the same', () => {
  const words = 'own eu short=5s affinity=60s clientSubnet=false https="1 . alpn=h2" svcb="1 y."';
  const service = serviceAt(read(`${head}www 20 STEER ${words}`), 'www.example.test');
  const again = serviceAt(read(`${head}www ${steerText(service)}`), 'www.example.test');
  assert.equal(service.affinity, 60);
  assert.deepEqual(again, service);
});

describe('ALIAS', () => {
  test('names a service of either file, from the origin of its line', () => {
    const text = `${head}@ ALIAS www\n$ORIGIN sub\nx ALIAS y.sub.example.test.\ny STEER nearest us`;
    const settings = read(text, 'services: [{ name: www, regions: [eu] }]');
    assert.deepEqual(serviceAt(settings, 'example.test').regions, ['eu']);
    assert.deepEqual(serviceAt(settings, 'x.sub.example.test').regions, ['us']);
  });

  test('of nothing steered is a fault, and it has no TTL of its own', () => {
    assert.deepEqual(faults(`${head}a ALIAS b\nb 60 ALIAS c d`), [
      'a.zone:4:3: /data: b.example.test is no steered service of ours (zone.value)',
      'a.zone:5:6: /ttl: an ALIAS has the TTL of its service (zone.value)',
      'a.zone:5:6: /data: got "c d", want a domain name (zone.value)',
    ]);
  });
});

test('the digest that a fleet compares follows the master files', () => {
  const files = { ...parts(head) };
  assert.equal(settingsOf(files).configuration, settingsOf(files).configuration);
});
