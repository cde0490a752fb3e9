// Words on parts of regions, and rules against them, among real directors that share two Redis servers.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { DrillReport } from '../../src/model/drill.ts';
import type { HealthReport, OverrideReport, ResolveReport } from '../../src/model/report.ts';
import { askUdp } from '../support/ask.ts';
import type { DirectorProcess } from '../support/director-process.ts';
import { eventually } from '../support/eventually.ts';
import {
  addressOf,
  allSay,
  directorOf,
  directorsOf,
  type Fleet,
  fleetRegions,
  getJson,
  regionForBerlin,
  startFleet,
} from '../support/fleet-process.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { linesOf } from '../support/solo.ts';
import { startProxy } from '../support/tcp-proxy.ts';

const api = '      - { name: api, regions: [eu, us, ap], policy: nearest }\n';
const twoMustServe = 'safety: { minRegions: 2 }\n';
const second = '192.0.2.21';

let redises: TestRedis[];
let fleet: Fleet;

before(async () => {
  redises = await Promise.all([startRedis(), startRedis()]);
  const boards = redises.map(({ url }) => url);
  fleet = await startFleet(boards, { more: `${api}${twoMustServe}dns: { workers: 0 }\n` });
  await allSay(fleet, 'fresh');
});

after(async () => {
  await fleet?.[Symbol.asyncDispose]();
  for (const redis of redises) await redis[Symbol.asyncDispose]();
});

const drain = { kind: 'drain', actor: 'alice', reason: 'disk swap', for: '10m' };

async function say(director: DirectorProcess, word: object): Promise<Response> {
  return fetch(`${director.http}/v1/overrides`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...drain, ...word }),
  });
}

async function given(director: DirectorProcess, word: object): Promise<string> {
  const response = await say(director, word);
  const report = (await response.json()) as { readonly id: string };
  assert.equal(response.status, 201, JSON.stringify(report));
  return report.id;
}

async function end(director: DirectorProcess, id: string): Promise<void> {
  const response = await fetch(`${director.http}/v1/overrides/${id}?actor=alice`, {
    method: 'DELETE',
  });
  assert.equal(response.status, 200);
}

/** What DNS says to a network, in any order; HTTP must say the same. */
async function dataFor(director: DirectorProcess, name: string, subnet: string): Promise<string> {
  const reply = await askUdp(director.dnsPort, { name, subnet });
  const path = `/v1/resolve?name=${name}&client=${encodeURIComponent(subnet)}`;
  const report = await getJson<ResolveReport>(director, path);
  const [dns, http] = [reply.answers, report.answers].map((answers) =>
    answers
      .map(({ data }) => data)
      .toSorted()
      .join(' '),
  );
  return dns === http ? (dns ?? '') : `DNS ${dns}, HTTP ${http}`;
}

const berlin = '141.20.0.0/24';
const boston = '128.30.0.0/24';

async function allAnswer(name: string, subnet: string, ...data: string[]): Promise<void> {
  await eventually(`${name} is ${data.join(' ')} everywhere`, async () => {
    const all = await Promise.all(directorsOf(fleet).map((each) => dataFor(each, name, subnet)));
    return all.every((each) => each === data.toSorted().join(' '));
  });
}

/** Runs the program as an operator would; resolves with its exit code and what it printed. */
async function meridian(...args: string[]): Promise<{ code: number; text: string }> {
  const main = fileURLToPath(new URL('../../src/meridian.js', import.meta.url));
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    );
  });
}

