// Negative answers: the SOA that says how long "no" is true.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { noData, noSuchName } from '../../src/authority/negative.ts';
import type { Zone } from '../../src/model/settings.ts';
import { settingsOf, zoneText } from '../support/config.ts';

function zoneWith(...zone: readonly string[]): Zone {
  const [read] = settingsOf({ main: zoneText({ zone }) }).zones;
  assert.ok(read);
  return read;
}

describe('a negative answer', () => {
  test('is authoritative and holds the SOA alone', () => {
    const zone = zoneWith();
    const answer = noSuchName(zone);
    assert.equal(answer.rcode, 'NXDOMAIN');
    assert.equal(answer.isAuthoritative, true);
    assert.deepEqual(answer.answers, []);
    assert.deepEqual(answer.additional, []);
    assert.deepEqual(
      answer.authority.map(({ name, data }) => [name, data]),
      [[zone.apex, zone.soa.data]],
    );
  });

  test('for a name that is there differs by its code alone', () => {
    const zone = zoneWith();
    assert.deepEqual(noData(zone), { ...noSuchName(zone), rcode: 'NOERROR' });
  });

  test('may say why', () => {
    const reason = { code: 0, text: 'because' };
    assert.deepEqual(noData(zoneWith(), reason).extendedError, reason);
  });

  // RFC 2308 §3
  for (const [ttl, negative, expected] of [
    ['1h', '30s', 30],
    ['20s', '30s', 20],
    ['0s', '30s', 0],
    ['1h', '0s', 0],
  ] as const) {
    test(`with a TTL of ${ttl} and a minimum of ${negative} lives ${expected} s`, () => {
      const { authority } = noSuchName(zoneWith(`ttl: ${ttl}`, `negativeTtl: ${negative}`));
      assert.equal(authority[0]?.ttl, expected);
    });
  }
});
