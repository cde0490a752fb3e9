// Rule minRegions: every way to leave too few regions is refused, and no way back is.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatIp, ipv4 } from '../../../src/model/ip.ts';
import { millis } from '../../../src/model/time.ts';
import {
  aName,
  aRegion,
  aService,
  downHealth,
  noon,
  returningHealth,
} from '../../support/fleet.ts';
import { against, aWord } from '../../support/safety.ts';

const regions = [aRegion('eu'), aRegion('us'), aRegion('ap')];
const rules = [{ kind: 'minRegions', fleet: 2, service: 2 }];
const www = aName('www');

describe('with three regions, of which two must serve', () => {
  test('one may be drained, and a second is refused with figures and what would help', () => {
    assert.equal(against(rules, { regions }, { word: aWord('eu') }), '');
    assert.equal(
      against(rules, { regions, words: [aWord('eu')] }, { word: aWord('us') }),
      'www.example.test would be left with 1 whole region (ap) of 3, and 2 must serve: it takes 1 more of eu (drained by alice), us (drained by alice)',
    );
  });

  test('a region that is down counts as out, one on its way back and an unheard one do not serve less by it', () => {
    const down = { eu: downHealth() };
    assert.match(against(rules, { regions, health: down }, { word: aWord('us') }), /eu \(down\)/);
    const back = { eu: returningHealth(0.25) };
    assert.match(against(rules, { regions, health: back }, { word: aWord('us') }), /coming back/);
    assert.equal(against(rules, { regions, health: down }, { word: aWord('eu') }), '');
  });

  test('words on regions that are down add up to what they will be when those are back', () => {
    const health = { eu: downHealth(), us: downHealth() };
    const fleet = { regions, health, words: [aWord('eu')] };
    assert.match(
      against(rules, fleet, { word: aWord('us') }),
      /^by the words of operators alone, were every region up, www.example.test would be left with 1/,
    );
  });

  test('whatever brings a region back is taken, however few there are', () => {
    const words = [aWord('eu'), aWord('us'), aWord('ap')];
    const fleet = { regions, words };
    assert.equal(against(rules, fleet, { word: aWord('eu', { isLifted: true }) }), '');
    assert.equal(against(rules, fleet, { word: aWord('eu', { kind: 'up' }) }), '');
    assert.equal(against(rules, fleet, { word: aWord('eu', { share: 0.5 }) }), '');
  });

  test('where too few serve already, no more is taken from one that serves in part', () => {
    const words = [aWord('us'), aWord('eu', { share: 0.25 })];
    assert.match(
      against(rules, { regions, words }, { word: aWord('eu') }),
      /1 whole region \(ap\)/,
    );
    const more = aWord('eu', { share: 0.5 });
    assert.match(against(rules, { regions, words }, { word: more }), /drained for 50 % of clients/);
  });
});

