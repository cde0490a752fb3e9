import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HookMessage } from '../../../src/director/webhooks/message.ts';
import { HookQueue } from '../../../src/director/webhooks/queue.ts';
import { millis } from '../../../src/model/time.ts';

const message = (id: string, subject = id): HookMessage => ({
  id,
  event: 'verdict',
  subject,
  body: '{}',
  isOfFleet: true,
});

const day = millis(86_400_000);

test('the oldest makes room, and that is said', () => {
  const queue = new HookQueue();
  for (let i = 0; i < 1000; i++) assert.equal(queue.put(message(`${i}`), millis(i)), false);
  assert.equal(queue.put(message('1000'), millis(1000)), true);
  assert.equal(queue.size, 1000);
  assert.equal(queue.next()?.message.id, '1');
});

test('what made room while it was under way is gone without a trace', () => {
  const queue = new HookQueue();
  queue.put(message('first'), millis(0));
  const first = queue.next();
  assert.ok(first);
  queue.remove(first);
  queue.put(message('second'), millis(0));
  queue.remove(first);
  assert.equal(queue.next()?.message.id, 'second');
});

test('a message that waits for its next try lets others pass', () => {
  const queue = new HookQueue();
  queue.put(message('first'), millis(0));
  queue.put(message('second'), millis(1));
  const first = queue.next();
  assert.ok(first);
  queue.retry(first, millis(10), { chance: 0, retryFor: day });
  assert.equal(queue.next()?.message.id, 'second');
});

test('a message of the same subject does not pass the one before it', () => {
  const queue = new HookQueue();
  const put = (id: string, subject: string): boolean => queue.put(message(id, subject), millis(0));
  put('down', 'eu');
  put('up', 'eu');
  put('elsewhere', 'us');
  const down = queue.next();
  assert.ok(down);
  assert.equal(down.message.id, 'down');
  queue.retry(down, millis(0), { chance: 0, retryFor: day });
  const elsewhere = queue.next();
  assert.ok(elsewhere);
  assert.equal(elsewhere.message.id, 'elsewhere');
  queue.remove(elsewhere);
  assert.equal(queue.next()?.message.id, 'down');
  queue.remove(down);
  assert.equal(queue.next()?.message.id, 'up');
});

test('one that the receiver refuses holds back no other, while it is tried on', () => {
  const queue = new HookQueue();
  for (const id of ['down', 'up']) queue.put(message(id, 'eu'), millis(0));
  const down = queue.next();
  assert.ok(down);
  queue.retry(down, millis(0), { chance: 0, retryFor: day, isRefused: true });
  const up = queue.next();
  assert.ok(up);
  assert.equal(up.message.id, 'up');
  queue.remove(up);
  assert.equal(queue.next()?.message.id, 'down');
});

test('one that is never taken, while others are, holds back no other for long', () => {
  const queue = new HookQueue();
  for (const id of ['poison', 'up']) queue.put(message(id, 'eu'), millis(0));
  queue.put(message('elsewhere', 'us'), millis(0));
  const asked: string[] = [];
  for (let now = 0; queue.size > 1; ) {
    const entry = queue.next();
    assert.ok(entry);
    now = Math.max(now, entry.dueAt);
    asked.push(entry.message.id);
    if (entry.message.id === 'poison')
      queue.retry(entry, millis(now), { chance: 0, retryFor: day });
    else queue.noteTaken(entry, millis(now));
  }
  assert.deepEqual(asked, ['poison', 'elsewhere', 'poison', 'up']);
});

test('one that is never taken holds back those of its subject for six tries at most', () => {
  const queue = new HookQueue();
  for (const id of ['poison', 'up']) queue.put(message(id, 'eu'), millis(0));
  for (let tries = 0; tries < 6; tries++) {
    const entry = queue.next();
    assert.ok(entry);
    assert.equal(entry.message.id, 'poison');
    queue.retry(entry, entry.dueAt, { chance: 0, retryFor: day });
  }
  assert.equal(queue.next()?.message.id, 'up');
});

