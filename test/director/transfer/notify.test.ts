// Notify: each secondary is told of each serial until it has understood, and no longer.

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { type Notify, startNotify } from '../../../src/director/transfer/notify.ts';
import { hmac } from '../../../src/edge/hmac.ts';
import type { Settings } from '../../../src/model/settings.ts';
import { settingsOf, zoneText } from '../../support/config.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createRecordLog } from '../../support/record-log.ts';
import { readReply } from '../../support/reply.ts';
import { keyName, readTsigBehind, secret, signedQuery } from '../../support/signed.ts';

const keys = `dns: { keys: [{ name: ${keyName}, secret: ${Buffer.from(secret).toString('base64')} }] }
`;

function zoneWith(serial: number, ...secondaries: string[]): Settings {
  const list = secondaries.map((each) => `  - ${each}`);
  const zone = [`serial: ${serial}`, ...(list.length > 0 ? ['secondaries:', ...list] : [])];
  return settingsOf({ main: keys + zoneText({ zone }) });
}

const one = '{ address: 192.0.2.1 }';
const other = '{ address: "2001:db8::2", port: 5353 }';
const signing = `{ address: 192.0.2.1, key: ${keyName} }`;

/** What a secondary makes of a notice. */
type Answer = (notice: Uint8Array) => Uint8Array | string | undefined;

/** Header and question of the notice, as an answer with a response code. */
const answered =
  (rcode = 0): Answer =>
  (notice) => {
    const bytes = Uint8Array.from(notice.subarray(0, 12 + 14 + 4));
    bytes.set([0xa4, rcode, 0, 1, 0, 0, 0, 0, 0, 0], 2);
    return bytes;
  };

function stage(t: TestContext, answer: Answer) {
  const clock = createFakeClock();
  const log = createRecordLog();
  const counts = { acknowledged: 0, unanswered: 0 };
  const sent: { to: string; notice: Uint8Array; at: number }[] = [];
  const start = clock.now();
  const state = { answer };
  const notify: Notify = startNotify({
    send: async ({ host, port }, notice, isAnswer) => {
      sent.push({ to: `${host} ${port}`, notice, at: clock.now() - start });
      const found = state.answer(notice);
      if (typeof found === 'object') assert.ok(isAnswer(found), 'no answer to this notice');
      return found;
    },
    hmac,
    clock,
    random: () => 0,
    newId: () => 0x4711,
    log,
    counts,
  });
  t.after(() => notify[Symbol.asyncDispose]());
  return { clock, log, counts, sent, state, notify };
}

describe('a notice', () => {
  test('names the zone and its new SOA to every secondary, once (RFC 1996 §3.7)', async (t) => {
    const { clock, log, counts, sent, notify } = stage(t, answered());
    notify.tell(zoneWith(5, one, other));
    await clock.advance(600_000);
    assert.deepEqual(
      sent.map(({ to }) => to),
      ['192.0.2.1 53', '2001:db8::2 5353'],
    );
    const { id, opcode, flags, questions, answers } = readReply(
      sent[0]?.notice ?? new Uint8Array(0),
    );
    assert.deepEqual([id, opcode, flags.aa, flags.qr], [0x4711, 4, true, false]);
    assert.deepEqual(questions, [{ name: 'example.test', type: 'SOA' }]);
    assert.match(answers[0]?.data ?? '', / 5 7200 /);
    assert.deepEqual(log.lines, ['info notify.acknowledged', 'info notify.acknowledged']);
    assert.deepEqual(counts, { acknowledged: 2, unanswered: 0 });
  });

  test('is sent again only when the serial has moved', async (t) => {
    const { clock, sent, notify } = stage(t, answered());
    for (const serial of [5, 5, 6]) {
      notify.tell(zoneWith(serial, one));
      await clock.advance(1000);
    }
    assert.equal(sent.length, 2);
  });

  test('without an answer is sent again, each time after twice the time, and given up', async (t) => {
    const { clock, log, counts, sent, notify } = stage(t, () => undefined);
    notify.tell(zoneWith(5, one));
    await clock.advance(600_000);
    assert.deepEqual(
      sent.map(({ at }) => at),
      [0, 1000, 3000, 7000, 15_000, 31_000, 63_000],
    );
    assert.deepEqual(log.lines, ['warn notify.unanswered']);
    assert.equal(log.fields[0]?.['reason'], 'no answer');
    assert.deepEqual(counts, { acknowledged: 0, unanswered: 1 });
  });

  test('that is refused, or that the network refuses, is tried again too', async (t) => {
    const { clock, log, state, sent, notify } = stage(t, answered(5));
    notify.tell(zoneWith(5, one));
    await clock.advance(500);
    state.answer = () => 'connection refused';
    await clock.advance(1000);
    state.answer = answered();
    await clock.advance(600_000);
    assert.equal(sent.length, 3);
    assert.deepEqual(log.lines, ['info notify.acknowledged']);
  });

  test('of an older serial is over when there is a newer one', async (t) => {
    const { clock, counts, sent, notify } = stage(t, () => undefined);
    notify.tell(zoneWith(5, one));
    await clock.advance(500);
    notify.tell(zoneWith(6, one));
    await clock.advance(600_000);
    assert.equal(sent.length, 1 + 7);
    assert.deepEqual(counts, { acknowledged: 0, unanswered: 1 });
  });

  test('to a secondary that is no longer one is over', async (t) => {
    const { clock, sent, notify } = stage(t, () => undefined);
    notify.tell(zoneWith(5, one));
    await clock.advance(500);
    notify.tell(zoneWith(5));
    await clock.advance(600_000);
    assert.equal(sent.length, 1);
  });
});

describe('with a key a notice', () => {
  test('is signed, and acknowledged by an answer that is signed to match', async (t) => {
    const sign: Answer = (notice) => {
      const plain = answered()(readTsigBehind(notice).message);
      assert.ok(typeof plain === 'object');
      return signedQuery(plain, { prior: readTsigBehind(notice).mac });
    };
    const { clock, log, sent, notify } = stage(t, sign);
    notify.tell(zoneWith(5, signing));
    await clock.advance(600_000);
    assert.equal(sent.length, 1);
    assert.deepEqual(log.lines, ['info notify.acknowledged']);
  });

  for (const [words, answer] of [
    ['that is not signed', answered()],
    [
      'that is signed over something else',
      (notice) => {
        const plain = answered()(notice);
        assert.ok(typeof plain === 'object');
        return signedQuery(plain);
      },
    ],
  ] satisfies [string, Answer][]) {
    test(`is not acknowledged by an answer ${words}`, async (t) => {
      const { clock, log, notify } = stage(t, answer);
      notify.tell(zoneWith(5, signing));
      await clock.advance(600_000);
      assert.deepEqual(log.lines, ['warn notify.unanswered']);
      assert.equal(log.fields[0]?.['reason'], 'the answer is not signed as it must be');
    });
  }
});
