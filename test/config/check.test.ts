// The whole configuration: what is taken, and every fault of every file at once.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseRedisUrl } from '../../src/config/board.ts';
import { formatName } from '../../src/model/name.ts';
import {
  checkText,
  faultsOf,
  mainText,
  regionText,
  settingsOf,
  shippedText,
  zoneText,
} from '../support/config.ts';

describe('a good configuration', () => {
  test('as shipped is taken, with every zone, service and region', () => {
    const { zones, services, regions } = settingsOf(shippedText());
    assert.deepEqual(
      zones.map((zone) => formatName(zone.apex)),
      ['example.test'],
    );
    assert.deepEqual([...services.keys()].map(formatName), [
      'www.example.test',
      'api.example.test',
      'static.example.test',
    ]);
    assert.equal(regions.size, 8);
  });

  test('that says only what it must gets a default for everything else', () => {
    const settings = settingsOf();
    assert.deepEqual(settings.director, { id: 'a', region: 'eu' });
    assert.deepEqual(settings.listen, {
      dns: [{ host: '127.0.0.1', port: 5300 }],
      http: { host: '127.0.0.1', port: 8053 },
      dot: [],
      doh: [],
    });
    assert.deepEqual(settings.health, {
      observers: ['eu'],
      voteLifetime: 17_000,
      settle: 600_000,
      return: { hold: 120_000, stage: 60_000, longestHold: 3_600_000 },
      probesInFlight: 64,
      probeNetworks: undefined,
    });
    assert.deepEqual(settings.gossip, {
      boards: [],
      peers: [],
      peerTls: undefined,
      secrets: [],
      postEvery: 2000,
      readEvery: 1000,
    });
    assert.deepEqual(settings.geo, { mmdb: undefined, asn: undefined });
    assert.deepEqual(settings.http, {
      trustedProxies: [],
      tls: undefined,
      tokens: [],
      requestsPerSecond: 50,
      writesPerSecond: 50,
    });
    assert.deepEqual(settings.log, { level: 'info', sampleQueries: 0 });
    assert.equal(settings.stateDir, undefined);
  });

  test('is the same settings each time it is checked', () => {
    assert.deepEqual(checkText({}), checkText({}));
  });
});

describe('every fault at once', () => {
  test('over several files, in the order in which somebody reads them', () => {
    const main = `director: { id: "a b", region: eu }
log: { level: loud, sample: 1 }
health: { settle: 2w }
listen: { http: "localhost:80" }
zones:
  - name: example.test
    ttll: 5m
    records:
      - { name: mail, type: A, data: 192.0.2.999 }
      - { name: mail }
    services:
      - { name: www, regions: [eu, mars], ttl: { stable: 30 } }
`;
    const regions = {
      eu: regionText.replace('country: IE', 'country: Ireland'),
      us: 'title: [',
    };
    assert.deepEqual(faultsOf({ main, regions }), [
      'meridian.yaml:1:13: /director/id: got "a b", want letters, digits and hyphens, at most 64 (config.shape)',
      'meridian.yaml:2:8: /log/level: got "loud", want debug, info, warn or error (config.shape)',
      'meridian.yaml:2:21: /log/sample: is not a setting here, want one of level, sampleQueries (config.unknown-key)',
      'meridian.yaml:3:11: /health/settle: got "2w", want a time with its unit, such as 500ms, 5s or 10m (config.shape)',
      'meridian.yaml:4:11: /listen/http: got "localhost:80", want an IP address and a port from 0 to 65535 (config.value)',
      'meridian.yaml:7:5: /zones/0/ttll: is not a setting here, want one of name, file, contact, serial, nameservers, nameserverTtl, ttl, negativeTtl, secondaries, clientSubnet, records, services (config.unknown-key)',
      'meridian.yaml:9:32: /zones/0/records/0/data: want "address", got "192.0.2.999": address is not an IPv4 address (config.value)',
      'meridian.yaml:10:9: /zones/0/records/1/type: is missing, want a record type (config.shape)',
      'meridian.yaml:10:9: /zones/0/records/1/data: is missing, want record data in presentation form (config.shape)',
      'meridian.yaml:12:36: /zones/0/services/0/regions/1: there is no file regions/mars.yaml (config.reference)',
      'meridian.yaml:12:50: /zones/0/services/0/ttl/stable: got 30, want a time with its unit, such as 500ms, 5s or 10m (config.shape)',
      'regions/eu.yaml:2:1: /country: got "Ireland", want two capital letters (ISO 3166-1) (config.shape)',
      'regions/us.yaml:1:9: Flow sequence in block collection must be sufficiently indented and end with a ] (config.syntax)',
    ]);
  });

  test('of a region that is faulty, without calling it missing', () => {
    assert.deepEqual(faultsOf({ regions: { eu: 'a: 1\na: 2\n' } }), [
      'regions/eu.yaml:2:1: Map keys must be unique (config.syntax)',
    ]);
  });

  test('and a main file that is no YAML leaves the faults of the regions to be told', () => {
    const faults = faultsOf({ main: 'a: [', regions: { eu: 'title: 5' } });
    assert.deepEqual(
      [...new Set(faults.map((fault) => fault.split(':')[0]))],
      ['meridian.yaml', 'regions/eu.yaml'],
    );
  });
});

