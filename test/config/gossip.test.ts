// Gossip in the main file and the environment: boards, peers and secrets.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRedisUrl } from '../../src/config/board.ts';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

const fleet = (gossip: string, health = '{ observers: [eu, us] }'): string =>
  `${mainText}gossip: ${gossip}\nhealth: ${health}\n`;
const secret = '"0123456789abcdef"';

test('gossip over boards wants observers and a secret', () => {
  const main = `${mainText}gossip: { boards: ["redis://127.0.0.1:6379"] }\n`;
  assert.deepEqual(faultsOf({ main }), [
    'meridian.yaml:1:1: /health/observers: is missing: with boards or peers, list the regions whose directors observe (config.value)',
    'meridian.yaml:6:9: /gossip/secrets: is missing: votes on shared boards are signed, so set it or MERIDIAN_SECRETS (config.value)',
  ]);
});

test('gossip with all it wants is taken', () => {
  const main = fleet(`{ boards: ["redis://h:1", "rediss://:p@h"], secrets: [${secret}] }`);
  const { gossip, health } = settingsOf({ main });
  assert.deepEqual(gossip.boards, ['redis://h:1', 'rediss://:p@h'].map(parseRedisUrl));
  assert.deepEqual(gossip.secrets, ['0123456789abcdef']);
  assert.deepEqual(health.observers, ['eu', 'us']);
});

test('gossip with peers wants the same as with boards', () => {
  const main = `${mainText}gossip: { peers: ["http://192.0.2.1:8053"] }\n`;
  assert.deepEqual(faultsOf({ main }), [
    'meridian.yaml:1:1: /health/observers: is missing: with boards or peers, list the regions whose directors observe (config.value)',
    'meridian.yaml:6:9: /gossip/secrets: is missing: votes on shared boards are signed, so set it or MERIDIAN_SECRETS (config.value)',
  ]);
});

test('peers are taken by scheme, host and port', () => {
  const peers = '["http://192.0.2.1:8053/", "https://B.example:443", "http://[2001:db8::1]:8053"]';
  const { gossip } = settingsOf({ main: fleet(`{ peers: ${peers}, secrets: [${secret}] }`) });
  assert.deepEqual(gossip.peers, [
    'http://192.0.2.1:8053',
    'https://b.example',
    'http://[2001:db8::1]:8053',
  ]);
  const wrong = ['http://h/path', 'http://h?q', 'http://me:hunter2@h', 'https://h:port', 'http:'];
  for (const peer of wrong) {
    const told = faultsOf({ main: fleet(`{ peers: ["${peer}"], secrets: [${secret}] }`) });
    assert.equal(told.length, 1, peer);
    assert.match(told[0] ?? '', /^meridian\.yaml:6:19: \/gossip\/peers\/0: .*want .*http/, peer);
    assert.doesNotMatch(told[0] ?? '', /hunter2/);
  }
  const other = faultsOf({ main: fleet(`{ peers: ["redis://h:1"], secrets: [${secret}] }`) });
  assert.deepEqual(other, [
    'meridian.yaml:6:19: /gossip/peers/0: got something else, want the http or https URL of another director (config.shape)',
  ]);
  const twice = `{ peers: ["http://h:80", "http://H"], secrets: [${secret}] }`;
  assert.deepEqual(faultsOf({ main: fleet(twice) }), [
    'meridian.yaml:6:34: /gossip/peers/1: names http://h twice (config.value)',
  ]);
});

test('no fault tells a secret or a password', () => {
  const hidden = ['hunter2', 'tooshort', 'mistakenly-a-token'];
  const main = `${mainText}gossip: { boards: ["http://me:hunter2@h", "redis://:hunter2@[x"], secrets: [tooshort] }
http: { tokens: [{ sha256: mistakenly-a-token, scope: read }] }
`;
  const env = {
    MERIDIAN_REDIS: 'me:hunter2@h,redis://:hunter2@[x',
    MERIDIAN_SECRETS: 'tooshort',
  };
  const told = [...faultsOf({ main }), ...faultsOf({ env }), ...faultsOf({ main, env })];
  assert.ok(told.length >= 9);
  for (const word of hidden) assert.ok(!told.join('\n').includes(word), word);
});

test('secrets come from the environment and from files, in the order of the list', () => {
  const main = fleet(
    `{ boards: ["redis://h"], secrets: [{ env: NEW }, { file: old/secret }, ${secret}] }`,
  );
  const env = { NEW: 'a new secret, with a comma' };
  const secrets = { 'old/secret': { text: 'the one before it\n' } };
  assert.deepEqual(settingsOf({ main, env, secrets }).gossip.secrets, [
    'a new secret, with a comma',
    'the one before it',
    '0123456789abcdef',
  ]);
});

test('a secret that is refused is not also missing', () => {
  const main = fleet('{ boards: ["redis://h"], secrets: [{ env: FLEET }] }');
  assert.deepEqual(faultsOf({ main }), [
    'meridian.yaml:6:44: /gossip/secrets/0: the environment variable FLEET is not set (config.value)',
  ]);
});
