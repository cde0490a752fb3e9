// Rule notTogether: two regions of a group, or of a continent, are never out at once.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aName, aRegion, aService, downHealth } from '../../support/fleet.ts';
import { against, aWord } from '../../support/safety.ts';

const regions = [
  aRegion('dublin', { country: 'IE' }),
  aRegion('paris', { country: 'FR' }),
  aRegion('ashburn', { country: 'US' }),
  aRegion('nowhere'),
];
const byContinent = [{ kind: 'notTogether', groups: [], isByContinent: true }];
const named = [{ kind: 'notTogether', groups: [['dublin', 'ashburn']], isByContinent: false }];

test('a second region of one continent is refused, and one of another is not', () => {
  const fleet = { regions, words: [aWord('dublin')] };
  assert.equal(
    against(byContinent, fleet, { word: aWord('paris') }),
    'www.example.test would be without 2 regions of Europe at once, dublin (drained by alice), paris (drained by alice): it takes all but one of them to serve again first',
  );
  assert.equal(against(byContinent, fleet, { word: aWord('ashburn') }), '');
  assert.equal(against(byContinent, fleet, { word: aWord('nowhere') }), '');
});

test('a group of the operator’s own holds as well', () => {
  const fleet = { regions, words: [aWord('dublin')] };
  assert.match(against(named, fleet, { word: aWord('ashburn') }), /of dublin and ashburn at once/);
  assert.equal(against(named, fleet, { word: aWord('paris') }), '');
});

test('a region that is down is out, and whatever is said of it is no harm', () => {
  const fleet = { regions, health: { dublin: downHealth() } };
  assert.match(against(byContinent, fleet, { word: aWord('paris') }), /dublin \(down\)/);
  assert.equal(against(byContinent, fleet, { word: aWord('dublin') }), '');
});

test('it is not got around by shares, services, words on regions that are down, or files', () => {
  const part = { regions, words: [aWord('dublin', { share: 0.1 })] };
  const share = aWord('paris', { share: 0.1 });
  assert.match(against(byContinent, part, { word: share }), /drained for 10 % of clients/);
  const within = { regions, words: [aWord('dublin', { service: aName('www') })] };
  assert.match(against(byContinent, within, { word: aWord('paris') }), /^www.example.test/);
  const health = { dublin: downHealth(), paris: downHealth() };
  const down = { regions, health, words: [aWord('dublin')] };
  assert.match(against(byContinent, down, { word: aWord('paris') }), /^by the words of operators/);
  const drained = { regions, words: [aWord('dublin')] };
  const files = { regions: regions.filter(({ id }) => id !== 'paris') };
  assert.match(against(byContinent, drained, { files }), /paris \(no longer listed\)/);
  const services = [aService({ regions: ['dublin', 'ashburn', 'nowhere'] })];
  assert.match(against(byContinent, drained, { files: { regions, services } }), /paris/);
});

test('whatever brings one of them back is taken', () => {
  const fleet = { regions, words: [aWord('dublin'), aWord('paris')] };
  assert.equal(against(byContinent, fleet, { word: aWord('paris', { isLifted: true }) }), '');
  assert.equal(against(byContinent, fleet, { word: aWord('paris', { share: 0.5 }) }), '');
});
