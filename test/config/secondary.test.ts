// Secondaries and their keys, as the configuration names them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatIp } from '../../src/model/ip.ts';
import { formatName } from '../../src/model/name.ts';
import { faultsOf, settingsOf, zoneText } from '../support/config.ts';

const secret = Buffer.alloc(32, 1).toString('base64');

function main(secondaries: readonly string[], keys: readonly string[]): string {
  const zone = ['secondaries:', ...secondaries.map((each) => `  - ${each}`)];
  const list = keys.map((each) => `    - ${each}\n`).join('');
  return `dns:\n  keys:\n${list}${zoneText({ zone })}`;
}

const key = `{ name: Xfr.Example.net, secret: ${secret} }`;

describe('secondaries', () => {
  test('have an address, a port and the name of a key', () => {
    const secondaries = [
      '{ address: 192.0.2.1, key: xfr.example.net. }',
      '{ address: "2001:db8::1", port: 5353 }',
    ];
    const { zones, dns } = settingsOf({ main: main(secondaries, [key]) });
    const read = zones[0]?.secondaries.map(({ address, port, key: name }) => [
      formatIp(address),
      port,
      name && formatName(name),
    ]);
    assert.deepEqual(read, [
      ['192.0.2.1', 53, 'xfr.example.net'],
      ['2001:db8::1', 5353, undefined],
    ]);
    assert.deepEqual(
      dns.keys.map(({ name, secret: octets }) => [formatName(name), [...octets]]),
      [['xfr.example.net', Array.from({ length: 32 }, () => 1)]],
    );
  });

  test('may sign with a secret that is kept elsewhere', () => {
    const kept = '{ name: xfr.example.net, secret: { file: xfr.secret } }';
    const secrets = { 'xfr.secret': { text: `${secret}\n` } };
    const { dns } = settingsOf({ main: main(['{ address: 192.0.2.1 }'], [kept]), secrets });
    assert.equal(dns.keys[0]?.secret.length, 32);
  });
});

describe('refused is', () => {
  const cases: [string, string, string, RegExp][] = [
    [
      'a key that is not listed',
      '{ address: 192.0.2.1, key: other }',
      key,
      /other is no key of dns.keys \(config.reference\)/,
    ],
    ['a host name', '{ address: ns.example.net }', key, /got "ns.example.net", want an IP address/],
    [
      'an algorithm of old',
      '{ address: 192.0.2.1 }',
      `{ name: k, algorithm: hmac-md5, secret: ${secret} }`,
      /want hmac-sha256/,
    ],
    [
      'a short secret',
      '{ address: 192.0.2.1 }',
      '{ name: k, secret: c2hvcnQ= }',
      /at least 16 octets in base64/,
    ],
    [
      'a secret that is no base64',
      '{ address: 192.0.2.1 }',
      `{ name: k, secret: "${'?'.repeat(30)}" }`,
      /at least 16 octets in base64/,
    ],
  ];
  for (const [words, secondary, dnsKey, fault] of cases) {
    test(words, () => {
      const faults = faultsOf({ main: main([secondary], [dnsKey]) });
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', fault);
      assert.ok(!faults.join().includes('c2hvcnQ'));
    });
  }

  test('a secondary or a key that is listed twice', () => {
    const twice = main(['{ address: 192.0.2.1 }', '{ address: 192.0.2.1 }'], [key, key]);
    const faults = faultsOf({ main: twice }).join('\n');
    assert.match(faults, /names 192.0.2.1 port 53 twice/);
    assert.match(faults, /xfr.example.net is listed twice/);
  });

  test('a secret in the environment that is not there, and only that', () => {
    const kept = '{ name: xfr.example.net, secret: { env: XFR } }';
    const faults = faultsOf({
      main: main(['{ address: 192.0.2.1, key: xfr.example.net }'], [kept]),
    });
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', /the environment variable XFR is not set/);
  });
});