test('once a receiver is back, what it has missed comes in order', () => {
  const queue = new HookQueue();
  for (const id of ['eu', 'us', 'ap', 'sa']) queue.put(message(id), millis(0));
  for (let tries = 0; tries < 4; tries++) {
    for (const chance of [0.9, 0.2, 0.6, 0.1]) {
      const entry = queue.next();
      assert.ok(entry);
      queue.retry(entry, millis(1000), { chance, retryFor: day });
    }
  }
  const heard: string[] = [];
  for (let entry = queue.next(); entry !== undefined; entry = queue.next()) {
    heard.push(entry.message.id);
    queue.noteTaken(entry, millis(Math.max(2000, heard.length === 1 ? entry.dueAt : 2000)));
  }
  const [first, ...rest] = heard;
  assert.deepEqual(
    rest,
    ['eu', 'us', 'ap', 'sa'].filter((id) => id !== first),
  );
});

test('news is a reason to try at once what waits before it, but not before the receiver wants it', () => {
  const dueAfterNews = (asked: number, subject = 'eu'): number => {
    const queue = new HookQueue();
    queue.put(message('down', 'eu'), millis(0));
    const down = queue.next();
    assert.ok(down);
    for (let i = 0; i < 9; i++) {
      queue.retry(down, millis(0), { chance: 0, retryFor: day, asked: millis(asked) });
    }
    queue.put(message('up', subject), millis(1000));
    return down.dueAt;
  };
  assert.equal(dueAfterNews(0), 1000);
  assert.equal(dueAfterNews(60_000), 60_000);
  assert.equal(dueAfterNews(0, 'us'), 300_000);
});

test('one that is given up, or made room, frees the next of its subject', () => {
  const queue = new HookQueue();
  for (const id of ['first', 'second']) queue.put(message(id, 'eu'), millis(0));
  const first = queue.next();
  assert.ok(first);
  assert.equal(queue.retry(first, millis(1), { chance: 0, retryFor: millis(1) }), false);
  assert.equal(queue.next()?.message.id, 'second');
  for (let i = 0; i < 1000; i++) queue.put(message(`${i}`, 'eu'), millis(i));
  assert.equal(queue.next()?.message.id, '0');
});

test('pauses double up to ten minutes, each by a draw shorter, until it is too late', () => {
  const pausesWith = (chance: number): number[] => {
    const queue = new HookQueue();
    queue.put(message('m'), millis(0));
    const pauses: number[] = [];
    for (let entry = queue.next(), now = 0; entry !== undefined; entry = queue.next()) {
      const isAgain = queue.retry(entry, millis(now), { chance, retryFor: millis(3_600_000) });
      if (!isAgain) break;
      pauses.push((entry.dueAt - now) / 1000);
      now = entry.dueAt;
    }
    assert.equal(queue.size, 0);
    return pauses;
  };
  assert.deepEqual(
    pausesWith(0),
    [2.5, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300, 300, 300, 300, 300, 300, 300],
  );
  const slow = pausesWith(1 - 2 ** -53);
  assert.deepEqual(slow.slice(0, 9), [5, 10, 20, 40, 80, 160, 320, 600, 600]);
});

test('a receiver may ask for a longer pause, but not for a longer one than ten minutes', () => {
  const pauseAfter = (asked: number): number => {
    const queue = new HookQueue();
    queue.put(message('m'), millis(0));
    const entry = queue.next();
    assert.ok(entry);
    queue.retry(entry, millis(0), { chance: 0, retryFor: day, asked: millis(asked) });
    return entry.dueAt;
  };
  assert.equal(pauseAfter(60_000), 60_000);
  assert.equal(pauseAfter(1), 2500);
  assert.equal(pauseAfter(999_999_999_000), 600_000);
});

test('whatever happens, it holds at most a thousand, and next is never later than any other', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('put' as const), wait: fc.option(fc.nat(100_000)) }),
    fc.record({ kind: fc.constant('retry' as const), chance: fc.double({ min: 0, max: 0.99 }) }),
    fc.record({ kind: fc.constant('remove' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new HookQueue();
      let now = 0;
      for (const [i, each] of steps.entries()) {
        now += 1000;
        const next = queue.next();
        if (each.kind === 'put') {
          const wait = each.wait === null ? undefined : millis(each.wait);
          queue.put(message(`${i}`), millis(now), wait);
        } else if (next !== undefined && each.kind === 'remove') queue.remove(next);
        else if (next !== undefined && each.kind === 'retry') {
          const isAgain = queue.retry(next, millis(now), { chance: each.chance, retryFor: day });
          if (isAgain) assert.ok(next.dueAt >= now + 2500 && next.dueAt <= now + 600_000);
        }
        assert.ok(queue.size <= 1000);
      }
    }),
  );
});
