// The guard: rates by network and kind, in virtual time.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createGuard, guardSize, type Guard, type ReplyKind } from '../../src/authority/guard.ts';
import { millis } from '../../src/model/time.ts';
import { anIp } from '../support/fleet.ts';

const start = 1_800_000_000_000;

/** How many of so many answers at one moment are sent. */
function sent(guard: Guard, address: string, count: number, at = 0, kind: ReplyKind = 'answer') {
  const rulings = Array.from({ length: count }, () =>
    guard.rule(kind, anIp(address), millis(start + at)),
  );
  return rulings.filter((ruling) => ruling === 'send').length;
}

describe('one address', () => {
  test('is sent its rate in a burst, and as much again a second later', () => {
    const guard = createGuard({ perSecond: 20, slip: 0 }, 1);
    assert.equal(sent(guard, '192.0.2.1', 100), 20);
    assert.equal(sent(guard, '192.0.2.1', 100, 500), 10);
    assert.equal(sent(guard, '192.0.2.1', 100, 60_000), 20);
  });

  test('has a rate for each kind of answer', () => {
    const guard = createGuard({ perSecond: 5, slip: 0 }, 1);
    for (const kind of ['answer', 'negative', 'error'] as const) {
      assert.equal(sent(guard, '192.0.2.1', 50, 0, kind), 5);
    }
  });

  test('leaves its neighbours theirs', () => {
    const guard = createGuard({ perSecond: 10, slip: 0 }, 1);
    assert.equal(sent(guard, '192.0.2.1', 1000), 10);
    assert.equal(sent(guard, '192.0.2.2', 1000), 10);
    assert.equal(sent(guard, '2001:db8::1', 1000), 10);
  });

  test('is sent every second limited answer truncated, where slip is 2', () => {
    const guard = createGuard({ perSecond: 1, slip: 2 }, 1);
    const rulings = Array.from({ length: 5 }, () =>
      guard.rule('answer', anIp('192.0.2.1'), millis(start)),
    );
    assert.deepEqual(rulings, ['send', 'drop', 'slip', 'drop', 'slip']);
  });

  test('is not held up by a clock that was set back', () => {
    const guard = createGuard({ perSecond: 10, slip: 0 }, 1);
    sent(guard, '192.0.2.1', 100);
    assert.equal(sent(guard, '192.0.2.1', 100, -3_600_000), 0);
    assert.equal(sent(guard, '192.0.2.1', 100, -3_599_000), 10);
  });
});

describe('a network', () => {
  const spread = (guard: Guard, count: number, address: (i: number) => string): number => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += sent(guard, address(i), 10);
    return sum;
  };

  test('of 256 IPv4 addresses is sent 32 times the rate of one', () => {
    const guard = createGuard({ perSecond: 10, slip: 0 }, 1);
    assert.equal(
      spread(guard, 256, (i) => `192.0.2.${i}`),
      320,
    );
  });

  test('of one IPv6 site is sent little more than one address', () => {
    const guard = createGuard({ perSecond: 10, slip: 0 }, 1);
    assert.equal(
      spread(guard, 256, (i) => `2001:db8:0:1::${i.toString(16)}`),
      20,
    );
    assert.equal(
      spread(guard, 256, (i) => `2001:db8:1:${i.toString(16)}::1`),
      30,
    );
  });
});

test('a flood from everywhere pushes out nobody who is limited while he goes on', () => {
  const guard = createGuard({ perSecond: 10, slip: 0 }, 7);
  let got = 0;
  for (let i = 0; i < 20_000; i++) {
    const at = millis(start + i / 100);
    guard.rule('answer', anIp(`10.${(i >> 8) & 255}.${i & 255}.1`), at);
    if (guard.rule('answer', anIp('192.0.2.1'), at) === 'send') got++;
  }
  // 0.2 s: a burst of ten and two more.
  assert.ok(got <= 13, `${got} were sent`);
});

test('over any time an address is sent no more than its burst and its rate', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 300 }), { minLength: 1, maxLength: 400 }),
      fc.integer({ min: 1, max: 50 }),
      (gaps, perSecond) => {
        const guard = createGuard({ perSecond, slip: 3 }, 11);
        let at = 0;
        let got = 0;
        for (const gap of gaps) {
          at += gap;
          if (guard.rule('answer', anIp('198.51.100.7'), millis(start + at)) === 'send') got++;
        }
        assert.ok(got <= perSecond + (at * perSecond) / 1000 + 1);
      },
    ),
  );
});

test('guards with one memory have one bucket for a network among them', () => {
  const memory = new SharedArrayBuffer(guardSize);
  const settings = { perSecond: 4, slip: 0 };
  const guards = [createGuard(settings, 7, memory), createGuard(settings, 7, memory)];
  const rulings = Array.from({ length: 8 }, (_, i) =>
    guards[i % 2]?.rule('answer', anIp('192.0.2.1'), millis(start)),
  );
  assert.deepEqual(rulings, [
    ...Array.from({ length: 4 }, () => 'send'),
    ...Array.from({ length: 4 }, () => 'drop'),
  ]);
});

test('a guard that comes later gives nobody a full bucket again', () => {
  const memory = new SharedArrayBuffer(guardSize);
  const settings = { perSecond: 4, slip: 0 };
  assert.equal(sent(createGuard(settings, 7, memory), '192.0.2.1', 10), 4);
  assert.equal(sent(createGuard(settings, 7, memory), '192.0.2.1', 10), 0);
});
