// DNS cookies: the examples of RFC 9018, and what makes a cookie worthless.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isCookieLength, judgeCookie, writeCookie } from '../../src/wire/cookie.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { anIp } from '../support/fleet.ts';
import { fromHex, toHex } from '../support/hex.ts';

const key = sipKey(fromHex('e5e973e5a6b2a43f48e7dc849e37bfcf'));

function made(client: string, address: string, now: number, secret = key): string {
  const out = new Uint8Array(24);
  writeCookie(out, 0, fromHex(client), anIp(address), now, secret);
  return toHex(out);
}

describe('RFC 9018 appendix A', () => {
  test('A.1: a first cookie', () => {
    assert.equal(
      made('2464c4abcf10c957', '198.51.100.100', 1_559_731_985),
      '2464c4abcf10c957010000005cf79f111f8130c3eee29480',
    );
  });

  test('A.2: the same client with a cookie learned before', () => {
    const cookie = fromHex('2464c4abcf10c957010000005cf79f111f8130c3eee29480');
    assert.equal(judgeCookie(cookie, anIp('198.51.100.100'), 1_559_734_385, [key]), 'good');
    assert.equal(
      made('2464c4abcf10c957', '198.51.100.100', 1_559_734_385),
      '2464c4abcf10c957010000005cf7a871d4a564a1442aca77',
    );
  });

  test('A.3: reserved octets are covered by the hash', () => {
    const cookie = fromHex('fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5');
    assert.equal(judgeCookie(cookie, anIp('203.0.113.203'), 1_559_728_000, [key]), 'good');
  });

  test('A.4: another secret and IPv6', () => {
    const old = sipKey(fromHex('dd3bdf9344b678b185a6f5cb60fca715'));
    const next = sipKey(fromHex('445536bcd2513298075a5d379663c962'));
    const address = '2001:db8:220:1:59de:d0f4:8769:82b8';
    const cookie = fromHex('22681ab97d52c298010000005cf7c57926556bd0934c72f8');
    assert.equal(judgeCookie(cookie, anIp(address), 1_559_741_961, [next, old]), 'good');
    assert.equal(judgeCookie(cookie, anIp(address), 1_559_741_961, [next]), 'worthless');
    assert.equal(
      made('22681ab97d52c298', address, 1_559_741_961, next),
      '22681ab97d52c298010000005cf7c609a6bb79d16625507a',
    );
  });
});

describe('a cookie is worthless', () => {
  const now = 1_800_000_000;
  const cookie = fromHex(made('0102030405060708', '192.0.2.1', now));
  const isValid = (at: number, address = '192.0.2.1', octets = cookie): boolean =>
    judgeCookie(octets, anIp(address), at, [key]) !== 'worthless';

  test('after an hour, and from more than five minutes ahead (§4.3)', () => {
    const ages = [0, 3600, 3601, -300, -301];
    assert.deepEqual(
      ages.map((age) => isValid(now + age)),
      [true, true, false, true, false],
    );
  });

  test('at another address', () => assert.ok(!isValid(now, '192.0.2.2')));

  test('with any bit changed', () => {
    for (let i = 0; i < cookie.length * 8; i++) {
      const other = Uint8Array.from(cookie);
      other[i >> 3] = (other[i >> 3] as number) ^ (1 << (i & 7));
      assert.ok(!isValid(now, '192.0.2.1', other), `bit ${i}`);
    }
  });

  test('of another length', () => assert.ok(!isValid(now, '192.0.2.1', cookie.subarray(0, 23))));
});

test('a cookie is sent back for half an hour, unless an older key or a later clock made it', () => {
  const now = 1_800_000_000;
  const cookie = fromHex(made('0102030405060708', '192.0.2.1', now));
  const other = sipKey(fromHex('445536bcd2513298075a5d379663c962'));
  const worth = (age: number, keys = [key]) =>
    judgeCookie(cookie, anIp('192.0.2.1'), now + age, keys);
  assert.deepEqual(
    [0, 1800, 1801, -1].map((age) => worth(age)),
    ['fresh', 'fresh', 'good', 'good'],
  );
  assert.deepEqual([worth(0, [key, other]), worth(0, [other, key])], ['fresh', 'good']);
});

test('lengths of RFC 7873 §5.2.2', () => {
  const fine = Array.from({ length: 50 }, (_, i) => i).filter(isCookieLength);
  assert.deepEqual([fine[0], fine[1], fine.at(-1), fine.length], [8, 16, 40, 26]);
});
