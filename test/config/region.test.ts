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
    assert.equal(region.probes, undefined);
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
      'regions/eu.yaml:1:1: has no address to hand out: give it ipv4, ipv6 or cname (config.value)',
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
      'probs: {}',
      '/probs: is not a setting here, want one of title, country, latitude, longitude, weight, bias, ipv4, ipv6, cname, url, probe, probes, load, nameserver (config.unknown-key)',
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

test('faults of value are told beside faults of shape', () => {
  const eu = `${regionText}weigth: 5\nprobe: { tcp: "h:0" }\n`;
  assert.equal(faultsOf({ regions: { eu } }).length, 2);
});
