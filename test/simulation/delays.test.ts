import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Delays, estimateMs } from '../../src/simulation/delays.ts';
import { anAtlas } from '../support/atlas.ts';
import { aPrefix, aRegion, aService, aSnapshot } from '../support/fleet.ts';

const dublin = aRegion('dublin', { latitude: 53, longitude: -6 });
const ashburn = aRegion('ashburn', { latitude: 39, longitude: -77 });
const regions = [dublin, ashburn];
const atlas = anAtlas([{ prefix: '81.0.0.0/8', country: 'GB', lat: 51, lon: 0 }]);
const london = { atlas, place: 1, asn: 0, network: 0 };

function delaysOf(rows: readonly object[] | undefined): Delays {
  const steps = rows === undefined ? [] : [{ kind: 'latency', rows, withinMs: 0 }];
  const { settings } = aSnapshot({ regions, atlas, services: [aService({ regions, steps })] });
  return new Delays(aService({ regions, steps }), settings.regions);
}

test('half a turn of the Earth is estimated at four tenths of a second', () => {
  assert.equal(Math.round(estimateMs(20_015)), 392);
  assert.equal(estimateMs(0), 0);
});

test('a table tells the difference of its two figures, in both directions', () => {
  const delays = delaysOf([{ area: 'GB', countries: ['GB'], ms: { dublin: 10, ashburn: 75.5 } }]);
  assert.equal(delays.gain(dublin.id, ashburn.id, london), 65.5);
  assert.equal(delays.gain(ashburn.id, dublin.id, london), -65.5);
});

test('nothing is known without a row, without one of the figures, and without a table', () => {
  const delays = delaysOf([
    { area: 'GB', countries: ['GB'], ms: { dublin: 10 } },
    { area: '9.9.9.0/24', network: aPrefix('9.9.9.0/24'), ms: { dublin: 1, ashburn: 2 } },
  ]);
  assert.equal(delays.gain(dublin.id, ashburn.id, london), undefined);
  const nowhere = { ...london, place: 0 };
  assert.equal(delays.gain(dublin.id, ashburn.id, nowhere), undefined);
  assert.equal(delays.gain(dublin.id, ashburn.id, { ...nowhere, network: 2 }), 1);
  assert.equal(delaysOf(undefined).gain(dublin.id, ashburn.id, london), undefined);
});
