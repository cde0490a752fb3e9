// Delivery in virtual time: what is sent when, by which director, and what becomes of the rest.

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { startWebhooks } from '../../../src/director/webhooks/deliver.ts';
import type { Change, DirectorEvent } from '../../../src/model/event.ts';
import { millis } from '../../../src/model/time.ts';
import type { WebhookCounts, WebhookSettings } from '../../../src/model/webhook.ts';
import type { HookAnswer } from '../../../src/model/webhook.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createRecordLog } from '../../support/record-log.ts';

const verdict = (region: string): Change => ({
  type: 'verdict',
  region,
  from: 'up',
  to: 'down',
  isKept: false,
  reason: '',
});

const drill: Change = {
  type: 'drill',
  drill: 'd1',
  region: 'eu',
  phase: 'step',
  step: 1,
  share: 1,
  by: 'alice',
  reason: 'first',
  abort: null,
};

function hookNamed(name: string, more: Partial<WebhookSettings> = {}): WebhookSettings {
  return {
    name,
    url: 'http://h',
    secrets: ['whsec_'],
    events: ['verdict', 'drill'],
    from: 'all',
    retryFor: millis(3_600_000),
    networks: undefined,
    ...more,
  };
}

function stage(t: TestContext, hooks: WebhookSettings[], heard: string[] = ['m']) {
  const clock = createFakeClock(0);
  const log = createRecordLog();
  const listeners = new Set<(event: DirectorEvent) => void>();
  const counts = new Map<string, WebhookCounts>();
  /** `<seconds> <hook> <region>` of each try. */
  const tries: string[] = [];
  let answer: (hook: string, body: string) => HookAnswer | Promise<HookAnswer> = () => ({
    isTaken: true,
  });
  const webhooks = startWebhooks({
    director: { id: 'm', region: 'eu' },
    hooks: () => hooks,
    events: {
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    heard: () => heard,
    silence: () => millis(20_000),
    post: async ({ name }, { body }) => {
      const { data } = JSON.parse(body) as { data: { region: string } };
      tries.push(`${clock.now() / 1000} ${name} ${data.region}`);
      return answer(name, body);
    },
    clock,
    random: () => 0,
    log,
    counts,
  });
  const close = async (): Promise<void> => webhooks[Symbol.asyncDispose]();
  t.after(close);
  let count = 0;
  const tell = (change: Change): void => {
    const event = { ...change, id: `life-${++count}`, at: '', epoch: 1 };
    for (const listener of listeners) listener(event);
  };
  return {
    clock,
    log,
    counts,
    tries,
    tell,
    close,
    hooks,
    heard,
    answerWith: (next: typeof answer) => (answer = next),
  };
}

const refused: HookAnswer = { isTaken: false, reason: 'status 500, want 200 to 299' };

describe('a webhook', () => {
  test('is told at once of the events that it wants, in their order', async (t) => {
    const { tell, tries, clock, counts } = stage(t, [hookNamed('a', { events: ['verdict'] })]);
    tell(verdict('eu'));
    tell(drill);
    tell(verdict('us'));
    await clock.advance(0);
    assert.deepEqual(tries, ['0 a eu', '0 a us']);
    assert.deepEqual(counts.get('a'), { sent: 2, retried: 0, failed: 0, dropped: 0, waiting: 0 });
  });

  test('is tried again and again, with one line when that begins and one when it is over', async (t) => {
    const { tell, tries, clock, counts, log, answerWith } = stage(t, [hookNamed('a')]);
    answerWith(() => refused);
    tell(verdict('eu'));
    await clock.advance(7000);
    answerWith(() => ({ isTaken: true }));
    await clock.advance(20_000);
    assert.deepEqual(tries, ['0 a eu', '2.5 a eu', '7.5 a eu']);
    assert.equal(counts.get('a')?.retried, 2);
    assert.deepEqual(log.lines, ['warn webhook.failing', 'info webhook.recovered']);
  });

  test('is given up after its time, and that is said of each message', async (t) => {
    const hooks = [hookNamed('a', { retryFor: millis(60_000) })];
    const { tell, tries, clock, counts, log, answerWith } = stage(t, hooks);
    answerWith(() => refused);
    tell(verdict('eu'));
    await clock.advance(600_000);
    assert.deepEqual(tries, ['0 a eu', '2.5 a eu', '7.5 a eu', '17.5 a eu', '37.5 a eu']);
    assert.deepEqual(counts.get('a'), { sent: 0, retried: 4, failed: 1, dropped: 0, waiting: 0 });
    assert.deepEqual(log.lines, ['warn webhook.failing', 'error webhook.given-up']);
  });

  test('hears of one region in order, also where the first word is refused at first', async (t) => {
    const { tell, tries, clock, answerWith } = stage(t, [hookNamed('a')]);
    const heard: string[] = [];
    let count = 0;
    answerWith((_hook, body) => {
      if (++count === 1) return refused;
      heard.push((JSON.parse(body) as { data: { to: string } }).data.to);
      return { isTaken: true };
    });
    tell(verdict('eu'));
    await clock.advance(1000);
    tell({ ...verdict('eu'), from: 'down', to: 'up' } as Change);
    tell(verdict('us'));
    await clock.advance(600_000);
    assert.deepEqual(tries, ['0 a eu', '1 a eu', '1 a eu', '1 a us']);
    assert.deepEqual(heard, ['down', 'up', 'down']);
  });

  test('that hangs holds up no other', async (t) => {
    const { tell, tries, clock, answerWith } = stage(t, [hookNamed('a'), hookNamed('b')]);
    const hang = Promise.withResolvers<HookAnswer>();
    answerWith((name) => (name === 'a' ? hang.promise : { isTaken: true }));
    tell(verdict('eu'));
    tell(verdict('us'));
    await clock.advance(0);
    assert.deepEqual(tries, ['0 a eu', '0 b eu', '0 b us']);
    hang.resolve({ isTaken: true });
  });

  test('that takes nothing loses the oldest, with one line for all of them', async (t) => {
    const { tell, clock, counts, log, answerWith } = stage(t, [hookNamed('a')]);
    const hang = Promise.withResolvers<HookAnswer>();
    answerWith(() => hang.promise);
    for (let i = 0; i < 1005; i++) tell(verdict('eu'));
    await clock.advance(0);
    assert.equal(counts.get('a')?.dropped, 5);
    assert.equal(counts.get('a')?.waiting, 1000);
    assert.deepEqual(log.lines, ['warn webhook.dropped']);
    hang.resolve({ isTaken: true });
  });

  test('that is no longer configured is told nothing more', async (t) => {
    const { tell, tries, clock, counts, hooks, answerWith } = stage(t, [hookNamed('a')]);
    answerWith(() => refused);
    tell(verdict('eu'));
    await clock.advance(1000);
    hooks.length = 0;
    await clock.advance(600_000);
    assert.deepEqual(tries, ['0 a eu']);
    assert.equal(counts.get('a')?.waiting, 0);
  });
});

describe('from one of them', () => {
  test('what all see is told by the director whose id comes first', async (t) => {
    const first = stage(t, [hookNamed('a', { from: 'one' })], ['m', 'z']);
    first.tell(verdict('eu'));
    await first.clock.advance(0);
    assert.deepEqual(first.tries, ['0 a eu']);
    const second = stage(t, [hookNamed('a', { from: 'one' })], ['b', 'm']);
    second.tell(verdict('eu'));
    await second.clock.advance(600_000);
    assert.deepEqual(second.tries, []);
  });

  test('the next one tells it where the first has fallen silent before it could', async (t) => {
    const { tell, tries, clock, heard } = stage(t, [hookNamed('a', { from: 'one' })], ['b', 'm']);
    tell(verdict('eu'));
    await clock.advance(20_000);
    heard.splice(0, 1);
    await clock.advance(20_000);
    assert.deepEqual(tries, ['30 a eu']);
  });

  test('what this director alone knows it tells itself', async (t) => {
    const { tell, tries, clock } = stage(t, [hookNamed('a', { from: 'one' })], ['b', 'm']);
    tell(drill);
    await clock.advance(0);
    assert.deepEqual(tries, ['0 a eu']);
  });
});

describe('a director that stops', () => {
  test('still sends what is due, and leaves what waits', async (t) => {
    const { tell, tries, close, clock, answerWith } = stage(t, [hookNamed('a')]);
    answerWith(() => refused);
    tell(verdict('eu'));
    await clock.advance(1000);
    tell(verdict('us'));
    await close();
    assert.deepEqual(tries, ['0 a eu', '1 a us']);
  });

  test('waits two seconds for a receiver that hangs, and no longer', async (t) => {
    const { tell, close, clock, answerWith } = stage(t, [hookNamed('a')]);
    const hang = Promise.withResolvers<HookAnswer>();
    answerWith(() => hang.promise);
    tell(verdict('eu'));
    await clock.advance(0);
    let isClosed = false;
    const closing = close().then(() => (isClosed = true));
    await clock.advance(1999);
    assert.equal(isClosed, false);
    await clock.advance(1);
    // As the real one does when its signal aborts.
    hang.resolve(refused);
    await closing;
  });
});
