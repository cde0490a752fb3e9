import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readWord } from '../../src/director/word.ts';
import { permanentSpan } from '../../src/model/override.ts';
import type { OverrideRequest } from '../../src/model/override-request.ts';
import { aName, anIp, aRegion, aService, aSettings } from '../support/fleet.ts';

const eu = aRegion('eu', { ipv4: [anIp('192.0.2.1')], ipv6: [anIp('2001:db8::1')] });
const us = aRegion('us');
const services = [aService({ regions: [eu, us] }), aService({ name: 'api', regions: [us] })];
const settings = aSettings({ regions: [eu, us], services });

const drain: OverrideRequest = {
  region: 'eu',
  kind: 'drain',
  actor: 'alice',
  reason: 'disk swap',
  for: '10m',
};

/** The field that is at fault, and what is wrong with it. */
function faultIn(change: Partial<OverrideRequest>): string {
  const word = readWord({ ...drain, ...change }, settings);
  return 'code' in word ? `${word.path} ${word.message}` : 'fine';
}

describe('a request is read', () => {
  test('as a word on all of a region for some time', () => {
    const said = { region: 'eu', kind: 'drain', actor: 'alice', reason: 'disk swap' };
    assert.deepEqual(readWord({ ...drain, actor: ' alice\n' }, settings), {
      ...said,
      span: 600_000,
    });
  });

  test('with its service or its address, however those are written', () => {
    assert.partialDeepStrictEqual(readWord({ ...drain, service: 'WWW.example.test.' }, settings), {
      service: aName('www'),
    });
    assert.partialDeepStrictEqual(readWord({ ...drain, endpoint: '2001:DB8:0::1' }, settings), {
      endpoint: anIp('2001:db8::1'),
    });
  });

  test('as permanent when it says so twice', () => {
    const { for: _, ...rest } = drain;
    const word = readWord({ ...rest, permanent: true, confirm: 'eu' }, settings);
    assert.equal('span' in word && word.span, permanentSpan);
  });
});

test('a refusal says what would be taken', () => {
  assert.equal(
    faultIn({ service: 'api.example.test' }),
    '/service api.example.test has no region "eu", but us',
  );
  assert.equal(
    faultIn({ endpoint: '192.0.2.9' }),
    '/endpoint got "192.0.2.9", want an address of eu: 192.0.2.1, 2001:db8::1',
  );
  assert.match(faultIn({ share: 25 }), /such as 0\.25$/);
  assert.match(faultIn({ for: '8d' }), /^\/for got "8d", want a time from 1s to 7d/);
  assert.match(faultIn({ permanent: true }), /^\/for want no time/);
  assert.match(faultIn({ confirm: 'eu' }), /^\/confirm /);
});
