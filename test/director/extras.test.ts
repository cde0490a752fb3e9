// Extras by DNS: cookies, the name server's identifier, keepalive and CHAOS, as a resolver sees them.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { millis } from '../../src/model/time.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { settingsOf } from '../support/config.ts';
import { counted, createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { aRegion, aService, aSettings, noon } from '../support/fleet.ts';
import { fromHex } from '../support/hex.ts';
import { message, option, optRecord } from '../support/query.ts';
import { readReply } from '../support/reply.ts';

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
      workers: 0,
      tcpIdle: millis(10_000),
      proxies: [],
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

  test('comes back as it is for half an hour, then renewed (RFC 9018 §4.3)', () => {
    const stage = stageWith();
    const [, given = ''] = options(stage, option(10, client));
    const again = (later: number): string => {
      stage.clock.set(later);
      return options(stage, option(10, [...fromHex(given.slice(3))]))[1] ?? '';
    };
    assert.equal(again(1_800_000), given);
    assert.notEqual(again(1000), given);
    assert.equal(stage.counters.withGoodCookie, 2);
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

describe('a query without a question (RFC 7873 §5.4)', () => {
  const ask = (stage: Stage, asked: readonly number[], code = 10): string[] => {
    const parts = [optRecord({ options: [option(code, asked)] })];
    const reply = stage.send(message({ counts: [0, 0, 0, 1], parts }));
    assert.ok(reply);
    const { rcode, questions, answers, edns } = readReply(reply);
    assert.deepEqual([questions, answers], [[], []]);
    return [rcode, ...(edns?.optionData ?? [])];
  };

  test('is given a cookie, also where cookies are demanded', () => {
    for (const isRequired of [false, true]) {
      const stage = stageWith(isRequired);
      const [rcode, given = ''] = ask(stage, client);
      assert.equal(rcode, 'NOERROR');
      assert.match(given, /^010203040506070801000000[0-9a-f]{24}$/);
      assert.equal(counted(stage.counters), 'cookie 1');
    }
  });

  test('is told whether a cookie is still good, and given a new one', () => {
    const stage = stageWith();
    const good = [...fromHex(ask(stage, client)[1] ?? '')];
    assert.equal(ask(stage, good)[0], 'NOERROR');
    const [rcode, given = ''] = ask(stage, [...client, ...Array<number>(16).fill(9)]);
    assert.equal(rcode, 'BADCOOKIE');
    assert.equal(ask(stage, [...fromHex(given)])[0], 'NOERROR');
    assert.equal(counted(stage.counters), 'cookie 3, badcookie 1');
  });

  test('is FORMERR when it asks for something else, or where there are no cookies', () => {
    assert.deepEqual(ask(stageWith(), [], 3), ['FORMERR']);
    const stage = createDnsStage(plainSnapshot(settingsOf()));
    assert.deepEqual(ask(stage, client), ['FORMERR']);
    assert.equal(counted(stage.counters), 'formerr 1');
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
