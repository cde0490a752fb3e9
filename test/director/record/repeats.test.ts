// Repeats: the first is told at once, what follows is counted, and nobody can make the log grow without bound.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  countRepeats,
  most,
  type Repeatable,
  repeatsEvery,
} from '../../../src/director/record/repeats.ts';
import type { RefusalChange, RepeatsChange } from '../../../src/model/refusal.ts';
import { millis } from '../../../src/model/time.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { noon } from '../../support/fleet.ts';

const refusal = (change: Partial<RefusalChange> = {}): RefusalChange => ({
  type: 'refusal',
  what: 'POST /v1/overrides',
  tried: {},
  status: 401,
  code: 'request.unauthorized',
  message: 'this bearer token is not known',
  door: 'nobody',
  client: '192.0.2.7',
  request: 'r',
  ...change,
});

function stage() {
  const clock = createFakeClock(noon);
  const told: (Repeatable | RepeatsChange)[] = [];
  const repeats = countRepeats({ clock, tell: (change) => void told.push(change) });
  const sums = (): RepeatsChange[] => told.filter((each) => each.type === 'repeats');
  return { clock, told, repeats, sums };
}

describe('what comes again', () => {
  test('is told once, and then counted in a line a minute with its newest requests', async () => {
    const { clock, told, repeats, sums } = stage();
    for (let i = 0; i < 1000; i++) repeats.note(refusal({ request: `r-${i}` }));
    assert.deepEqual(told, [refusal({ request: 'r-0' })]);
    await clock.advance(repeatsEvery);
    const source = {
      of: 'refusal',
      what: 'POST /v1/overrides',
      code: 'request.unauthorized',
      door: 'nobody',
      client: '192.0.2.7',
      count: 999,
      requests: ['r-997', 'r-998', 'r-999'],
    };
    const line = { type: 'repeats', seconds: 60, count: 999, sources: [source], others: 0 };
    assert.deepEqual(sums(), [line]);
    repeats.note(refusal());
    await clock.advance(repeatsEvery);
    assert.equal(sums()[1]?.count, 1, 'it goes on');
    await clock.advance(millis(2 * repeatsEvery));
    assert.equal(sums().length, 2, 'nothing came');
    repeats.note(refusal({ request: 'new' }));
    assert.deepEqual(told.at(-1), refusal({ request: 'new' }), 'it is the first again');
    await repeats[Symbol.asyncDispose]();
  });

  test('is another where the source, the reason or what was tried is', async () => {
    const { told, repeats } = stage();
    const others = [{}, { client: '192.0.2.8' }, { code: 'request.forbidden' as const }];
    for (const change of [...others, { what: 'DELETE /v1/overrides/:id' }, { door: 'token x' }]) {
      repeats.note(refusal(change));
      repeats.note(refusal({ ...change, message: 'in other words', request: 'other' }));
    }
    assert.equal(told.length, 5);
    repeats.note(refusal({ client: '2001:db8::1' }));
    repeats.note(refusal({ client: '2001:db8::2' }));
    assert.equal(told.length, 6, 'a /64 is one client');
    await repeats[Symbol.asyncDispose]();
  });

  test('from ever new addresses makes no more lines, and what is counted is all of it', async () => {
    const { clock, told, repeats, sums } = stage();
    let sent = 0;
    for (let minute = 0; minute < 60; minute++) {
      for (let i = 0; i < 2000; i++) {
        const client = `10.${minute}.${i >> 8}.${i & 255}`;
        repeats.note(refusal({ client }));
        sent++;
      }
      await clock.advance(repeatsEvery);
    }
    const firsts = told.filter(({ type }) => type === 'refusal').length;
    // An hour earns half of the sixty that there are to begin with.
    assert.ok(firsts <= most.firsts + 30, `${firsts}`);
    assert.ok(sums().length <= 60);
    assert.equal(firsts + sums().reduce((all, { count }) => all + count, 0), sent);
    assert.ok(sums().every(({ sources }) => sources.length <= most.named));
    assert.ok(JSON.stringify(sums()[0]).length < 4096);
    await repeats[Symbol.asyncDispose]();
  });

  test('is told at the end as far as it was counted', async () => {
    const { repeats, sums } = stage();
    repeats.note(refusal());
    repeats.note(refusal());
    await repeats[Symbol.asyncDispose]();
    assert.equal(sums()[0]?.count, 1);
  });

  test('may be words of the log and of safety rules, too', async () => {
    const { told, repeats } = stage();
    const lost = (board: string): Repeatable => {
      return { type: 'notice', what: 'board.lost', level: 'warn', facts: { board } };
    };
    for (const board of ['a', 'b', 'a']) repeats.note(lost(board));
    assert.equal(told.length, 2);
    const rules = [{ rule: 'minRegions', message: 'too few' }];
    const refused = {
      type: 'safety',
      state: 'refused',
      rules,
      what: 'drain',
      region: 'eu',
    } as const;
    repeats.note({ ...refused, by: 'alice', door: 'token ops', request: 'r-1' });
    repeats.note({ ...refused, by: 'alice', door: 'token ops', request: 'r-2' });
    assert.equal(told.length, 3);
    await repeats[Symbol.asyncDispose]();
  });
});
