// A region's file: what becomes of it, and what is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatIp } from '../../src/model/ip.ts';
import type { Region } from '../../src/model/region.ts';
import { faultsOf, regionText, settingsOf } from '../support/config.ts';

function regionOf(text: string): Region {
  const region = [...settingsOf({ regions: { eu: text } }).regions.values()][0];
  assert.ok(region);
  return region;
}

/** Faults of a region whose file has one more line, or another one in place of the same key's. */
function faultsWith(line: string): string[] {
  const key = line.slice(0, line.indexOf(':') + 1);
  const kept = regionText.split('\n').filter((old) => !old.startsWith(key));
  return faultsOf({ regions: { eu: `${line}\n${kept.join('\n')}` } });
}

describe('a region', () => {
  test('is what its file says', () => {
    const region = regionOf(`${regionText}weight: 30\nbias: -5\nurl: https://eu.example.net/app\n`);
    assert.equal(region.id, 'eu');
    assert.equal(region.title, 'Dublin');
    assert.equal(region.country, 'IE');
    assert.deepEqual(region.coordinates, { latitude: 53.3, longitude: -6.2 });
    assert.deepEqual(region.ipv4.map(formatIp), ['192.0.2.10']);
    assert.deepEqual(region.ipv6.map(formatIp), ['2001:db8:1::10']);
    assert.deepEqual(region.nameServerAddresses.map(formatIp), ['198.51.100.53']);
    assert.equal(region.weight, 30);
    assert.equal(region.bias, -5);
    assert.equal(region.url?.href, 'https://eu.example.net/app');
  });

  test('that says only what it must has weight 100, no bias, no probe', () => {
    const region = regionOf(regionText);
    assert.equal(region.weight, 100);
    assert.equal(region.bias, 0);
    assert.equal(region.url, undefined);
    assert.equal(region.probe, undefined);
  });

  test('must say where it is', () => {
    assert.deepEqual(faultsOf({ regions: { eu: 'ipv4: [192.0.2.1]' } }), [
      'regions/eu.yaml:1:1: /title: is missing, want what people call the place (config.shape)',
      'regions/eu.yaml:1:1: /country: is missing, want two capital letters (ISO 3166-1) (config.shape)',
      'regions/eu.yaml:1:1: /latitude: is missing, want degrees from -90 to 90 (config.shape)',
      'regions/eu.yaml:1:1: /longitude: is missing, want degrees from -180 to 180 (config.shape)',
    ]);
  });

  test('must have an address to hand out', () => {
    const text = regionText.replace(/ipv[46]: \[(192|"2001).*\n/g, '');
    assert.deepEqual(faultsOf({ regions: { eu: text } }), [
      'regions/eu.yaml:1:1: has no address to hand out: give it ipv4 or ipv6 (config.value)',
    ]);
  });
});

describe('the name of the file is the id', () => {
  const fault = (id: string): string =>
    `regions/${id}.yaml:1:1: the file's name "${id}" is the region's id: want lower-case letters, digits and hyphens between them, at most 40 (config.value)`;
  for (const id of ['EU', 'eu_west', '-eu', 'eu-', 'é', '__proto__', 'a'.repeat(41), '']) {
    test(`${id === '' ? 'nothing' : id} is no id`, () => {
      const regions = { eu: regionText, [id]: regionText };
      assert.deepEqual(faultsOf({ regions }), [fault(id)]);
    });
  }
  for (const id of ['a', '7', 'eu-west-1', 'a'.repeat(40)]) {
    test(`${id} is one`, () => {
      assert.deepEqual(faultsOf({ regions: { eu: regionText, [id]: regionText } }), []);
    });
  }
});

describe('a line of a region is refused', () => {
  const cases = [
    ['latitude: 90.1', '/latitude: got 90.1, want degrees from -90 to 90 (config.shape)'],
    ['longitude: "6"', '/longitude: got "6", want degrees from -180 to 180 (config.shape)'],
    ['weight: 0.5', '/weight: got 0.5, want a number from 0 to 1000 (config.shape)'],
    ['bias: 100', '/bias: got 100, want a number from -99 to 99 (config.shape)'],
    ['country: ie', '/country: got "ie", want two capital letters (ISO 3166-1) (config.shape)'],
    ['ipv4: 192.0.2.1', '/ipv4: got "192.0.2.1", want a list of IPv4 addresses (config.shape)'],
    ['url: ftp://x', '/url: got "ftp://x", want an http or https URL (config.shape)'],
    ['url: "http://"', '/url: got "http://", want an http or https URL (config.value)'],
    [
      'probes: {}',
      '/probes: is not a setting here, want one of title, country, latitude, longitude, weight, bias, ipv4, ipv6, url, probe, nameserver (config.unknown-key)',
    ],
    ['nameserver: {}', '/nameserver: has no address: give it ipv4 or ipv6 (config.value)'],
    [
      'nameserver: { ipv4: [] }',
      '/nameserver: has no address: give it ipv4 or ipv6 (config.value)',
    ],
  ] as const;
  for (const [line, words] of cases) {
    test(line, () => assert.equal(faultsWith(line)[0], `regions/eu.yaml:1:1: ${words}`));
  }

  test('when an address is none, of the other family, or listed twice', () => {
    assert.deepEqual(faultsWith('ipv4: [192.0.2.1, 1.2.3, "2001:db8::1", 192.0.2.1]'), [
      'regions/eu.yaml:1:19: /ipv4/1: got "1.2.3", want an IPv4 address (config.value)',
      'regions/eu.yaml:1:26: /ipv4/2: got "2001:db8::1", want an IPv4 address (config.value)',
      'regions/eu.yaml:1:41: /ipv4/3: names 192.0.2.1 twice (config.value)',
    ]);
    assert.deepEqual(faultsWith('ipv6: ["2001:db8::1", "2001:DB8:0::1", "::ffff:192.0.2.1"]'), [
      'regions/eu.yaml:1:23: /ipv6/1: names 2001:db8::1 twice (config.value)',
      'regions/eu.yaml:1:40: /ipv6/2: got "::ffff:192.0.2.1", want an IPv6 address (config.value)',
    ]);
  });
});

describe('a probe', () => {
  const probe = (text: string): Region['probe'] => regionOf(`${regionText}probe: ${text}\n`).probe;

  test('over HTTP is a GET that wants 200', () => {
    assert.deepEqual(probe('{ http: "http://h/z" }'), {
      kind: 'http',
      interval: 5000,
      timeout: 2000,
      downAfter: 3,
      upAfter: 5,
      url: new URL('http://h/z'),
      method: 'GET',
      headers: {},
      statuses: [200],
      contains: undefined,
      verify: true,
    });
  });

  test('has a timeout of half its interval where that is shorter than 2 s', () => {
    assert.equal(probe('{ tcp: "h:1", interval: 501ms }')?.timeout, 250);
    assert.equal(probe('{ tcp: "h:1", interval: 10s }')?.timeout, 2000);
  });

  test('over TCP takes names, IPv4 and bracketed IPv6', () => {
    const hosts = ['"origin.example.net:80"', '"192.0.2.1:80"', '"[2001:db8::1]:80"'].map((tcp) => {
      const spec = probe(`{ tcp: ${tcp} }`);
      return spec?.kind === 'tcp' ? `${spec.host} ${spec.port}` : undefined;
    });
    assert.deepEqual(hosts, ['origin.example.net 80', '192.0.2.1 80', '2001:db8::1 80']);
  });

  const refused = [
    ['{}', '/probe: want exactly one of http and tcp'],
    ['{ http: "http://h", tcp: "h:1" }', '/probe: want exactly one of http and tcp'],
    ['{ tcp: "h:1", verify: false }', '/probe/verify: means nothing for a tcp probe'],
    ['{ tcp: "h:0" }', '/probe/tcp: got "h:0", want a host and a port from 1 to 65535'],
    ['{ tcp: "h:65536" }', '/probe/tcp: got "h:65536", want a host and a port from 1 to 65535'],
    ['{ tcp: "::1:80" }', '/probe/tcp: got "::1:80", want a host and a port from 1 to 65535'],
    ['{ tcp: "h:1", interval: 100ms }', '/probe/interval: got 100ms, want a time from 500ms to 1h'],
    ['{ tcp: "h:1", timeout: 61s }', '/probe/timeout: got 61s, want a time from 50ms to 1m'],
    [
      '{ tcp: "h:1", interval: 1s, timeout: 1s }',
      '/probe/timeout: want a timeout shorter than the interval, or probes pile up',
    ],
    [
      '{ http: "http://h", method: HEAD, contains: ok }',
      '/probe/contains: an answer to HEAD has no body to look in',
    ],
    [
      '{ http: "http://h", headers: { "a b": c } }',
      '/probe/headers/a b: cannot stand in an HTTP header',
    ],
    [
      '{ http: "http://h", headers: { a: "b\\nc" } }',
      '/probe/headers/a: cannot stand in an HTTP header',
    ],
    ['{ http: "http://h:x" }', '/probe/http: got "http://h:x", want an http or https URL'],
  ] as const;
  for (const [text, words] of refused) {
    test(`${text} is refused`, () => {
      const faults = faultsOf({ regions: { eu: `${regionText}probe: ${text}\n` } });
      assert.match(faults[0] ?? '', /^regions\/eu\.yaml:8:\d+: /);
      assert.equal(faults[0]?.replace(/^\S+: /, ''), `${words} (config.value)`);
    });
  }

  test('faults of value are told beside faults of shape', () => {
    const eu = `${regionText}weigth: 5\nprobe: { tcp: "h:0" }\n`;
    assert.equal(faultsOf({ regions: { eu } }).length, 2);
  });
});
