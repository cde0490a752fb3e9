// When steps began and ended, also where the next turn came too late.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abortDrill, beginDrill, margin, nextDrill } from '../../src/drill/next.ts';
import { recordTurn, type StepRecord } from '../../src/drill/step-records.ts';
import { millis } from '../../src/model/time.ts';
import { aPlan, baselineOf, calm } from '../support/drill.ts';
import { noon } from '../support/fleet.ts';

const plan = aPlan();

const at = (ms: number) => millis(noon + ms);

/** All turns up to this moment, a look each second; then one more at `last`. */
function recordsAt(ms: number, last: number): readonly StepRecord[] {
  let turn = beginDrill(plan, baselineOf(), noon);
  let records: readonly StepRecord[] = [];
  const moments = Array.from({ length: ms / 1000 }, (_, i) => (i + 1) * 1000);
  for (const moment of [...moments, last]) {
    const before = turn.state;
    turn = nextDrill(before, calm, at(moment));
    if (turn.say !== undefined) records = recordTurn(records, before, turn, at(moment));
  }
  return records;
}

test('a step begins when the one before it ends, and the last is open', () => {
  const records = recordsAt(90_000, 91_000);
  assert.ok(records.length > 0);
  for (const [i, { step, share, startedAt, endedAt }] of records.entries()) {
    assert.equal(step, i + 1);
    assert.equal(share, plan.steps[i]?.share);
    assert.equal(endedAt, records[i + 1]?.startedAt);
    assert.ok(startedAt >= at(plan.notice));
  }
});

test('one whose word ended before anybody looked again ended with its word', () => {
  const records = recordsAt(plan.notice + 1000, plan.notice + 10_000_000);
  const [first] = records;
  const hold = plan.steps[0]?.hold ?? 0;
  assert.ok(first !== undefined);
  assert.equal(first.endedAt, millis(first.startedAt + hold + margin));
});

test('an abort ends what is open, and begins nothing', () => {
  const { state } = beginDrill(plan, baselineOf(), noon);
  const step = nextDrill(state, calm, at(plan.notice));
  const records = recordTurn([], state, step, at(plan.notice));
  const stop = { code: 'asked', message: 'by alice' } as const;
  const now = at(plan.notice + 500);
  const ended = recordTurn(records, step.state, abortDrill(step.state, stop, now), now);
  assert.deepEqual(
    ended.map(({ endedAt }) => endedAt),
    [now],
  );
});
