// A drain in a real fleet stands in the timelines and on the disks of all directors, and what is changed there is found.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { run } from '../../src/cli/run.ts';
import type { TimelinePage } from '../../src/model/audit.ts';
import { eventually } from '../support/eventually.ts';
import {
  allSay,
  directorOf,
  directorsOf,
  type Fleet,
  fleetRegions,
  getJson,
  startFleet,
} from '../support/fleet-process.ts';
import { startRedis } from '../support/redis.ts';

const owned = new AsyncDisposableStack();
let fleet: Fleet;

before(async () => {
  const redis = owned.use(await startRedis());
  fleet = owned.use(await startFleet([redis.url]));
  await allSay(fleet, 'fresh');
});

after(() => owned.disposeAsync());

async function meridian(...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(words, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    env: { MERIDIAN_SECRETS: 'a secret for tests only' },
    signal: new AbortController().signal,
  });
  return { code, out, err, text: out.join('\n') };
}

const logOf = (region: (typeof fleetRegions)[number]): string =>
  join(fleet.folders.get(region)?.folder ?? '', 'state', 'audit');

const everywhere = (): string[] => directorsOf(fleet).flatMap(({ http }) => ['--url', http]);

const hostile = 'swap\u001b[2J\n2026-01-01 all is well \u202Etxt';

