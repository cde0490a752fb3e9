// The last good configuration: what is kept of the files, and what of their secrets.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { type ConfigFiles, readConfig } from '../../src/config/check.ts';
import {
  decodeLastGood,
  encodeLastGood,
  fillLastGood,
  outlineOf,
  stateFolder,
} from '../../src/config/last-good.ts';
import { formatFault } from '../../src/model/fault.ts';
import { millis } from '../../src/model/time.ts';
import { regionText } from '../support/config.ts';

const secretMain = `
director: { id: a, region: eu }
state: var
gossip:
  boards:
    - rediss://user:SECRET-1@redis-1.example.net:6380
    - redis://redis-2.example.net:6379
    - { url: "redis://:SECRET-2@redis-3.example.net" }
    - { cluster: ["redis-4:6379"], username: SECRET-3, password: SECRET-4 }
    - sentinel: { name: main, nodes: ["redis-5:6379"], username: SECRET-5, password: SECRET-6 }
      password: { env: BOARD }
  secrets: [SECRET-7-of-some-length, { env: FLEET }]
health: { observers: [eu] }
dns: { cookies: { secrets: ["00112233445566778899aabbccddeeff"] } }
zones: [{ name: example.test, services: [{ name: www, regions: [eu] }] }]
# SECRET-8 was the old one
`;

const secretRegion = `${regionText}probe:
  http: https://user:SECRET-9@origin.example.net/
  headers: { Authorization: Bearer SECRET-10, x-api-key: SECRET-11, accept: text/plain }
`;

const env = { BOARD: 'SECRET-12', FLEET: 'SECRET-13-of-some-length' };

function filesOf(main: string, region: string): ConfigFiles {
  return {
    main: { path: 'etc/meridian.yaml', text: main },
    regions: [{ path: 'etc/regions/eu.yaml', text: region }],
    secrets: new Map(),
    digest: 'abc',
    modifiedAt: 5,
  };
}

function read(files: ConfigFiles) {
  const result = readConfig(files, env, (text) => text);
  assert.ok(result.ok, result.ok ? '' : result.faults.map(formatFault).join('\n'));
  return result.value;
}

function kept(files: ConfigFiles) {
  const text = encodeLastGood(read(files).written, millis(1000));
  const decoded = decodeLastGood(text);
  assert.ok(decoded);
  return { text, decoded };
}

const today = (main: string, region: string) => {
  const { main: first, regions } = filesOf(main, region);
  return { main: first, regions };
};

describe('what is kept', () => {
  test('has no secret of the files in it, nor a comment', () => {
    const { text } = kept(filesOf(secretMain, secretRegion));
    assert.doesNotMatch(text, /SECRET|00112233/);
    assert.match(text, /redis-2\.example\.net.*"env":"FLEET".*text\/plain/);
  });

  test('has none of those in the plans of drills either', () => {
    const number = {
      http: 'http://user:SECRET-14@numbers.example.net/',
      headers: { authorization: 'Bearer SECRET-15', accept: 'text/html' },
    };
    const main = { drills: { schedules: [{ abortIf: { numbers: [number] } }] } };
    const written = { main, regions: new Map(), digest: 'abc', modifiedAt: 5 };
    const text = encodeLastGood(written, millis(1000));
    assert.doesNotMatch(text, /SECRET/);
    assert.match(text, /text\/html/);
    assert.equal(decodeLastGood(text)?.gaps.length, 2);
  });

  test("gives the same settings again with today's secrets, whatever other faults today's files have", () => {
    const files = filesOf(secretMain, secretRegion);
    const faulty = today(
      secretMain.replace('observers: [eu]', 'observers: nobody'),
      secretRegion.replace('country: IE', 'country: Ireland'),
    );
    const filled = fillLastGood(kept(files).decoded, faulty);
    assert.ok(filled.ok);
    const again = read({ ...files, ...filled.value });
    assert.deepEqual(again.settings, read(files).settings);
  });

  test('is of no use where a secret stands in a file that cannot be read any more', () => {
    const broken = today(secretMain.replace('health:', '\thealth: ['), secretRegion);
    const filled = fillLastGood(kept(filesOf(secretMain, secretRegion)).decoded, broken);
    assert.ok(!filled.ok);
    const lines = filled.faults.map(formatFault);
    assert.equal(lines.length, 8);
    assert.match(lines[0] ?? '', /the secret at \/gossip\/boards\/0 of etc\/meridian\.yaml/);
    assert.doesNotMatch(lines.join(), /SECRET/);
  });

  test('needs no file at all where no secret stands in one', () => {
    const main = stringify({
      director: { id: 'a', region: 'eu' },
      gossip: { boards: ['redis://redis-1'], secrets: [{ env: 'FLEET' }] },
      health: { observers: ['eu'] },
      zones: [{ name: 'example.test' }],
    });
    const files = filesOf(main, regionText);
    const filled = fillLastGood(kept(files).decoded, { ...today('', ''), regions: [] });
    assert.ok(filled.ok);
    assert.deepEqual(read({ ...files, ...filled.value }).settings, read(files).settings);
  });

  test('is what was kept, or nothing', () => {
    const { decoded } = kept(filesOf(secretMain, secretRegion));
    assert.deepEqual([decoded.goodAt, decoded.digest, decoded.modifiedAt], [1000, 'abc', 5]);
    for (const text of ['', '{', 'null', '[]', '{}', '{"digest":"a","gaps":[]}']) {
      assert.equal(decodeLastGood(text), undefined, text);
    }
  });
});

describe('a main file with faults', () => {
  test('still says where the state is and whose it is', () => {
    const whole = 'director: { id: a, region: eu }\nstate: var # here\nzones: []\n';
    for (const text of [whole, `${whole}zonez: [\n`, `${whole}\tx: {\n`, `x: *gone\n${whole}`]) {
      assert.equal(outlineOf(text, {}).state, 'var', text);
    }
    assert.equal(outlineOf(whole, {}).director, 'a');
    for (const text of [undefined, '', '[', 'state: 7\n', 'state: ""\n']) {
      assert.deepEqual(outlineOf(text, {}), { state: undefined, director: undefined });
    }
  });

  test('is overruled by the environment', () => {
    assert.equal(
      outlineOf(undefined, { MERIDIAN_STATE: ' /var/lib/meridian ' }).state,
      '/var/lib/meridian',
    );
    assert.equal(stateFolder({ state: 'var' }, { MERIDIAN_STATE: '' }), 'var');
  });
});
