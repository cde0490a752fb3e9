// Rule minCapacity: what serves has its share of capacity, of weights or of requests, or room for the load of late.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ipv4 } from '../../../src/model/ip.ts';
import { shareOfNobody } from '../../../src/model/override.ts';
import {
  aLoad,
  aRegion,
  downHealth,
  returningHealth,
  someLoadSettings,
} from '../../support/fleet.ts';
import { against, aWord } from '../../support/safety.ts';

const weighted = [
  aRegion('eu', { weight: 50 }),
  aRegion('us', { weight: 30 }),
  aRegion('ap', { weight: 20 }),
];
const declaring = (declared: number, load = 0) => [{ kind: 'minCapacity', declared, load }];

describe('of declared capacity', () => {
  test('weights stand for it where a region declares none', () => {
    assert.equal(against(declaring(0.5), { regions: weighted }, { word: aWord('eu') }), '');
    assert.equal(
      against(declaring(0.6), { regions: weighted }, { word: aWord('eu') }),
      'www.example.test would be left with 50 of 100 of weight, 50 %, and 60 % must serve: it takes 10 more of eu (drained by alice)',
    );
  });

  test('requests a second count where every region declares them', () => {
    const sized = (id: string, capacity: number) =>
      aRegion(id, { load: someLoadSettings({ capacity }) });
    const regions = [sized('eu', 9000), sized('us', 1000)];
    const message = against(declaring(0.5), { regions }, { word: aWord('eu') });
    assert.match(message, /1000 of 10000 requests a second, 10 %/);
    assert.equal(against(declaring(0.5), { regions }, { word: aWord('us') }), '');
  });

  test('shares of regions add up, and are allowed as far as they fit', () => {
    const fleet = { regions: weighted, words: [aWord('eu', { share: 0.5 })] };
    assert.equal(against(declaring(0.6), fleet, { word: aWord('us', { share: 0.5 }) }), '');
    const message = against(declaring(0.6), fleet, { word: aWord('us') });
    assert.match(message, /45 of 100 of weight/);
  });

  test('a region counts for what addresses and returning have left of it', () => {
    const two = [ipv4(1), ipv4(2)];
    const regions = [aRegion('eu', { ipv4: two }), aRegion('us')];
    const word = aWord('eu', { endpoint: ipv4(1) });
    assert.match(against(declaring(0.8), { regions }, { word }), /150 of 200 of weight, 75 %/);
    const health = { us: returningHealth(0.25) };
    assert.match(against(declaring(0.2), { regions, health }, { word: aWord('eu') }), /25 of 200/);
  });

  test('it is not got around by failures, nor by new files', () => {
    const health = { us: downHealth() };
    assert.match(
      against(declaring(0.6), { regions: weighted, health }, { word: aWord('ap') }),
      /50 of 100/,
    );
    const files = { regions: weighted.slice(1) };
    assert.match(against(declaring(0.6), { regions: weighted }, { files }), /50 of 100/);
  });

  test('a drain for nobody takes nothing from it, however much a region can take', () => {
    const load = someLoadSettings({ capacity: 1_000_000_000 });
    const large = [aRegion('eu', { load }), aRegion('us', { load })];
    const fleet = { regions: large, words: [aWord('us')] };
    const word = aWord('eu', { share: shareOfNobody });
    assert.equal(against(declaring(0.6), fleet, { word }), '');
    assert.match(against(declaring(0.6), fleet, { word: { ...word, share: 0.01 } }), /60 % must/);
  });

  test('whatever adds to it is taken', () => {
    const words = [aWord('eu'), aWord('us')];
    const word = aWord('us', { isLifted: true });
    assert.equal(against(declaring(0.9), { regions: weighted, words }, { word }), '');
  });
});

describe('of the load of late', () => {
  const regions = [aRegion('eu'), aRegion('us')];
  const loads = { eu: aLoad({ share: 0.5 }), us: aLoad({ share: 0.6 }) };

  test('what is left must be able to take it all', () => {
    assert.equal(
      against(declaring(0, 1.2), { regions, loads }, { word: aWord('eu') }),
      'the fleet would be left with 100 of weight for a load of 110, and 120 % of that must serve: it takes 32 more of eu (drained by alice)',
    );
    const quiet = { eu: aLoad({ share: 0.3 }), us: aLoad({ share: 0.3 }) };
    assert.equal(against(declaring(0, 1.2), { regions, loads: quiet }, { word: aWord('eu') }), '');
  });

  test('where nobody says what it is, nothing is refused for it', () => {
    assert.equal(against(declaring(0, 1.2), { regions }, { word: aWord('eu') }), '');
  });
});