describe('director and zones', () => {
  test('must be there', () => {
    assert.deepEqual(faultsOf({ main: '' }), [
      'meridian.yaml:1:1: got nothing, want a block of settings (config.shape)',
    ]);
    assert.deepEqual(faultsOf({ main: 'zones: []' }), [
      'meridian.yaml:1:1: /director: is missing, want a block of settings (config.shape)',
      'meridian.yaml:1:1: /zones: got an empty list, want a list of at least one zone (config.shape)',
    ]);
  });

  test('a zone may be listed once', () => {
    const main = `${mainText}  - name: EXAMPLE.test.\n`;
    assert.deepEqual(faultsOf({ main }), [
      'meridian.yaml:6:5: /zones/1/name: the zone example.test is listed twice (config.value)',
    ]);
  });

  test('a name belongs to the innermost zone it lies in', () => {
    const main = `director: { id: a, region: eu }
zones:
  - name: example.test
    records:
      - { name: mail.eu, type: A, data: 192.0.2.1 }
      - { name: mail.neu, type: A, data: 192.0.2.1 }
    services:
      - { name: eu, regions: [eu] }
  - name: eu.example.test
    services:
      - { name: "@", regions: [eu] }
`;
    assert.deepEqual(faultsOf({ main }), [
      'meridian.yaml:5:11: /zones/0/records/0/name: mail.eu.example.test belongs to the zone eu.example.test (config.value)',
      'meridian.yaml:8:11: /zones/0/services/0/name: eu.example.test belongs to the zone eu.example.test (config.value)',
    ]);
  });
});

test('no observer is named twice', () => {
  const main = `${mainText}health: { observers: [eu, us, eu] }\n`;
  assert.deepEqual(faultsOf({ main }), [
    'meridian.yaml:6:31: /health/observers/2: names eu twice (config.value)',
  ]);
});

test('votes live long enough to be posted twice and read', () => {
  const main = `${mainText}gossip: { postEvery: 5s }\nhealth: { voteLifetime: 10s }\n`;
  assert.deepEqual(faultsOf({ main }), [
    'meridian.yaml:7:11: /health/voteLifetime: is 10000 ms, but twice gossip.postEvery and once gossip.readEvery come to 11000 ms: votes would die on their way (config.value)',
  ]);
  assert.deepEqual(faultsOf({ main: main.replace('10s', '11s') }), []);
});

describe('the environment', () => {
  test('overrides where to listen, the boards and the secrets', () => {
    const env = {
      MERIDIAN_DNS: '192.0.2.1:53, [2001:db8::1]:53',
      MERIDIAN_HTTP: ' [::1]:80 ',
      MERIDIAN_REDIS: 'redis://a,rediss://b:7',
      MERIDIAN_SECRETS: '0123456789abcdef, fedcba9876543210',
    };
    const main = `${mainText}listen: { dns: ["127.0.0.1:1"], http: "127.0.0.1:2" }
gossip: { boards: ["redis://c"], secrets: [ccccccccccccccccc] }
health: { observers: [eu] }
`;
    const { listen, gossip } = settingsOf({ main, env });
    assert.deepEqual(listen, {
      dns: [
        { host: '192.0.2.1', port: 53 },
        { host: '2001:db8::1', port: 53 },
      ],
      http: { host: '::1', port: 80 },
      dot: [],
      doh: [],
    });
    assert.deepEqual(gossip.boards, ['redis://a', 'rediss://b:7'].map(parseRedisUrl));
    assert.deepEqual(gossip.secrets, ['0123456789abcdef', 'fedcba9876543210']);
  });

  test('that is empty overrides nothing', () => {
    const env = { MERIDIAN_DNS: '', MERIDIAN_HTTP: ' ', MERIDIAN_REDIS: ' ', MERIDIAN_SECRETS: '' };
    assert.deepEqual(settingsOf({ env }), settingsOf());
  });

  test('has its own faults, which stand before those of the files', () => {
    const env = {
      MERIDIAN_DNS: 'localhost:53,127.0.0.1',
      MERIDIAN_HTTP: '127.0.0.1:65536',
      MERIDIAN_REDIS: 'redis://a,b',
      MERIDIAN_SECRETS: '0123456789abcdef,short',
    };
    const main = `${mainText}health: { observers: [eu] }\nfoo: 1\n`;
    assert.deepEqual(faultsOf({ main, env }), [
      'the environment variable MERIDIAN_REDIS is faulty in entry 2: want a Redis URL such as redis://127.0.0.1:6379 (config.value)',
      'the environment variable MERIDIAN_SECRETS is faulty in entry 2: want a secret of at least 16 characters (config.value)',
      'the environment variable MERIDIAN_DNS is "localhost:53", want an IP address and a port (config.value)',
      'the environment variable MERIDIAN_DNS is "127.0.0.1", want an IP address and a port (config.value)',
      'the environment variable MERIDIAN_HTTP is "127.0.0.1:65536", want an IP address and a port (config.value)',
      'meridian.yaml:7:1: /foo: is not a setting here, want one of director, listen, tls, state, audit, gossip, health, dns, clients, geo, reload, safety, drills, http, webhooks, log, policies, zones (config.unknown-key)',
    ]);
  });
});

test('proxies, tokens and limits of HTTP are taken as written', () => {
  const sha256 = 'ab'.repeat(32);
  const main = `${zoneText({})}http:
  trustedProxies: [192.0.2.0/24, "2001:db8::/48"]
  tokens: [{ sha256: "${sha256}", scope: operate }]
  requestsPerSecond: 7
`;
  const { http } = settingsOf({ main });
  assert.equal(http.trustedProxies.length, 2);
  assert.deepEqual(http.tokens, [{ sha256, scope: 'operate', name: undefined }]);
  assert.equal(http.requestsPerSecond, 7);
});
