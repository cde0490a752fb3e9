// `meridian drill plan`: predictions from whose clients, what is said of the plan, and what stands against it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { drill as command } from '../../src/cli/drill.ts';
import type { LoadFacts } from '../../src/model/load-report.ts';
import { clients as known } from '../support/fake-api.ts';
import { createPlaces, places } from '../support/rehearsed.ts';
import { runIn } from '../support/terminal.ts';

const plan = ['plan', '--region=dublin', '--reason=rehearsal', '--actor=alice', '--hold=5m'];

async function planned(words: readonly string[], main = places) {
  using config = createPlaces(main);
  return await runIn(command, [...plan, '--config', config.main, ...words]);
}

async function counted(...words: string[]) {
  using config = createPlaces();
  const file = join(dirname(config.main), 'clients.csv');
  return await runIn(command, [...plan, '--config', config.main, '--clients', file, ...words]);
}

const load = (region: string, share: number | null): LoadFacts => ({
  region,
  load: share,
  connections: null,
  source: 'report',
  ageSeconds: 1,
  shed: 0,
});

/** A director that counts clients, and knows loads. */
async function startCounting(isCollecting: boolean, ashburn: number | null = 0.6) {
  const csv = 'network,weight\n81.0.0.0/16,10\n8.0.0.0/24,30\n';
  const server = createServer(({ url = '' }, response) => {
    const isCsv = url.includes('format=csv');
    const json = url.startsWith('/v1/load')
      ? [load('dublin', 0.3), load('ashburn', ashburn)]
      : { ...known, director: 'd1', isCollecting };
    response.setHeader('content-type', isCsv ? 'text/csv' : 'application/json');
    response.end(isCsv ? csv : JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('meridian drill plan', () => {
  test('says what the plan is, and what ends it early', async () => {
    const run = await counted(
      '--steps=25%,100%',
      '--max-load=90%',
      '--abort-if=metric errors at http://192.0.2.1/metrics above 5 for 30s',
    );
    assert.equal(run.code, 0, run.err);
    const [first, second] = run.out.split('\n');
    assert.equal(
      first,
      'Drill of dublin: 25.0 % for 5m, 100.0 % for 5m, after 30s of a short TTL; over in 640s at the latest',
    );
    assert.equal(
      second,
      'It ends early when a verdict changes; when another region is above 90.0 % of its capacity; when metric errors at http://192.0.2.1/metrics is above 5 for 30s',
    );
  });

  test('predicts by a histogram of clients, step by step, with the load that they bring', async () => {
    const run = await counted('--steps=50%,100%', '--service=www.example.test', '--load=2000');
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /^Population: 100, clients\.csv$/m);
    assert.match(run.out, /^ashburn +25\.0 % +62\.5 % +100\.0 %$/m);
    assert.match(run.out, /^dublin +75\.0 % +37\.5 % +0\.0 %$/m);
    assert.match(run.out, /^ {2}ashburn +25\.0 % +100\.0 % +500 → 2,000$/m);
    assert.match(run.out, /How fast clients leave dublin when .*: www\.example\.test, TTL/);
  });

  test('predicts by the internet’s users where there is no histogram, and says so', async () => {
    const run = await planned(['--service=www.example.test']);
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /^Population: [\d,]+, .*internet users.*, over the addresses of .*$/im);
  });

  test('asks a director, if told to, for the clients that it counts and for loads', async () => {
    await using director = await startCounting(true);
    const run = await planned([
      '--service=www.example.test',
      '--url',
      director.url,
      '--steps=100%',
    ]);
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /^Population: 40, clients as d1 counted them/m);
    // Three of four clients were there at 60 % of what it can take, so that all of them are 80 %.
    assert.match(run.out, /^ashburn +75\.0 % at 60\.0 % +100\.0 % at 80\.0 %$/m);
  });

  test('takes the internet’s users where that director counts nobody', async () => {
    await using director = await startCounting(false);
    const run = await planned(['--service=www.example.test', '--url', director.url]);
    assert.equal(run.code, 0, run.err);
    assert.match(run.out, /^Population: .*over the addresses of/m);
  });

  test('says of which regions no load is known that is to end it, where a director is asked', async () => {
    await using director = await startCounting(true);
    const words = ['--service=www.example.test', '--url', director.url];
    const told = await planned([...words, '--max-load=90%']);
    assert.doesNotMatch(told.out, /No load is known/);
    await using silent = await startCounting(true, null);
    const unknown = ['--service=www.example.test', '--url', silent.url];
    const limited = await planned([...unknown, '--max-load=90%']);
    assert.match(limited.out, /^No load is known of ashburn: until it is, no drill begins/m);
    assert.doesNotMatch((await planned(unknown)).out, /No load is known/);
  });

  test('refuses what a director would refuse, before anything is worked out', async () => {
    for (const [words, message, code = 1] of [
      [['--region=paris'], /there is no region "paris" \(region\.unknown\)/],
      [['--hold=1s'], /\/steps\/0\/hold: got "1s"/],
      [['--abort-if=json a at http://h/ below 0'], /\/abortIf\/numbers\/0\/below: got 0/],
      [['--abort-if=errors above 5'], /--abort-if takes "metric NAME at URL above N/, 2],
    ] as const) {
      const run = await planned(words);
      assert.equal(run.code, code, words.join(' '));
      assert.match(run.err, message);
    }
    assert.equal((await planned(['--load=much'])).code, 2);
  });

  test('says which safety rules stand against it, and exits 1', async () => {
    const ruled = (rules: string) => `${places}\nsafety:\n${rules}\n`;
    const words = ['--service=www.example.test'];
    const against = await planned(words, ruled('  minRegions: 2'));
    assert.equal(against.code, 1, against.err);
    assert.match(
      against.out,
      /^Against it, were it begun now: minRegions: .* it takes 1 more of dublin/m,
    );
    const fine = await planned(words, ruled('  minRegions: 1\n  gate: open'));
    assert.equal(fine.code, 0, fine.err);
    assert.match(fine.out, /^Safety rules, .*: nothing against it \(minRegions, gate\)$/m);
  });
});
