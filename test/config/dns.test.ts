// The dns block: what the server says of itself, and cookies, as an operator writes them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPrefix } from '../support/fleet.ts';
import { faultsOf, mainText, settingsOf } from '../support/config.ts';

test("says the director's id to those who ask, and nothing in class CH", () => {
  const { dns } = settingsOf();
  assert.deepEqual(dns, {
    nsid: 'a',
    chaos: { version: undefined, id: undefined },
    workers: 'auto',
    tcpIdle: 10_000,
    proxies: [],
    rates: {
      perSecond: 200,
      slip: 2,
      isDryRun: false,
      exempt: [aPrefix('127.0.0.0/8'), aPrefix('::1/128')],
    },
    amplification: 20,
    explainTo: [aPrefix('127.0.0.0/8'), aPrefix('::1/128')],
    cookies: { secrets: [], isRequired: false },
    keys: [],
  });
});

test('takes other words for it, or none', () => {
  const main = `${mainText}dns: { nsid: false, version: "DNS 1", id: eu-1, tcpIdle: 30s }\n`;
  const { nsid, chaos, tcpIdle } = settingsOf({ main }).dns;
  assert.deepEqual([nsid, chaos, tcpIdle], ['', { version: 'DNS 1', id: 'eu-1' }, 30_000]);
});

test('every fault is told where it stands, and no secret repeated', () => {
  const main = `${mainText}dns:
  version: "${'x'.repeat(256)}"
  tcpIdle: 10
  cookies: { secrets: [topsecret], require: maybe }
`;
  const faults = faultsOf({ main });
  assert.deepEqual(
    faults.map((fault) => fault.split(' ')[0]),
    ['meridian.yaml:7:3:', 'meridian.yaml:8:3:', 'meridian.yaml:9:24:', 'meridian.yaml:9:36:'],
  );
  assert.doesNotMatch(faults.join(), /topsecret/);
});

test('proxies are single addresses as well as networks', () => {
  const main = `${mainText}dns: { proxies: [192.0.2.7/32, "2001:db8::7/128", 10.0.0.0/8] }\n`;
  assert.deepEqual(
    settingsOf({ main }).dns.proxies,
    ['192.0.2.7/32', '2001:db8::7/128', '10.0.0.0/8'].map(aPrefix),
  );
  const wrong = `${mainText}dns: { proxies: [192.0.2.7/24] }\n`;
  assert.match(faultsOf({ main: wrong })[0] ?? '', /^meridian.yaml:6:18: .*192\.0\.2\.7\/24/);
});

test('rates may be turned off', () => {
  const main = `${mainText}dns: { rateLimit: { perSecond: 0 } }\n`;
  assert.equal(settingsOf({ main }).dns.rates, undefined);
});