describe('a word on a part of a region reaches every director', { concurrency: false }, () => {
  test('on one service, while the other one stays', async () => {
    const id = await given(directorOf(fleet, 'ap'), { region: 'eu', service: 'api.example.test' });
    await allAnswer('api.example.test', berlin, addressOf('us'));
    await allAnswer('www.example.test', berlin, addressOf('eu'));
    await end(directorOf(fleet, 'us'), id);
    await allAnswer('api.example.test', berlin, addressOf('eu'));
  });

  test('on one address, which all others outlive', async () => {
    for (const folder of fleet.folders.values()) {
      const text = readFileSync(`${folder.folder}/regions/us.yaml`, 'utf8');
      folder.write('regions/us.yaml', text.replace('[192.0.2.20]', `[192.0.2.20, ${second}]`));
    }
    await allAnswer('www.example.test', boston, addressOf('us'), second);
    const id = await given(directorOf(fleet, 'eu'), { region: 'us', endpoint: second });
    await allAnswer('www.example.test', boston, addressOf('us'));
    await allAnswer('api.example.test', boston, addressOf('us'));
    const { text } = await meridian(
      'explain',
      'www.example.test',
      '--client',
      boston,
      '--url',
      directorOf(fleet, 'ap').http,
    );
    assert.match(text, new RegExp(`us answers without ${second} drained by alice until`));
    await end(directorOf(fleet, 'eu'), id);
    await allAnswer('www.example.test', boston, addressOf('us'), second);
  });

  test('for a share, of the same networks at each, who stay out as it grows', async () => {
    const subnets = Array.from({ length: 60 }, (_, i) => `${77 + (i % 18)}.${i * 4}.0.0/24`);
    const outAt = async (director: DirectorProcess): Promise<Set<string>> => {
      const out = new Set<string>();
      for (const subnet of subnets) {
        const data = await dataFor(director, 'www.example.test', subnet);
        if (data !== addressOf('eu')) out.add(subnet);
      }
      return out;
    };
    const outOf = async (share: number) => {
      const id = await given(directorOf(fleet, 'us'), { region: 'eu', share });
      await eventually('all have heard', async () => {
        const lists = await Promise.all(
          directorsOf(fleet).map((each) => getJson<{ id: string }[]>(each, '/v1/overrides')),
        );
        return lists.every((list) => list.some((word) => word.id === id));
      });
      const [first, ...others] = await Promise.all(directorsOf(fleet).map(outAt));
      assert.ok(first !== undefined);
      for (const other of others) assert.deepEqual(other, first);
      return { id, out: first };
    };
    const atFirst = await outAt(directorOf(fleet, 'ap'));
    const quarter = await outOf(0.25);
    const half = await outOf(0.5);
    assert.ok(atFirst.size < quarter.out.size && quarter.out.size < half.out.size);
    assert.ok(quarter.out.isSubsetOf(half.out));
    await end(directorOf(fleet, 'ap'), half.id);
    await eventually('all are back', async () => {
      const out = await Promise.all(directorsOf(fleet).map(outAt));
      return out.every((each) => each.symmetricDifference(atFirst).size === 0);
    });
  });
});

describe('a rule of a fleet is not got around', { concurrency: false }, () => {
  let first: string;

  before(async () => {
    first = await given(directorOf(fleet, 'eu'), { region: 'eu' });
    await eventually('Berlin is moved everywhere', async () => {
      const all = await Promise.all(
        directorsOf(fleet).map((each) => dataFor(each, 'api.example.test', berlin)),
      );
      return all.every((data) => data.includes(addressOf('us')));
    });
  });

  test('by a word, a part of one, a share of one or a drill at another director', async () => {
    const us = directorOf(fleet, 'us');
    const words: object[] = [
      { region: 'us' },
      { region: 'us', kind: 'down' },
      { region: 'us', service: 'www.example.test' },
      { region: 'us', endpoint: second },
      { region: 'us', share: 0.1 },
      { region: 'us', for: undefined, permanent: true, confirm: 'us' },
      { region: 'us', breakGlass: { rules: ['gate'], reason: 'the wrong one' } },
    ];
    for (const word of words) {
      const response = await say(us, word);
      const problem = (await response.json()) as { code: string; rules: { rule: string }[] };
      assert.equal(response.status, 409, JSON.stringify(problem));
      assert.equal(problem.code, 'safety.refused');
      assert.deepEqual(
        problem.rules.map(({ rule }) => rule),
        ['minRegions'],
      );
    }
    const steps = [{ share: 0.1, hold: '10s' }];
    const drill = await fetch(`${us.http}/v1/drills`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ region: 'us', steps, actor: 'alice', reason: 'why not' }),
    });
    assert.equal(drill.status, 409, await drill.text());
  });

  test('by the command, nor by saying it to each director', async () => {
    const urls = directorsOf(fleet).flatMap(({ http }) => ['--url', http]);
    const plain = ['drain', 'us', '--reason', 'disk swap'];
    for (const args of [urls.slice(0, 2), ['--direct', ...urls]]) {
      const { code, text } = await meridian(...plain, ...args);
      assert.equal(code, 1, text);
      assert.match(text, /minRegions: .*2 must serve/);
    }
  });

  test('by files, with the rule in them or without it', async () => {
    const [us, folder] = [directorOf(fleet, 'us'), fleet.folders.get('us')];
    assert.ok(folder !== undefined);
    const text = readFileSync(folder.main, 'utf8');
    const fewer = text.replaceAll('regions: [eu, us, ap]', 'regions: [eu, ap]');
    assert.notEqual(fewer, text);
    // A file may be read while it is written, which is another fault of its own.
    const refusals = (): number =>
      linesOf(us, 'config.refused').filter(({ code }) => code === 'safety.refused').length;
    const reloads = linesOf(us, 'config.reloaded').length;
    for (const next of [fewer, fewer.replace(twoMustServe, '')]) {
      const known = refusals();
      folder.write('meridian.yaml', next);
      us.signal('SIGHUP');
      await eventually('it is refused', () => refusals() > known);
    }
    assert.equal(linesOf(us, 'config.reloaded').length, reloads);
    folder.write('meridian.yaml', text);
    const answer = await dataFor(us, 'www.example.test', boston);
    assert.ok(answer.includes(addressOf('us')), answer);
  });

  test('by a failure, which is not refused: it is alarmed at each, and nobody is left without an answer', async () => {
    await fleet.fail('us');
    await eventually('all answer with the region that is left', async () => {
      const all = await Promise.all(directorsOf(fleet).map(regionForBerlin));
      return all.every((region) => region === 'ap');
    });
    for (const director of directorsOf(fleet)) {
      await eventually('it says so', async () => {
        const { broken = [] } = await getJson<HealthReport>(director, '/v1/health');
        const metrics = await fetch(`${director.http}/metrics`).then((page) => page.text());
        return (
          broken.some(({ rule }) => rule === 'minRegions') &&
          metrics.includes('meridian_safety_broken{rule="minRegions"} 1') &&
          linesOf(director, 'safety.broken').length > 0
        );
      });
    }
    await fleet.fail('ap');
    await eventually('nothing is alive', async () => {
      const all = await Promise.all(
        directorsOf(fleet).map((each) => getJson<HealthReport>(each, '/v1/health')),
      );
      return all.every(({ regions }) =>
        regions.every(({ region, verdict }) => (verdict === 'down') === (region !== 'eu')),
      );
    });
    for (const director of directorsOf(fleet)) {
      const data = await dataFor(director, 'www.example.test', berlin);
      // Geography alone, without the one that an operator has taken out.
      assert.ok(data.includes(addressOf('us')), data);
    }
    for (const region of fleetRegions) await fleet.heal(region);
    await allSay(fleet, 'fresh');
    await end(directorOf(fleet, 'ap'), first);
    await eventually('it holds again', async () => {
      const all = await Promise.all(
        directorsOf(fleet).map((each) => getJson<HealthReport>(each, '/v1/health')),
      );
      return all.every(({ broken }) => broken === undefined);
    });
  });
});