describe('what three directors record', { concurrency: false }, () => {
  test('a drain at one is in the timelines of all, with who gave it, why and where', async (t) => {
    const { http } = directorOf(fleet, 'us');
    const given = await meridian(
      'drain',
      'us',
      '--actor',
      'alice',
      '--reason',
      hostile,
      '--url',
      http,
    );
    assert.equal(given.code, 0, given.err.join());
    for (const director of directorsOf(fleet)) {
      await eventually('it is recorded', async () => {
        const { entries } = await getJson<TimelinePage>(director, '/v1/timeline?region=us');
        const found = entries.find(({ event }) => event === 'override');
        return found?.['by'] === 'alice' && found['reason'] === hostile && found['from'] === 'us-1';
      });
    }
    const story = await meridian('timeline', ...everywhere());
    assert.equal(story.code, 0);
    const lines = story.out.filter((line) => line.includes('drain by alice'));
    assert.equal(lines.length, 1, story.text);
    for (const region of fleetRegions) assert.match(lines[0] ?? '', new RegExp(`${region}-1`));
    assert.match(lines[0] ?? '', /at us-1, over HTTP, loopback/);
    assert.match(lines[0] ?? '', /swap\\u\{1b\}\[2J\\u\{a\}2026-01-01 all is well \\u\{202e\}txt/);
    for (const hidden of ['\u001b', '\u202e']) assert.ok(!story.text.includes(hidden));
    t.diagnostic(story.text);
  });

  test('a command that is refused can be followed from the terminal to the log and the audit log', async () => {
    const director = directorOf(fleet, 'eu');
    const words = ['--actor', 'alice', '--reason', 'swap', '--url', director.http];
    const refused = await meridian('drain', 'mars', ...words);
    assert.equal(refused.code, 1);
    const [, id = ''] = /\(region\.unknown, request ([\w-]+)\)/.exec(refused.err.join('\n')) ?? [];
    assert.notEqual(id, '', refused.err.join('\n'));
    await eventually('it is in the log', () =>
      director.logs().some(({ event, request }) => event === 'http.refused' && request === id),
    );
    const story = await meridian('timeline', '--url', director.http);
    const line = story.out.find((each) => each.includes(id)) ?? '';
    assert.match(line, /REFUSED: POST \/v1\/overrides \(.*region mars.*\) by loopback from 127/);
    await eventually('it is on disk', async () => {
      const shown = await meridian('audit', 'show', logOf('eu'), '--json');
      return shown.out.some((each) => each.includes(`"request":"${id}"`));
    });
    const given = await fetch(`${director.http}/v1/overrides`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'ticket-4711' },
      body: JSON.stringify({ region: 'ap', kind: 'up', actor: 'bob', reason: 'a try', for: '1m' }),
    });
    assert.equal(given.status, 201);
    const told = await meridian('timeline', '--json', '--url', director.http);
    assert.match(told.text, /"request": "ticket-4711"/);
    await eventually('it is in the log, too', () =>
      director.logs().some((each) => each['request'] === 'ticket-4711'),
    );
  });

  test('a director that does not answer is named', async () => {
    const story = await meridian('timeline', ...everywhere(), '--url', 'http://127.0.0.1:1');
    assert.equal(story.code, 0);
    assert.match(story.text, /NOT IN THIS STORY: http:\/\/127\.0\.0\.1:1: no director answers/);
    const json = await meridian('timeline', '--json', '--url', 'http://127.0.0.1:1');
    assert.equal(json.code, 1);
    assert.equal((JSON.parse(json.text) as { missing: unknown[] }).missing.length, 1);
  });

  test('its log is whole as long as nobody touches it, also by what the director knows', async (t) => {
    const { http } = directorOf(fleet, 'eu');
    const whole = await meridian('audit', 'verify', logOf('eu'), '--url', http);
    assert.equal(whole.code, 0, whole.err.join('\n'));
    assert.match(whole.text, /^whole: eu-1, entries 1 to \d+ in 1 file\(s\)/);
    const shown = await meridian('audit', 'show', logOf('eu'));
    t.diagnostic(`${whole.text}\n${shown.text}`);
    assert.match(shown.text, / {5}1 {2}.*Z {2}eu-1 {2}the audit log begins a file/);
    assert.match(shown.text, /eu-1 {2}us: drain by alice until .* \(at us-1\)/);
  });

  test('what is cut off while the director runs is known to it, and recorded by it', async () => {
    const { http } = directorOf(fleet, 'ap');
    const path = join(logOf('ap'), readdirSync(logOf('ap'))[0] ?? '');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${lines.slice(0, -1).join('\n')}\n`);
    const blind = await meridian('audit', 'verify', logOf('ap'));
    assert.equal(blind.code, 0, 'the files alone do not tell');
    const seen = await meridian('audit', 'verify', logOf('ap'), '--url', http);
    assert.equal(seen.code, 1);
    assert.match(seen.err.join('\n'), /truncated: the end is missing: ap-1 at http/);
    await meridian('undrain', 'us', '--actor', 'bob', '--url', http);
    const director = directorOf(fleet, 'ap');
    await eventually('it goes on in another file', async () => {
      const { head } = await getJson<TimelinePage>(director, '/v1/timeline');
      return (head?.seq ?? 0) > lines.length;
    });
    assert.equal(readdirSync(logOf('ap')).length, 2);
    const later = await meridian('audit', 'verify', logOf('ap'));
    assert.equal(later.code, 1);
    assert.match(
      later.err[0] ?? '',
      new RegExp(`:${lines.length}: entry ${lines.length}: truncated`),
    );
    assert.match((await meridian('audit', 'show', logOf('ap'))).text, /THE AUDIT LOG LOST ITS END/);
  });

  test('a director that is killed goes on with its log, and one that stops says so', async () => {
    const director = directorOf(fleet, 'us');
    await director.stop('SIGKILL');
    const path = join(logOf('us'), readdirSync(logOf('us'))[0] ?? '');
    writeFileSync(path, '{"seq":99,"at":"20', { flag: 'a' });
    const torn = await meridian('audit', 'verify', logOf('us'));
    assert.match(torn.err[0] ?? '', /truncated: it has no end/);
    await fleet.restart('us');
    await eventually('it has recorded its start', async () => {
      const { head, entries } = await getJson<TimelinePage>(
        directorOf(fleet, 'us'),
        '/v1/timeline',
      );
      return head !== null && entries.filter(({ event }) => event === 'started').length === 2;
    });
    await directorOf(fleet, 'us').stop();
    const whole = await meridian('audit', 'verify', logOf('us'));
    assert.equal(whole.code, 0, whole.err.join('\n'));
    assert.match(whole.text, /note: .* was torn off at a crash/);
    assert.doesNotMatch(whole.text, /does not end with a stop/);
  });
});
