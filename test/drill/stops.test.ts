// What ends a drill early, and what lets none begin.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type RegionSight, type Seen, whyNot, whyStop } from '../../src/drill/stops.ts';
import { aPlan, baselineOf, calm, sightOf } from '../support/drill.ts';

type Changes = Readonly<Record<string, Partial<RegionSight>>>;

const seeing = (changes: Changes): Seen => ({ ...calm, sight: sightOf(changes) });

describe('a drill stops', () => {
  const stops: readonly (readonly [what: string, seen: Seen, code: string, words: RegExp])[] = [
    [
      'when another region fails',
      seeing({ us: { verdict: 'down' } }),
      'verdict',
      /us went from up/,
    ],
    [
      'when its own region fails',
      seeing({ eu: { verdict: 'down' } }),
      'verdict',
      /eu went from up/,
    ],
    ['when it sees too little', seeing({ ap: { isKept: true } }), 'blind', /votes on ap/],
    [
      'when its word is ended or replaced',
      { ...calm, isHeard: false },
      'override',
      /ended or replaced/,
    ],
    [
      'when an operator says something new',
      { ...calm, words: new Map([['w-1', 'us drained by bob']]) },
      'override',
      /us drained by bob/,
    ],
    [
      'when another one began earlier',
      { ...calm, earlier: '20260501T110000000Z-us' },
      'other-drill',
      /20260501T110000000Z-us/,
    ],
  ];
  for (const [what, seen, code, words] of stops) {
    test(what, () => {
      const stop = whyStop({ plan: aPlan(), baseline: baselineOf() }, seen);
      assert.equal(stop?.code, code);
      assert.match(stop?.message ?? '', words);
    });
  }

  test('when a region that its clients go to is gone from the configuration', () => {
    const sight = sightOf();
    sight.delete('us' as never);
    const stop = whyStop({ plan: aPlan(), baseline: baselineOf() }, { ...calm, sight });
    assert.equal(stop?.code, 'configuration');
  });

  test('when another region is busier than it may be, and when nobody knows how busy it is', () => {
    const run = { plan: aPlan({ mostLoad: 0.8 }), baseline: baselineOf() };
    const loads = (us: number | undefined) => seeing({ us: { load: us }, ap: { load: 0.1 } });
    assert.equal(whyStop(run, loads(0.8)), undefined);
    assert.equal(whyStop(run, loads(0.81))?.code, 'load');
    assert.equal(whyStop(run, loads(undefined))?.code, 'blind');
  });
});

test('words that were in force before do not stop it', () => {
  const seen: Seen = { ...calm, words: new Map([['old', 'ap drained by bob']]) };
  assert.equal(whyStop({ plan: aPlan(), baseline: baselineOf(['old']) }, seen), undefined);
});

describe('no drill begins', () => {
  test('while a region of its services is not up, or nobody knows', () => {
    assert.match(whyNot(aPlan(), sightOf({ us: { verdict: 'down' } })) ?? '', /us is down/);
    assert.match(whyNot(aPlan(), sightOf({ eu: { isKept: true } })) ?? '', /votes on eu/);
  });

  test('while a load stands against it', () => {
    assert.match(whyNot(aPlan({ mostLoad: 0.5 }), sightOf()) ?? '', /load of us is not known/);
  });

  test('but a region that is not probed may take part', () => {
    const sight = sightOf({ ap: { isProbed: false, verdict: 'unknown', isKept: true } });
    assert.equal(whyNot(aPlan(), sight), undefined);
  });
});