describe('an answer that is lost on the way', { concurrency: false }, () => {
  const signed = (...asked: string[]) => [...asked, '--reason=test', '--actor=carol'];

  test('is asked for again by the command, and the word was given once', async () => {
    const us = directorOf(fleet, 'us');
    await using wire = await startProxy(Number(new URL(us.http).port));
    wire.loseAnswers(2);
    const url = `--url=http://127.0.0.1:${wire.port}`;
    const { code, text } = await meridian(...signed('drain', 'eu', '--for=10m', url));
    assert.equal(code, 0, text);
    assert.equal(text.match(/dropped before the answer; the same request again/g)?.length, 2);
    const all = await getJson<OverrideReport[]>(us, '/v1/overrides');
    const words = all.filter(({ actor, isActive }) => actor === 'carol' && isActive);
    assert.equal(words.length, 1, text);
    wire.loseAnswers(1);
    const ended = await meridian('override', 'end', words[0]?.id ?? '', '--actor=carol', url);
    assert.equal(ended.code, 0, ended.text);
    await allAnswer('www.example.test', berlin, addressOf('eu'));
  });

  test('is asked for again by who runs a drill, and one was begun', async () => {
    const ap = directorOf(fleet, 'ap');
    await using wire = await startProxy(Number(new URL(ap.http).port));
    wire.loseAnswers(1);
    const url = `--url=http://127.0.0.1:${wire.port}`;
    const run = await meridian(...signed('drill', 'run', '--region=eu', url));
    assert.equal(run.code, 0, run.text);
    assert.match(run.text, /the same request again in 0\.\d s\n/);
    const drills = await getJson<DrillReport[]>(ap, '/v1/drills');
    assert.deepEqual(
      drills.map(({ actor }) => actor),
      ['carol'],
    );
    const { id = '' } = drills[0] ?? {};
    wire.loseAnswers(1);
    const ended = await meridian('drill', 'abort', id, '--actor=carol', url);
    assert.equal(ended.code, 0, ended.text);
    const report = await getJson<DrillReport>(ap, `/v1/drills/${id}`);
    assert.deepEqual([report.phase, report.abort?.message], ['aborted', 'by carol']);
  });
});
