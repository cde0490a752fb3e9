// biome-ignore-all format: a case is one line.
// RFC 7873 and RFC 9018: DNS cookies.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { buildQuery, option } from '../support/query.ts';
import { readReply } from '../support/reply.ts';
import type { Case } from './case.ts';
import { exchangeTcp, exchangeUdp } from './exchange.ts';
import { conform, worldOf } from './suite.ts';
import type { World } from './world.ts';

const client = '0102030405060708';
const ours = `cookie ${client}010000…`;
const host = 'answer host.plain.test. 600 AAAA 2001:db8::1';

const faulty = [0, 1, 7, 9, 15, 41].map((size): Case => [
  '§5.2.2',
  `${size} octets are no cookie`,
  `host.plain.test AAAA +ednsopt=10:${'ab'.repeat(size)}`,
  'FORMERR',
  'no answer',
  'no cookie',
  'opt 0 1232',
]);

conform('RFC 7873', [
  ...faulty,
  ['§5.2.1', 'who shows no cookie gets none', 'host.plain.test AAAA +edns', 'NOERROR aa', host, 'no cookie'],
  ['§5.2.3', 'a client cookie alone is answered, with a whole one', `host.plain.test AAAA +cookie=${client}`, 'NOERROR aa', host, ours],
  ['§5.2.3', 'also with a name error', `nobody.plain.test AAAA +cookie=${client}`, 'NXDOMAIN aa', ours],
  ['§5.2.3', 'also with a refusal', `www.example.com AAAA +cookie=${client}`, 'REFUSED', ours],
  ['§5.2.4', 'a server cookie that is not ours is answered all the same', `host.plain.test AAAA +cookie=${client}${'ff'.repeat(16)}`, 'NOERROR aa', host, ours],
  ['§5.2.4', 'also one of another length', `host.plain.test AAAA +cookie=${client}${'ff'.repeat(8)}`, 'NOERROR aa', host, ours],
  ['§5.2.4', 'also the longest that may be', `host.plain.test AAAA +cookie=${client}${'ff'.repeat(32)}`, 'NOERROR aa', host, ours],
  ['§4', 'of two cookies the first counts', `host.plain.test AAAA +ednsopt=10:${client} +ednsopt=10:1111111111111111`, 'NOERROR aa', host, ours],
]);

conform('RFC 7873 where cookies are required', [
  ['§5.2.3', 'over UDP a client cookie alone is BADCOOKIE, with a whole one', `host.plain.test AAAA +cookie=${client} +ignore`, 'BADCOOKIE', 'no answer', ours],
  ['§5.2.4', 'so is one that is not ours', `host.plain.test AAAA +cookie=${client}${'ff'.repeat(16)} +ignore`, 'BADCOOKIE', 'no answer', ours],
  ['§5.2.3', 'over TCP it is answered', `host.plain.test AAAA +cookie=${client} +tcp`, 'NOERROR aa', host, ours],
  ['§5.2.1', 'who knows no cookies is answered', 'host.plain.test AAAA +ignore', 'NOERROR aa', host, 'no opt'],
], 'dns: { cookies: { require: true } }');

/** A cookie made by OpenSSL's SipHash from the server of RFC 9018 §4, for 127.0.0.1. */
function cookieOf(secret: string, ageSeconds: number, address = '7f000001'): string {
  const made = (Math.floor(Date.now() / 1000) - ageSeconds) >>> 0;
  const head = `${client}01000000${made.toString(16).padStart(8, '0')}`;
  const words = ['mac', '-macopt', `hexkey:${secret}`, '-macopt', 'size:8', 'SIPHASH'];
  const input = Buffer.from(head + address, 'hex');
  return head + execFileSync('openssl', words, { input, encoding: 'utf8' }).trim().toLowerCase();
}

describe('RFC 9018', () => {
  const [first, second, retired] = ['11', '22', '33'].map((octet) => octet.repeat(16));
  let world: World;
  before(async () => {
    const secrets = `["${first}", "${second}"]`;
    world = await worldOf(`dns: { cookies: { require: true, secrets: ${secrets} } }`);
  });

  const cases: readonly (readonly [string, string | undefined, number, string, string])[] = [
    ['§4.4: the first secret makes cookies that are good', first, 0, '7f000001', 'NOERROR'],
    ['§5: the second secret’s are good as well, so that secrets can be changed', second, 60, '7f000001', 'NOERROR'],
    ['§5: a secret that is no longer there makes none', retired, 0, '7f000001', 'BADCOOKIE'],
    ['§4.3: half an hour is not too old', first, 1800, '7f000001', 'NOERROR'],
    ['§4.3: an hour is', first, 3700, '7f000001', 'BADCOOKIE'],
    ['§4.3: a clock may be a little ahead', first, -200, '7f000001', 'NOERROR'],
    ['§4.3: but no more', first, -400, '7f000001', 'BADCOOKIE'],
    ['§4.4: a cookie is good at its own address alone', first, 0, '7f000002', 'BADCOOKIE'],
  ];
  for (const [rule, secret = '', age, address, rcode] of cases) {
    test(`RFC 9018 ${rule}`, async () => {
      const cookie = [...Buffer.from(cookieOf(secret, age, address), 'hex')];
      const query = buildQuery({ name: 'host.plain.test', edns: { options: [option(10, cookie)] } });
      const [reply] = await exchangeUdp(world.port, query);
      assert.equal(readReply(reply ?? Buffer.alloc(0)).rcode, rcode);
    });
  }

  test('RFC 9018 §4.4: what we make is what OpenSSL makes', async () => {
    const octets = [...Buffer.from(client, 'hex')];
    const query = buildQuery({ name: 'host.plain.test', edns: { options: [option(10, octets)] } });
    const [reply] = await exchangeTcp(world.port, query);
    const given = readReply(reply ?? Buffer.alloc(0)).edns?.optionData[0] ?? '';
    const made = Number.parseInt(given.slice(24, 32), 16);
    const age = Math.floor(Date.now() / 1000) - made;
    assert.equal(given.slice(0, 32), cookieOf(first ?? '', age).slice(0, 32));
    const words = ['mac', '-macopt', `hexkey:${first}`, '-macopt', 'size:8', 'SIPHASH'];
    const input = Buffer.from(`${given.slice(0, 32)}7f000001`, 'hex');
    const mac = execFileSync('openssl', words, { input, encoding: 'utf8' }).trim().toLowerCase();
    assert.equal(given.slice(32), mac);
  });
});
