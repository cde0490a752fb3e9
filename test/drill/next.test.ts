// The course of a drill in virtual time: step by step, early ends, and what holds whatever happens.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  abortDrill,
  beginDrill,
  type DrillState,
  margin,
  nextDrill,
  type Turn,
} from '../../src/drill/next.ts';
import type { Seen } from '../../src/drill/stops.ts';
import { isOver } from '../../src/model/drill.ts';
import { shareOfNobody } from '../../src/model/override.ts';
import { millis } from '../../src/model/time.ts';
import { aPlan, baselineOf, calm } from '../support/drill.ts';
import { noon } from '../support/fleet.ts';

const plan = aPlan();
const at = (span: number) => millis(noon + span);

/** What is said at each look, one a second, until the drill is over. */
function runThrough(first: Turn, seen: (second: number) => Seen, most = 3600) {
  const said: { second: number; say: Turn['say'] }[] = [{ second: 0, say: first.say }];
  let { state } = first;
  for (let second = 1; second <= most && !isOver(state); second++) {
    const turn = nextDrill(state, seen(second), at(second * 1000));
    ({ state } = turn);
    if (turn.say !== undefined) said.push({ second, say: turn.say });
  }
  return { state, said };
}

function wordsOf(said: readonly { second: number; say: Turn['say'] }[]): string[] {
  return said.map(({ second, say }) =>
    say?.kind === 'drain' ? `${second}: ${say.share} for ${say.span}` : `${second}: ${say?.kind}`,
  );
}

describe('a drill', () => {
  test('lowers the TTL for one old TTL, goes through its steps, and reverts', () => {
    const { state, said } = runThrough(beginDrill(plan, baselineOf(), noon), () => calm);
    assert.equal(state.phase, 'done');
    assert.deepEqual(wordsOf(said), [
      `0: ${shareOfNobody} for 70000`,
      '60: 0.25 for 40000',
      '90: 0.5 for 40000',
      '120: 1 for 40000',
      '150: revert',
    ]);
  });

  test('that lowers no TTL begins with its first step', () => {
    const { state, say } = beginDrill({ ...plan, notice: millis(0) }, baselineOf(), noon);
    assert.deepEqual(say, { kind: 'drain', share: 0.25, span: millis(40_000) });
    assert.equal(state.step, 1);
  });

  test('stops at whatever stands against it, takes its word back, and says nothing more', () => {
    const lost: Seen = { ...calm, isHeard: false };
    const { state, said } = runThrough(beginDrill(plan, baselineOf(), noon), (second) =>
      second < 95 ? calm : lost,
    );
    assert.equal(state.abort?.code, 'override');
    assert.equal(wordsOf(said).at(-1), '95: revert');
    assert.deepEqual(nextDrill(state, calm, at(500_000)), { state, say: undefined });
  });

  test('is aborted by hand once', () => {
    const { state } = beginDrill(plan, baselineOf(), noon);
    const first = abortDrill(state, { code: 'asked', message: 'by alice' }, at(1000));
    assert.deepEqual(first.say, { kind: 'revert' });
    const second = abortDrill(first.state, { code: 'asked', message: 'by bob' }, at(2000));
    assert.equal(second.say, undefined);
    assert.equal(second.state.abort?.message, 'by alice');
  });

  test('does not go on where its word has ended by itself meanwhile', () => {
    const { state } = beginDrill(plan, baselineOf(), noon);
    const { state: after, say } = nextDrill(state, calm, at(60_000 + margin));
    assert.equal(after.abort?.code, 'late');
    assert.deepEqual(say, { kind: 'revert' });
    const unheard = nextDrill(state, { ...calm, isHeard: false }, at(60_000 + margin));
    assert.equal(unheard.state.abort?.code, 'late', 'nobody took it back');
  });
});

/** What may be seen at a look; an arbitrary one of them is calm more often than not. */
const sights = fc.oneof(
  { weight: 40, arbitrary: fc.constant(calm) },
  { weight: 1, arbitrary: fc.constant<Seen>({ ...calm, isHeard: false }) },
  { weight: 1, arbitrary: fc.constant<Seen>({ ...calm, earlier: '20260101T000000000Z-us' }) },
  { weight: 1, arbitrary: fc.constant<Seen>({ ...calm, words: new Map([['w', 'us drained']]) }) },
);

const looks = fc.array(
  fc.record({
    gap: fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 200_000 })),
    seen: sights,
    isAsked: fc.integer({ min: 0, max: 60 }).map((draw) => draw === 0),
  }),
  { minLength: 1, maxLength: 200 },
);

test('whatever happens, shares only grow, words end in time, and after the end nothing is said', () => {
  fc.assert(
    fc.property(looks, fc.boolean(), (all, isLowered) => {
      const own = isLowered ? plan : { ...plan, notice: millis(0) };
      const first = beginDrill(own, baselineOf(), noon);
      let state: DrillState = first.state;
      let now: number = noon;
      let share = 0;
      let wordEnd = 0;
      const check = ({ state: next, say }: Turn): void => {
        const hold = next.step === 0 ? own.notice : (own.steps[next.step - 1]?.hold ?? 0);
        if (say?.kind === 'drain') {
          assert.ok(say.share > share, 'shares grow');
          assert.ok(say.span <= hold + margin, 'a word ends within its hold and the margin');
          assert.ok(wordEnd === 0 || now < wordEnd, 'the last word was still in force');
          ({ share } = say);
          wordEnd = now + say.span;
        }
        if (say?.kind === 'revert') assert.ok(isOver(next), 'what is taken back is over');
        state = next;
      };
      check(first);
      for (const { gap, seen, isAsked } of all) {
        now += gap;
        const wasOver = isOver(state);
        const turn = isAsked
          ? abortDrill(state, { code: 'asked', message: 'by alice' }, millis(now))
          : nextDrill(state, seen, millis(now));
        if (wasOver) assert.equal(turn.say, undefined);
        check(turn);
        // Were the controller lost here, this is how long its last word would last at most.
        assert.ok(wordEnd <= now + 60_000 + margin);
      }
    }),
  );
});
