import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClientsReader } from '../../src/simulation/clients-csv.ts';
import type { Population } from '../../src/simulation/population.ts';
import { aName } from '../support/fleet.ts';

const names = new Set([aName('www'), aName('api')]);

function read(lines: readonly string[]): Population | string {
  const reader = new ClientsReader(names);
  for (const line of lines) {
    const wrong = reader.take(line);
    if (wrong !== undefined) return wrong;
  }
  return reader.finish('clients.csv');
}

/** Why a file is refused; empty when it is not. */
function wordsOf(found: Population | string): string {
  return typeof found === 'string' ? found : '';
}

describe('a client histogram', () => {
  test('is read with or without a header, comments, names and ways', () => {
    const population = read([
      '\uFEFFnetwork,weight,name',
      '# a comment',
      '',
      '8.0.0.0/24,3',
      '2001:470::/32,1,,resolver',
      '8.0.1.0/24,4,www.example.test,subnet',
      '8.0.1.0/24,4,ftp.example.test',
    ]);
    assert.ok(typeof population === 'object');
    assert.deepEqual([...population.crowd.v4.units], [3000]);
    assert.deepEqual([...population.crowd.v6.units], [1000]);
    assert.deepEqual([...(population.byName.get(aName('www'))?.v4.units ?? [])], [4000]);
    assert.equal(population.byName.size, 1);
    assert.equal(
      population.source,
      'clients.csv (1 of its rows are of other names, 12.5 % of it resolvers that name no client)',
    );
  });

  test('networks may overlap: each row is clients of its own', () => {
    const population = read(['8.0.0.0/8,1', '8.0.0.0/24,1', '8.0.0.0/24,1']);
    assert.ok(typeof population === 'object');
    assert.deepEqual([...population.crowd.v4.units], [1000, 1000, 1000]);
  });

  test('the first line that makes no sense is named, and nothing of the file is used', () => {
    for (const line of [
      '8.0.0.0/24,NaN',
      '8.0.0.0/24,-1',
      '8.0.0.0/24,1e9',
      '8.0.0.1/24,1',
      'network,1',
      '8.0.0.0/24,1,www.example.test,somehow',
      '8.0.0.0/24,1,,subnet,more',
      '\uFFFD\uFFFD,1',
      `8.0.0.0/24,${'9'.repeat(40)}`,
      'x'.repeat(100_000),
    ]) {
      assert.match(wordsOf(read(['8.0.0.0/24,1', line])), /^line 2 is no /, line.slice(0, 40));
    }
  });

  test('a file in which nobody asks is refused, as is one that is for other names', () => {
    assert.match(wordsOf(read([])), /no row/);
    assert.match(wordsOf(read(['8.0.0.0/24,0'])), /no row/);
    assert.match(wordsOf(read(['8.0.0.0/24,5,ftp.example.test'])), /no row/);
  });

  test('more rows than memory is meant for are refused as soon as they come, of whatever name', () => {
    const reader = new ClientsReader(names, 3);
    const rows = ['8.0.0.0/24,1', '8.0.0.0/24,1,ftp.example.test', '8.0.0.0/24,1', '8.0.0.0/24,1'];
    assert.deepEqual(
      rows.map((row) => reader.take(row)),
      [undefined, undefined, undefined, 'it has more than 3 rows'],
    );
  });

  test('huge weights stay whole numbers whose sums are exact', () => {
    const population = read(Array.from({ length: 50 }, () => '8.0.0.0/24,999999999999999'));
    assert.ok(typeof population === 'object');
    const sum = population.crowd.v4.units.reduce((x, y) => x + y, 0);
    assert.ok(sum <= Number.MAX_SAFE_INTEGER && Number.isInteger(sum));
    assert.ok(population.unitsPerClient > 0 && population.unitsPerClient < 1);
  });
});
