// Extras by DNS: cookies, the name server's identifier, keepalive and CHAOS, as a resolver sees them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { millis } from '../../src/model/time.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { counted, createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';
import { fromHex } from '../support/hex.ts';
import { option } from '../support/query.ts';

const key = sipKey(fromHex('e5e973e5a6b2a43f48e7dc849e37bfcf'));
const client = [1, 2, 3, 4, 5, 6, 7, 8];

function stageWith(isRequired = false) {
  const regions = [aRegion('eu')];
  const settings = aSettings({
    regions,
    services: [aService({ name: 'www', regions })],
    dns: {
      nsid: 'eu-1',
      chaos: { version: 'Meridian', id: undefined },
      tcpIdle: millis(10_000),
      rates: undefined,
      amplification: 20,
      explainTo: [],
      cookies: { secrets: [], isRequired },
      keys: [],
    },
  });
  return createDnsStage(plainSnapshot(settings), { cookieKeys: () => [key] });
}

type Stage = ReturnType<typeof stageWith>;

/** The reply's code and its options, each as its code with its data in hex. */
function options(stage: Stage, asked: Uint8Array, transport: 'udp' | 'tcp' = 'udp'): string[] {
  const reply = stage.ask({ edns: { options: [asked] } }, { transport });
  const { options: codes = [], optionData: data = [] } = reply.edns ?? {};
  return [reply.rcode, ...codes.map((code, i) => `${code} ${data[i]}`)];
}

describe('a cookie', () => {
  test('is given to those who show their own (RFC 7873 §5.2.3), and believed when it returns', () => {
    const stage = stageWith();
    const [rcode, given = ''] = options(stage, option(10, client));
    assert.equal(rcode, 'NOERROR');
    assert.match(given, /^10 010203040506070801000000[0-9a-f]{24}$/);
    assert.deepEqual([stage.counters.withCookie, stage.counters.withGoodCookie], [1, 0]);
    options(stage, option(10, [...fromHex(given.slice(3))]));
    assert.deepEqual([stage.counters.withCookie, stage.counters.withGoodCookie], [2, 1]);
  });

  test('of another client, or too old, is answered with a new one (§5.2.4)', () => {
    const stage = stageWith();
    const forged = option(10, [...client, ...Array<number>(16).fill(9)]);
    assert.match(options(stage, forged)[1] ?? '', /^10 0102030405060708010000/);
    assert.equal(stage.counters.withGoodCookie, 0);
  });

  test('is demanded over UDP where the operator says so, with BADCOOKIE and a good one (§5.2.3)', () => {
    const stage = stageWith(true);
    const [rcode, given = ''] = options(stage, option(10, client));
    assert.equal(rcode, 'BADCOOKIE');
    assert.equal(options(stage, option(10, [...fromHex(given.slice(3))]))[0], 'NOERROR');
    assert.equal(options(stage, option(10, client), 'tcp')[0], 'NOERROR');
    assert.equal(stage.ask({}).rcode, 'NOERROR');
    assert.equal(counted(stage.counters), 'steered 3, badcookie 1');
  });

  test('of the time now is one of RFC 9018', () => {
    const stage = stageWith();
    const seconds = Math.floor(noon / 1000).toString(16);
    assert.equal((options(stage, option(10, client))[1] ?? '').slice(27, 35), seconds);
  });
});

test('the name server says who it is to those who ask (RFC 5001 §2.2)', () => {
  assert.deepEqual(options(stageWith(), option(3, [])), ['NOERROR', '3 65752d31']);
});

test('keepalive is answered over TCP alone, in tenths of a second (RFC 7828 §3.3)', () => {
  assert.deepEqual(options(stageWith(), option(11, []), 'tcp'), ['NOERROR', '11 0064']);
  assert.deepEqual(options(stageWith(), option(11, [])), ['NOERROR']);
});

test('version.bind is answered in class CH, id.server refused where nothing is set (RFC 4892)', () => {
  const stage = stageWith();
  const version = stage.ask({ name: 'Version.Bind', type: 'TXT', class: 3 });
  assert.deepEqual(
    version.answers.map(({ data }) => data),
    ['"Meridian"'],
  );
  assert.equal(version.flags.aa, true);
  assert.equal(stage.ask({ name: 'id.server', type: 'TXT', class: 3 }).rcode, 'REFUSED');
  assert.equal(counted(stage.counters), 'refused 1, chaos 1');
});

test('a refusal carries the cookie too', () => {
  const stage = stageWith();
  const reply = stage.ask({
    name: 'example.net',
    class: 4,
    edns: { options: [option(10, client)] },
  });
  assert.deepEqual([reply.rcode, ...(reply.edns?.options ?? [])], ['REFUSED', 10]);
});
