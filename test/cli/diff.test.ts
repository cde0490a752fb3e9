import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { diff } from '../../src/cli/diff.ts';
import type { Comparison } from '../../src/simulation/comparison.ts';
import { createPlaces, places } from '../support/rehearsed.ts';
import { runIn } from '../support/terminal.ts';

/** With a rule for France, and one name instead of another. */
const changed = places
  .replace(
    'regions: [dublin, ashburn] }',
    'regions: [dublin, ashburn], policy: [rules: [{ countries: [FR], prefer: [ashburn] }], nearest] }',
  )
  .replace('name: api', 'name: shop');

async function compared(other: string, ...args: string[]) {
  using config = createPlaces();
  config.write('other.yaml', other);
  const clients = join(dirname(config.main), 'clients.csv');
  const files = [config.main, join(dirname(config.main), 'other.yaml')];
  return await runIn(diff, [...files, '--clients', clients, ...args]);
}

describe('meridian diff', () => {
  test('tells a change in terms of clients', async () => {
    const run = await compared(changed);
    assert.equal(run.code, 0, run.err);
    assert.deepEqual(run.out.split('\n'), [
      '25.0 % of clients change region: 25.0 % dublin → ashburn, mostly AS3320.',
      'New names: shop.example.test.',
      'Names that go: api.example.test.',
    ]);
  });

  test('the same files move nobody', async () => {
    assert.deepEqual((await compared(places)).out, 'Nobody changes region.');
  });

  test('exits with 1 beyond a limit, and names the figure', async () => {
    const run = await compared(changed, '--max-moved', '5%');
    assert.equal(run.code, 1);
    assert.match(run.err, /25\.0 % of clients change region, and --max-moved allows 5\.0 %/);
    assert.equal((await compared(changed, '--max-moved', '25%')).code, 0);
    assert.equal((await compared(changed, '--max-moved', 'all')).code, 2);
  });

  test('--json has every move', async () => {
    const run = await compared(changed.replace('name: shop', 'name: api'), '--json');
    const { total, services } = JSON.parse(run.out) as Comparison;
    assert.equal(total.moved, 0.125);
    assert.equal(services[0]?.moves[0]?.to, 'ashburn');
  });

  test('per name where there are several', async () => {
    const run = await compared(changed.replace('name: shop', 'name: api'));
    assert.deepEqual(run.out.split('\n'), [
      '12.5 % of clients change region: 12.5 % dublin → ashburn, mostly AS3320.',
      '',
      'www.example.test: 25.0 %',
      '  25.0 % dublin → ashburn: mostly AS3320 25.0 %',
    ]);
  });
});