describe('it is not got around', () => {
  test('by shares', () => {
    const words = [aWord('eu', { share: 0.5 })];
    const word = aWord('us', { share: 0.5 });
    assert.match(against(rules, { regions, words }, { word }), /left with 1 whole region/);
  });

  test('by declaring regions down', () => {
    const words = [aWord('eu', { kind: 'down' })];
    assert.match(
      against(rules, { regions, words }, { word: aWord('us', { kind: 'down' }) }),
      /1 whole/,
    );
  });

  test('by words within each service, nor by one within a service beside one on a region', () => {
    const api = aName('api');
    const services = [aService({ regions }), aService({ name: 'api', regions })];
    const words = [aWord('eu', { service: www }), aWord('us', { service: api })];
    const fleet = { regions, services, words };
    assert.equal(
      against(rules, fleet, { word: aWord('eu', { service: api, isLifted: true }) }),
      '',
    );
    assert.match(against(rules, fleet, { word: aWord('us', { service: www }) }), /^www.example/);
    assert.match(against(rules, fleet, { word: aWord('ap') }), /^www.example/);
  });

  test('by the addresses of a region, one after the other', () => {
    const two = [ipv4(0xc6120001), ipv4(0xc6120002)];
    const own = [aRegion('eu', { ipv4: two }), aRegion('us'), aRegion('ap')];
    const [first, last] = two as [(typeof two)[0], (typeof two)[0]];
    const words = [aWord('us'), aWord('eu', { endpoint: first })];
    const word = aWord('eu', { endpoint: last });
    const message = against(rules, { regions: own, words }, { word });
    assert.match(message, /1 whole region \(ap\)/, formatIp(last));
    const one = { regions: own, words: [aWord('us')] };
    const some = against(rules, one, { word: aWord('eu', { endpoint: first }) });
    assert.match(some, /some of its addresses are out/);
  });

  test('by an `up` that ends before a drain does', () => {
    const health = { eu: downHealth() };
    const words = [aWord('eu', { kind: 'up', end: millis(noon + 600_000) })];
    assert.match(
      against(rules, { regions, health, words }, { word: aWord('us') }),
      /^from 2026-05-01 12:10:00 UTC on www.example.test would be left with 1 whole region \(ap\)/,
    );
    const short = aWord('us', { end: millis(noon + 300_000) });
    assert.equal(against(rules, { regions, health, words }, { word: short }), '');
  });

  test('by ending an `up`, or giving a shorter one', () => {
    const health = { eu: downHealth() };
    const words = [aWord('eu', { kind: 'up' }), aWord('us')];
    const lifted = aWord('eu', { kind: 'up', isLifted: true });
    assert.match(against(rules, { regions, health, words }, { word: lifted }), /eu \(down\)/);
    const shorter = aWord('eu', { kind: 'up', end: millis(noon + 60_000) });
    assert.match(against(rules, { regions, health, words }, { word: shorter }), /^from .* 12:01/);
  });

  test('by a word within a service that puts a drain aside for a while', () => {
    const aside = aWord('eu', { kind: 'up', service: www, end: millis(noon + 60_000) });
    const words = [aWord('eu'), aside];
    assert.match(against(rules, { regions, words }, { word: aWord('us') }), /^from .* 12:01/);
  });

  test('by making a drain last longer than the words beside it', () => {
    const words = [
      aWord('us', { end: millis(noon + 60_000) }),
      aWord('eu', { end: millis(noon + 90_000) }),
    ];
    const word = aWord('us', { end: millis(noon + 7_200_000) });
    assert.match(against(rules, { regions, words }, { word }), /^from .* 12:01/);
  });

  test('by new files that leave a region out, of a service or of everything', () => {
    const [eu, us] = regions as [(typeof regions)[0], (typeof regions)[0]];
    const words = [aWord('ap')];
    const files = { regions: [us, aRegion('ap')] };
    assert.match(against(rules, { regions, words }, { files }), /eu \(no longer listed\)/);
    const alone = { regions: [eu] };
    assert.match(against(rules, { regions }, { files: alone }), /us \(no longer listed\), ap/);
  });
});

test('a service with fewer regions than that must keep them all', () => {
  const services = [aService({ regions: ['eu'] }), aService({ name: 'api', regions })];
  const message = against(rules, { regions, services }, { word: aWord('eu') });
  assert.match(
    message,
    /^www.example.test would be left with 0 whole regions of 1, and 1 must serve/,
  );
  assert.equal(against(rules, { regions, services }, { word: aWord('us') }), '');
});

test('the fleet has a number of its own', () => {
  const own = [{ kind: 'minRegions', fleet: 3, service: 0 }];
  assert.match(against(own, { regions }, { word: aWord('eu') }), /^the fleet would be left with 2/);
  const api = aService({ name: 'api', regions: ['eu'] });
  const services = [aService({ regions }), api];
  const word = aWord('eu', { service: www });
  assert.equal(against(own, { regions, services }, { word }), '', 'eu still serves api');
});

test('names that come or go are nobody’s loss', () => {
  const services = [aService({ name: 'api', regions })];
  assert.equal(against(rules, { regions }, { files: { regions, services } }), '');
});
