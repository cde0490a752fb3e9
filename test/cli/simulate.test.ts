import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { describeComparison } from '../../src/cli/comparison-text.ts';
import { simulate } from '../../src/cli/simulate.ts';
import type { Comparison } from '../../src/simulation/comparison.ts';
import { aComparison } from '../support/comparison.ts';
import { createPlaces, places } from '../support/rehearsed.ts';
import { runIn, startFakeDirector } from '../support/terminal.ts';

async function simulated(...args: string[]) {
  using config = createPlaces();
  const clients = join(dirname(config.main), 'clients.csv');
  return await runIn(simulate, ['--config', config.main, '--clients', clients, ...args]);
}

describe('meridian simulate', () => {
  test('tells region by region what becomes of clients and load', async () => {
    const run = await simulated(
      '--down',
      'dublin',
      '--load',
      '2000',
      '--service',
      'www.example.test',
    );
    assert.equal(run.code, 0, run.err);
    assert.deepEqual(run.out.split('\n'), [
      'Change: dublin is down',
      'Population: 100, clients.csv',
      '',
      'www.example.test: 75.0 % of clients change region, 75.0 % end up more than 1000 km farther, 75.0 % more than 30 ms slower (estimated from distance)',
      '  REGION   BEFORE   AFTER    REQUESTS/S',
      '  ashburn   25.0 %  100.0 %  500 → 2,000',
      '  dublin    75.0 %    0.0 %  1,500 → 0',
      '  75.0 % dublin → ashburn: mostly AS3320 25.0 %',
      '  COUNTRY  CLIENTS  MOVE     MOST OF THOSE',
      '  GB        50.0 %   50.0 %  dublin → ashburn',
      '  FR        25.0 %   25.0 %  dublin → ashburn',
      '  Distance: half within 450 km, 95 % within 750 km; then half within 5,900 km, 95 % within 6,175 km',
      '  Cache: 2 scopes',
      '  Answers: 100.0 % healthy',
    ]);
  });

  test('a limit that breaks is named with its figures, and the exit code is 1', async () => {
    const run = await simulated(
      '--down=dublin,ashburn',
      '--no-empty',
      '--service=www.example.test',
    );
    assert.equal(run.code, 1);
    const left = 'www.example.test is left without a healthy answer: 100.0 % fail-open.';
    assert.equal(run.err, `Limit broken: ${left}`);
    assert.ok(run.out.endsWith(`\n\n${left}`));
    const moved = await simulated(
      '--down=dublin',
      '--max-share-moved=74.9%',
      '--max-farther-share=1%',
      '--max-slower-share=1%',
    );
    assert.equal(moved.code, 1);
    assert.match(moved.err, /www.*75\.0 % of clients move, and --max-share-moved allows 74\.9 %/);
    assert.match(
      moved.err,
      /api.*more than 1000 km farther, and --max-farther-share allows 1\.0 %/,
    );
    assert.match(
      moved.err,
      /api.*more than 30 ms slower \(estimated from distance\), and --max-slower-share allows 1\.0 %/,
    );
    const kept = await simulated(
      '--down=dublin',
      '--max-share-moved=75%',
      '--max-slower-share=0%',
      '--max-slower-ms=200',
    );
    assert.equal(kept.code, 0, kept.err);
  });

  test('capacities of the region files make loads shares, and a limit on them breaks with its figures', async () => {
    using config = createPlaces(places, {
      dublin: 'load: { capacity: 2000 }',
      ashburn: 'load: { capacity: 1600 }',
    });
    const clients = join(dirname(config.main), 'clients.csv');
    const words = ['--config', config.main, '--clients', clients, '--service=www.example.test'];
    const lost = [...words, '--down=dublin', '--load=2000'];
    const broken = await runIn(simulate, [...lost, '--max-load=90%']);
    assert.equal(broken.code, 1);
    assert.equal(
      broken.err,
      'Limit broken: ashburn would have 125.0 % of its capacity, and --max-load allows 90.0 %.',
    );
    assert.deepEqual(broken.out.split('\n').slice(4, 7), [
      '  REGION   BEFORE   AFTER    REQUESTS/S   OF CAPACITY',
      '  ashburn   25.0 %  100.0 %  500 → 2,000  31.3 % → 125.0 %',
      '  dublin    75.0 %    0.0 %  1,500 → 0    75.0 % → 0.0 %',
    ]);
    const kept = await runIn(simulate, [...lost, '--max-load=125%']);
    assert.equal(kept.code, 0, kept.err);
    const busy = await runIn(simulate, [...words, '--set-load=dublin=1.5']);
    assert.match(busy.out, /^Change: dublin is asked for 150\.0 % of what fills it$/m);
    assert.match(busy.out, /^www\.example\.test: [34]\d\.\d % of clients change region/m);
  });

  test('a country is told with the move of those who move, also where most of it stays', () => {
    const comparison = aComparison();
    const [service] = comparison.services;
    assert.ok(service);
    const countries = [{ country: 'CN', share: 0.3, moved: 0.1, before: 'eu', after: 'eu' }];
    const part = { share: 0.1, countries: [{ of: 'CN', share: 0.1 }], systems: [] };
    const moves = [
      { from: 'us', to: 'ap', ...part, countries: [] },
      { from: 'us', to: 'eu', ...part },
    ];
    const services = [{ ...service, countries, moves }];
    const lines = describeComparison({ ...comparison, services });
    assert.ok(lines.includes('  CN        30.0 %   10.0 %  us → eu'), lines.join('\n'));
  });

  test('a limit on load that nothing can be held to is broken, not kept', async () => {
    const run = await simulated('--down=dublin', '--load=10', '--max-load=90%');
    assert.equal(run.code, 1);
    assert.match(run.err, /states its capacity, so --max-load cannot be checked/);
  });

  test('--json prints all of it, in shares', async () => {
    const run = await simulated('--drain', 'dublin', '--json');
    const comparison = JSON.parse(run.out) as Comparison & { change: string };
    assert.equal(comparison.total.moved, 0.75);
    assert.equal(comparison.change, 'dublin is drained');
    assert.equal(comparison.services.length, 2);
    assert.deepEqual(comparison.services[0]?.cells[0]?.latitude, 40);
  });

  test('--progress says how far it is, where nobody watches', async () => {
    const run = await simulated('--down=dublin', '--progress');
    assert.match(run.err, /██████████ 100 %$/);
  });

  test('--url takes over what a director holds to be down and drained', async () => {
    const region = (id: string, verdict: string) => ({ region: id, verdict, override: null });
    const json = { regions: [region('dublin', 'down'), region('ashburn', 'up')] };
    await using director = await startFakeDirector({ 'GET /v1/health': { json } });
    const run = await simulated('--url', director.url, '--down=dublin', '--json');
    const { regions, total } = JSON.parse(run.out) as Comparison;
    assert.deepEqual([regions[0]?.region, regions[0]?.before, total.moved], ['ashburn', 1, 0]);
  });

  test('--config alone is what would be, where another stands in the folder; with a change it is what is', async () => {
    using config = createPlaces();
    const folder = dirname(config.main);
    config.write('new.yaml', places.replace('regions: [dublin, ashburn]', 'regions: [ashburn]'));
    const clients = ['--clients', join(folder, 'clients.csv'), '--service=www.example.test'];
    const home = process.cwd();
    process.chdir(folder);
    try {
      const first = async (...args: string[]): Promise<string[]> => {
        const run = await runIn(simulate, [...args, ...clients]);
        assert.equal(run.code, 0, run.err);
        return run.out.split('\n').filter((line) => /^(?:Change|www)/.test(line));
      };
      const moves = /^www\.example\.test: 75\.0 % of clients change region/;
      const [change, moved] = await first('--config', 'new.yaml');
      assert.equal(change, 'Change: new.yaml instead of meridian.yaml');
      assert.match(moved ?? '', moves);
      const [same, also] = await first('--config', 'meridian.yaml', '--to', 'new.yaml');
      assert.deepEqual([same, also], [change, moved]);
      const kept = 'www.example.test: nobody changes region';
      assert.deepEqual(await first('--config', 'new.yaml', '--drain=dublin'), [
        'Change: dublin is drained',
        kept,
      ]);
      assert.deepEqual(await first('--config', './meridian.yaml'), [
        'Change: nothing changes',
        kept,
      ]);
      assert.deepEqual(await first(), ['Change: nothing changes', kept]);
    } finally {
      process.chdir(home);
    }
  });

  test('wrong words are wrong usage', async () => {
    for (const args of [
      ['--bias', 'dublin'],
      ['--bias=dublin=100'],
      ['--weight=dublin=-1'],
      ['--set-load=dublin=x'],
      ['--load=many'],
      ['--max-load=90'],
      ['--max-load=90%'],
      ['--max-share-moved=5'],
      ['--max-farther-km=far'],
      ['--max-slower-ms=slow'],
      ['--max-slower-share=2'],
      ['--unknown'],
      ['www'],
    ]) {
      const run = await runIn(simulate, args);
      assert.equal(run.code, 2, args.join(' '));
      assert.match(run.err, /Usage: meridian simulate/);
    }
  });

  test('faults of the files come as one line and exit code 1', async () => {
    const run = await simulated('--down', 'nowhere');
    assert.equal(run.code, 1);
    assert.match(run.err, /no region "nowhere" \(region\.unknown\)/);
  });
});
