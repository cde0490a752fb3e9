// The guard: which addresses a probe may reach, as literals and behind names.

import assert from 'node:assert/strict';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, test } from 'node:test';
import { createProbe } from '../../src/edge/probe.ts';
import { createGuard } from '../../src/edge/probe-guard.ts';
import { aPrefix } from '../support/fleet.ts';
import { httpProbe, web } from '../support/probed.ts';
import { tcp } from '../support/watch-stage.ts';

const never = new AbortController().signal;

const networks = (...texts: string[]) => {
  const list = texts.map(aPrefix);
  return () => list;
};

describe('a literal address', () => {
  const { check } = createGuard(networks('192.0.2.0/24', '2001:db8::/32'));
  for (const host of ['192.0.2.7', '2001:db8::1', '::ffff:192.0.2.7', 'a.name.example']) {
    test(`${host} may be probed`, () => check(host));
  }
  for (const host of ['192.0.3.7', '::1', '::ffff:127.0.0.1', 'fe80::1%eth0']) {
    test(`${host} may not`, () => {
      const message = `${host} lies outside health.probeNetworks`;
      assert.throws(() => check(host), { message });
    });
  }

  test('may be any where no networks are listed', () => {
    createGuard(() => undefined).check('127.0.0.1');
  });
});

describe('a name', () => {
  /** Looks up a name that stands for these addresses, and notes how often it was asked for. */
  function lookUp(addresses: readonly string[], options: LookupOptions) {
    let count = 0;
    const guard = createGuard(networks('192.0.2.0/24'), (_host, _options, callback) => {
      count++;
      const found: LookupAddress[] = addresses.map((address) => ({ address, family: 4 }));
      callback(null, found);
    });
    return new Promise<unknown>((resolve) => {
      guard.lookup('h.example', options, (error, address, family) => {
        resolve(error?.message ?? { address, family, count });
      });
    });
  }

  test('gives the addresses that lie within, and those alone', async () => {
    const addresses = ['10.0.0.1', '192.0.2.1', '192.0.2.2'];
    assert.deepEqual(await lookUp(addresses, {}), { address: '192.0.2.1', family: 4, count: 1 });
    const within = ['192.0.2.1', '192.0.2.2'].map((address) => ({ address, family: 4 }));
    const all = { address: within, family: undefined, count: 1 };
    assert.deepEqual(await lookUp(addresses, { all: true }), all);
  });

  test('that cannot be looked up says why', async () => {
    const error = new Error('no such name');
    const guard = createGuard(networks(), (_host, _options, callback) => callback(error, []));
    const told = await new Promise((resolve) => guard.lookup('h.example', {}, resolve));
    assert.equal(told, error);
  });

  test('with none within says which it has', async () => {
    const words = 'h.example (10.0.0.1, 10.0.0.2) lies outside health.probeNetworks';
    assert.equal(await lookUp(['10.0.0.1', '10.0.0.2'], {}), words);
  });
});

describe('a probe', () => {
  test('of an address outside fails without a connection', async () => {
    await using server = await web((_, response) => response.end());
    const probe = createProbe(networks('192.0.2.0/24', '2001:db8::/32'));
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
      const { isHealthy, reason } = await probe(httpProbe(`http://${host}:${server.port}/`), never);
      assert.equal(isHealthy, false);
      assert.match(reason, /127\.0\.0\.1.*|7f00.*/);
      assert.match(reason, /lies outside health\.probeNetworks$/);
    }
    const { reason } = await probe({ ...tcp('localhost'), port: server.port }, never);
    assert.match(reason, /^localhost \(.*127\.0\.0\.1.*\) lies outside/);
    assert.equal(server.sockets.length, 0);
  });

  test('of an address within goes on, by its name too', async () => {
    await using server = await web((_, response) => response.end());
    const probe = createProbe(networks('127.0.0.0/8'));
    for (const host of ['127.0.0.1', 'localhost']) {
      const sample = await probe(httpProbe(`http://${host}:${server.port}/`), never);
      assert.equal(sample.reason, '');
    }
  });

  test('follows networks that change', async () => {
    await using server = await web((_, response) => response.end());
    let current = networks('192.0.2.0/24');
    const probe = createProbe(() => current());
    const spec = httpProbe(`http://127.0.0.1:${server.port}/`);
    assert.equal((await probe(spec, never)).isHealthy, false);
    current = networks('127.0.0.1');
    assert.equal((await probe(spec, never)).isHealthy, true);
  });
});
