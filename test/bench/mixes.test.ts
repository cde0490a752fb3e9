import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatIp } from '../../src/model/ip.ts';
import { makeFolder } from '../support/folder.ts';
import { buildQuery } from '../support/query.ts';
import { readReply } from '../support/reply.ts';
import { clientCookie, clientNetworks, Messages, randomQueries, subnetQuery } from './mixes.ts';

test('networks are spread over the unicast space, each once', () => {
  const networks = clientNetworks(1000);
  assert.equal(new Set(networks.map(formatIp)).size, 1000);
  assert.equal(formatIp(networks[0] as (typeof networks)[0]), '1.0.0.0');
  assert.ok(networks.every(({ a }) => (a & 255) === 0 && a >>> 24 < 224));
});

test('a query of a client says its network, and its cookie if it has one', () => {
  const [network] = clientNetworks(1);
  assert.ok(network);
  const bare = readReply(buildQuery(subnetQuery(network)));
  assert.deepEqual(bare.edns?.subnet, { family: 1, source: 24, scope: 0, address: '010000' });
  const whole = readReply(buildQuery(subnetQuery(network, clientCookie)));
  assert.deepEqual(whole.edns?.options, [8, 10]);
  assert.equal(whole.edns?.optionData[1], '0102030405060708');
});

test('random names are names, of one length, and new with another seed', () => {
  const names = randomQueries(1000, 1).map((query) => readReply(query).questions[0]?.name ?? '');
  assert.ok(names.every((name) => /^[a-z]{12}\.example\.test$/.test(name)));
  assert.equal(new Set(names).size, 1000);
  const others = randomQueries(1000, 2).map((query) => readReply(query).questions[0]?.name ?? '');
  assert.ok(others.every((name) => !names.includes(name)));
});

test('a file is written once, but for random names, which are new in each round', async (t) => {
  const messages = new Messages(await makeFolder(t));
  const one = messages.of('one', undefined);
  assert.equal(messages.of('one', undefined), one);
  const before = readFileSync(messages.of('random', undefined));
  messages.nextRound();
  assert.notDeepEqual(readFileSync(messages.of('random', undefined)), before);
});
