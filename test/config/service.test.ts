// Services: steered names with their regions, policy and TTLs.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatName } from '../../src/model/name.ts';
import { faultsOf, regionText, settingsOf, zoneText } from '../support/config.ts';

const regions = { eu: regionText, us: regionText.replace(/nameserver.*\n/, '') };

const faultsWith = (...services: readonly string[]): string[] =>
  faultsOf({ main: zoneText({ services }), regions });

describe('a service', () => {
  test('says little and gets the nearest region, 30 s, 10 s, and client subnets', () => {
    const settings = settingsOf({
      main: zoneText({ services: ['{ name: "@", regions: [us, eu] }'] }),
      regions,
    });
    const [service] = settings.services.values();
    assert.ok(service);
    assert.equal(formatName(service.name), 'example.test');
    assert.equal(formatName(service.zone), 'example.test');
    assert.deepEqual(service.regions, ['us', 'eu']);
    assert.deepEqual(service.steps, [
      { kind: 'nearest', withinKm: 0 },
      { kind: 'take', count: 1 },
    ]);
    assert.deepEqual(service.ttl, { stable: 30, short: 10 });
    assert.equal(service.usesSubnet, true);
  });

  test('may be a wildcard, ignore client subnets, and have TTLs of its own', () => {
    const services = ['{ name: "*.app", regions: [eu], clientSubnet: false, ttl: { stable: 5s } }'];
    const [service] = settingsOf({ main: zoneText({ services }), regions }).services.values();
    assert.equal(service && formatName(service.name), '*.app.example.test');
    assert.equal(service?.usesSubnet, false);
    assert.deepEqual(service?.ttl, { stable: 5, short: 5 });
  });

  test('does with client subnets as its zone says, unless it says otherwise', () => {
    const services = [
      '{ name: www, regions: [eu] }',
      '{ name: api, regions: [eu], clientSubnet: true }',
    ];
    const main = zoneText({ services, zone: ['clientSubnet: false'] });
    const read = [...settingsOf({ main, regions }).services.values()];
    assert.deepEqual(
      read.map(({ usesSubnet }) => usesSubnet),
      [false, true],
    );
  });

  test('names regions that there are, each once', () => {
    assert.deepEqual(faultsWith('{ name: www, regions: [eu, mars, eu] }'), [
      'meridian.yaml:5:36: /zones/0/services/0/regions/1: there is no file regions/mars.yaml (config.reference)',
      'meridian.yaml:5:42: /zones/0/services/0/regions/2: names eu twice (config.value)',
    ]);
    assert.deepEqual(faultsWith('{ name: www, regions: [] }'), [
      'meridian.yaml:5:22: /zones/0/services/0/regions: got an empty list, want a list of at least one region (config.shape)',
    ]);
  });

  test('has a TTL of at least a second, the short one not above the stable one', () => {
    assert.deepEqual(faultsWith('{ name: www, regions: [eu], ttl: { stable: 0s, short: 10s } }'), [
      'meridian.yaml:5:44: /zones/0/services/0/ttl/stable: got 0s, want a time from 1s to 7d (config.value)',
    ]);
    assert.deepEqual(faultsWith('{ name: www, regions: [eu], ttl: { stable: 10s, short: 11s } }'), [
      'meridian.yaml:5:57: /zones/0/services/0/ttl/short: is 11s, which is above the stable 10s (config.value)',
    ]);
  });

  test('tells all its faults at once', () => {
    const faults = faultsWith(
      '{ name: a..b, regoins: [eu], regions: [mars], policy: [take], ttl: { short: 1 } }',
      '{ name: ok, regions: [nowhere] }',
    );
    const paths = faults.map((fault) => fault.split(': ')[1]?.replace('/zones/0/services/', ''));
    assert.deepEqual(paths, [
      '0/name',
      '0/regoins',
      '0/regions/0',
      '0/policy/0/take',
      '0/ttl/short',
      '1/regions/0',
    ]);
  });
});
