import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { continentOf } from '../../src/model/continent.ts';
import { internetUsers } from '../../src/simulation/internet-users.ts';
import type { Rows } from '../../src/simulation/population.ts';
import { percentV6, worldPopulation } from '../../src/simulation/world.ts';
import { anAtlas } from '../support/atlas.ts';
import { runToEnd } from '../support/population.ts';

const atlas = anAtlas([
  { prefix: '8.0.0.0/24', country: 'US', lat: 40, lon: -75 },
  { prefix: '8.0.1.0/24', country: 'US', lat: 41, lon: -75 },
  { prefix: '9.0.0.0/24', country: 'US', lat: 40, lon: -75 },
  { prefix: '81.0.0.0/24', country: 'GB', lat: 51, lon: 0 },
  { prefix: '82.0.0.0/24', country: 'JE', lat: 49, lon: -2 },
  { prefix: '2a00:1::/32', country: 'GB', lat: 51, lon: 0 },
  { prefix: '2a10::/24', country: 'GB', lat: 51, lon: 0 },
]);

/** First address in hexadecimal and units, of rows that have some. */
function unitsOf({ high, units }: Rows): [string, number][] {
  return Array.from(high, (word, i): [string, number] => [word.toString(16), units[i] ?? 0]).filter(
    ([, each]) => each > 0,
  );
}

describe('the default population', () => {
  const users = new Map([
    ['US', 999],
    ['GB', 1000],
  ]);
  const { crowd, unitsPerClient } = runToEnd(worldPopulation(atlas, users));

  test('spreads each country over its addresses, to the last unit', () => {
    const v4 = unitsOf(crowd.v4);
    assert.deepEqual(v4.slice(0, 3), [
      ['8000000', 333 * unitsPerClient],
      ['8000100', 333 * unitsPerClient],
      ['9000000', 333 * unitsPerClient],
    ]);
    assert.deepEqual(v4[3], ['51000000', 10 * (100 - percentV6) * unitsPerClient]);
  });

  test('a territory without a figure has the average of users per IPv4 address', () => {
    // 1999 users on 1024 addresses, and 256 of its own.
    assert.deepEqual(unitsOf(crowd.v4)[4], [
      '52000000',
      Math.ceil((256 * 1999) / 1024) * unitsPerClient,
    ]);
  });

  test('an IPv6 block counts for no more than a /32', () => {
    const half = (10 * percentV6 * unitsPerClient) / 2;
    assert.deepEqual(unitsOf(crowd.v6), [
      ['2a000001', half],
      ['2a100000', half],
    ]);
  });

  test('addresses that GeoIP does not know have nobody', () => {
    const sum = [crowd.v4, crowd.v6].flatMap(({ units }) => [...units]).reduce((x, y) => x + y, 0);
    assert.equal(sum, (999 + 1000 + 500) * unitsPerClient);
  });
});

describe('the figures', () => {
  test('name countries that there are, each once, about 4.7 billion people together', () => {
    for (const [country, people] of internetUsers) {
      assert.ok(continentOf(country), country);
      assert.ok(Number.isInteger(people) && people >= 0, country);
    }
    const sum = [...internetUsers.values()].reduce((x, y) => x + y, 0);
    assert.ok(sum > 4.5e9 && sum < 4.9e9, String(sum));
    assert.equal(internetUsers.get('DE'), 74_840_000);
    assert.equal(internetUsers.get('US'), 305_371_000);
  });
});
