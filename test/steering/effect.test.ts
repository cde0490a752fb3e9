// What words come to: the most specific one wins, and an address is only ever one of its region.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatIp } from '../../src/model/ip.ts';
import { type Override, overrideKey } from '../../src/model/override.ts';
import { millis } from '../../src/model/time.ts';
import { effectOn, withoutWithheld } from '../../src/steering/effect.ts';
import { aName, anIp, anOverride, aRegion, aService, noon } from '../support/fleet.ts';

const ash = aRegion('ash', { ipv4: [anIp('192.0.2.1'), anIp('192.0.2.2')] });
const birch = aRegion('birch', { ipv4: [], ipv6: [anIp('2001:db8::1')] });
const regions = new Map([ash, birch].map((region) => [region.id, region]));
const www = aService({ regions: [ash, birch] });
const api = aService({ name: 'api', regions: [ash, birch] });

function viewOf(words: readonly Override[]): ReadonlyMap<string, Override> {
  return new Map(words.map((word) => [overrideKey(word), word]));
}

/** `ash drain`, for each region on which a word counts. */
function effects(words: readonly Override[], service = www): string[] {
  return Array.from(effectOn(service, viewOf(words), regions), ([id, { kind, share }]) =>
    share === undefined ? `${id} ${kind}` : `${id} ${kind} ${share}`,
  );
}

describe('the word that counts on a region', () => {
  test('is the one on all of it, where there is no other', () => {
    assert.deepEqual(effects([anOverride('ash')]), ['ash drain']);
    assert.deepEqual(effects([anOverride('ash', { share: 0.25 })]), ['ash drain 0.25']);
    assert.deepEqual(effects([anOverride('oak')]), []);
  });

  test('is the one within the service, whichever was spoken first', () => {
    const own = anOverride('ash', { service: www.name, kind: 'up' });
    for (const words of [
      [anOverride('ash'), own],
      [own, anOverride('ash')],
    ]) {
      assert.deepEqual(effects(words), ['ash up']);
      assert.deepEqual(effects(words, api), ['ash drain']);
    }
  });

  test('is none of another service, also where its name begins alike', () => {
    const other = anOverride('ash', { service: aName('www.example.test.example') });
    assert.deepEqual(effects([other]), []);
  });
});

describe('a word on an address', () => {
  const first = anOverride('ash', { endpoint: anIp('192.0.2.1') });
  const second = anOverride('ash', { endpoint: anIp('192.0.2.2'), end: millis(noon + 1000) });
  const only6 = anOverride('ash', { endpoint: ash.ipv6[0] });

  test('leaves the region in while it has another one', () => {
    assert.deepEqual(effects([first, only6]), []);
  });

  test('takes the region out with the last one that every client can use, until the first end', () => {
    const found = effectOn(www, viewOf([first, second]), regions).get(ash.id);
    assert.equal(found, second);
    const up = anOverride('ash', { kind: 'up' });
    assert.deepEqual(effects([first, second, up]), ['ash drain']);
    assert.deepEqual(effects([anOverride('birch', { endpoint: anIp('2001:db8::1') })]), [
      'birch drain',
    ]);
  });

  test('does nothing to a service that answers with names', () => {
    const alias = aService({ regions: [ash, birch], answers: 'cname' });
    assert.deepEqual(effects([first, second], alias), []);
  });

  test('does nothing when it says up, nor beside a word that takes the region out', () => {
    const up = anOverride('ash', { endpoint: anIp('192.0.2.2'), kind: 'up' });
    assert.deepEqual(effects([first, up]), []);
    assert.deepEqual(effects([first, second, anOverride('ash', { kind: 'down' })]), ['ash down']);
  });
});

describe('the addresses that answers may name', () => {
  const named = (words: readonly Override[]): string[] => {
    const found = withoutWithheld(regions, viewOf(words)).get(ash.id);
    return [...(found?.ipv4 ?? []), ...(found?.ipv6 ?? [])].map(formatIp);
  };
  const [six = ''] = ash.ipv6.map(formatIp);

  test('are all, in one and the same map, where no word is on any', () => {
    assert.equal(withoutWithheld(regions, viewOf([anOverride('ash')])), regions);
  });

  test('are those that nobody took out', () => {
    const out = anOverride('ash', { endpoint: anIp('192.0.2.1') });
    assert.deepEqual(named([out]), ['192.0.2.2', six]);
    assert.deepEqual(named([{ ...out, kind: 'down' }]), ['192.0.2.2', six]);
    assert.deepEqual(named([{ ...out, kind: 'up' }]), ['192.0.2.1', '192.0.2.2', six]);
    const other = anOverride('birch', { endpoint: anIp('192.0.2.1') });
    assert.deepEqual(named([other]), ['192.0.2.1', '192.0.2.2', six]);
    assert.deepEqual(named([anOverride('oak', { endpoint: anIp('192.0.2.1') })]).length, 3);
  });
});
