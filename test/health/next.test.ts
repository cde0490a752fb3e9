// The next change: what is foreseen, and that nothing ever comes sooner.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { HeardVote, NextChange, RegionHealth, Verdict } from '../../src/model/health.ts';
import { blindnessOf, nextChange } from '../../src/health/next.ts';
import { openRecovery } from '../../src/health/recover.ts';
import { tally } from '../../src/health/tally.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { anOverride, upHealth } from '../support/fleet.ts';
import { director, eu, judge, lifetime, now, opinion, view, vote } from '../support/votes.ts';
import { region } from '../support/watch-stage.ts';

const usual = region('eu');

interface Facts {
  readonly region?: typeof usual;
  readonly before?: Verdict;
  /** When the override on the region ends, in seconds from now. */
  readonly overrideEnd?: number;
}

/** What is foreseen for `eu`, as `down in 3.5s`; `never` when nothing is. */
function foresee(observers: string, votes: HeardVote[], facts: Facts = {}): string {
  const { before = 'up', overrideEnd } = facts;
  const health: RegionHealth = judge(observers, votes, view(before));
  const end = overrideEnd === undefined ? undefined : millis(now + overrideEnd * 1000);
  const override = end && anOverride('eu', { end });
  return tell(
    nextChange({
      region: facts.region ?? usual,
      observers: observers.split(' '),
      votes,
      voteLifetime: lifetime,
      health,
      override,
      now,
    }),
  );
}

function tell(next: NextChange | undefined): string {
  return next === undefined ? 'never' : `${next.change} in ${(next.at - now) / 1000}s`;
}

const suspect = (verdict: Verdict) => opinion(verdict, { isSuspect: true });
const three = 'us ap sa';

describe('what comes next', () => {
  test('for a region that is up: down, when enough observers have failed often enough', () => {
    const votes = [vote('us', 'up'), vote('ap', 'up'), vote('sa', 'up')];
    // Votes are a second old; of three failures the last two are an interval of 4.5 s apart.
    assert.equal(foresee(three, votes), 'down in 3.5s');
    const patient = region('eu', { downAfter: 5, interval: millis(2000) });
    assert.equal(foresee(three, votes, { region: patient }), 'down in 4.4s');
    const hasty = region('eu', { downAfter: 1 });
    assert.equal(foresee(three, votes, { region: hasty }), 'down in 0s');
  });

  test('for a region with a push probe: down at any moment, since its application may say so', () => {
    const push = { kind: 'push', region: usual.id, name: 'app', token: undefined } as const;
    const list = [{ ...push, lifetime: millis(45_000) }];
    const votes = [vote('us', 'up'), vote('ap', 'up'), vote('sa', 'up')];
    assert.equal(foresee(three, votes, { region: region('eu', { list }) }), 'down in 0s');
    // Of five successes, the last four are half a second apart where there is much news.
    const downs = [vote('us', 'down'), vote('ap', 'down'), vote('sa', 'down')];
    assert.equal(foresee(three, downs, { region: region('eu', { list }) }), 'up in 0.5s');
  });

  test('for a region that is down: up, when enough observers have succeeded often enough', () => {
    const votes = [vote('us', 'down'), vote('ap', 'down'), vote('sa', 'down')];
    assert.equal(foresee(three, votes), 'up in 12.5s');
  });

  test('is as near as the observers whose word would be enough', () => {
    const doubting = [vote('us', suspect('up')), vote('ap', 'up'), vote('sa', 'up')];
    assert.equal(foresee(three, doubting), 'down in 3.5s');
    const both = [vote('us', suspect('up')), vote('ap', suspect('up')), vote('sa', 'up')];
    assert.equal(foresee(three, both), 'down in 0s');
    const against = [vote('us', 'down'), vote('ap', 'up', 'ap-1', 3000), vote('sa', 'up')];
    assert.equal(foresee(three, against), 'down in 1.5s');
  });

  test('is that the verdict is kept, where votes would end before they could turn', () => {
    const slow = region('eu', { interval: millis(60_000) });
    const votes = [vote('us', 'up'), vote('ap', 'up', 'ap-1', 5000), vote('sa', 'up')];
    assert.equal(foresee(three, votes, { region: slow }), 'unknown in 16s');
    const four = [...votes, vote('af', 'up')];
    assert.equal(foresee(`${three} af`, four, { region: slow }), 'unknown in 16s');
  });

  test('may come at once from observers that are not heard, if they are enough', () => {
    assert.equal(foresee(three, [vote('us', 'up'), vote('ap', 'up')]), 'down in 3.5s');
    assert.equal(foresee(three, [vote('us', 'up')]), 'down in 0s');
    assert.equal(foresee(three, [], { before: 'unknown' }), 'up in 0s');
  });

  test('counts the own observers of a region out as soon as they may be silent', () => {
    const slow = region('eu', { interval: millis(60_000) });
    const two = [vote('eu', 'up', 'eu-1', 15_000), vote('us', suspect('up'))];
    // Once its own observer is silent, the other one decides alone.
    assert.equal(foresee('eu us', two, { region: slow }), 'unknown in 0s');
    assert.equal(foresee('eu us', [vote('us', 'up')]), 'unknown in 0s');
    assert.equal(foresee('eu us sa', [vote('us', 'down'), vote('sa', 'up')]), 'down in 0s');
  });

  test('takes the directors of one region together', () => {
    const agreed = [vote('us', 'up', 'us-1'), vote('us', 'up', 'us-2', 9000)];
    // One of them may say down by now, and then they disagree.
    assert.equal(foresee('us', agreed), 'unknown in 0s');
    const slow = region('eu', { interval: millis(60_000) });
    assert.equal(foresee('us', agreed, { region: slow }), 'unknown in 16s');
    const split = [...agreed, vote('us', 'down', 'us-3')];
    assert.equal(foresee('us', split, { region: slow }), 'unknown in 8s');
  });

  test('is the end of an override, when that is nearer', () => {
    const votes = [vote('us', 'up'), vote('ap', 'up'), vote('sa', 'up')];
    assert.equal(foresee(three, votes, { overrideEnd: 2 }), 'override-ends in 2s');
    assert.equal(foresee(three, votes, { overrideEnd: 60 }), 'down in 3.5s');
  });

  test('is the next stage of a return, when that is nearer', () => {
    const votes = [vote('us', 'up'), vote('ap', 'up'), vote('sa', 'up')];
    const facts = { region: usual, observers: three.split(' '), votes, voteLifetime: lifetime };
    const foreseen = (nextShare: number): string => {
      const nextAt = millis(now + 3000);
      const health = upHealth({ recovery: { ...openRecovery, nextAt, nextShare } });
      return tell(nextChange({ ...facts, health, override: undefined, now }));
    };
    assert.equal(foreseen(0.05), 'half-open in 3s');
    assert.equal(foreseen(1), 'open in 3s');
  });

  test('may come at once while a director has only its disk to go by', () => {
    const health = judge('eu us', [vote('us', 'down')], view('up', { isUnproven: true }), 'eu');
    assert.equal(health.isUnproven, true);
    const facts = { region: usual, observers: ['eu', 'us'], votes: [], voteLifetime: lifetime };
    assert.equal(tell(nextChange({ ...facts, health, override: undefined, now })), 'down in 0s');
  });

  test('for a region without a probe is never that it is down', () => {
    const unprobed = { ...usual, probes: undefined };
    const facts = { region: unprobed } as never;
    const votes = [vote('us', 'up'), vote('ap', 'up'), vote('sa', 'up')];
    assert.equal(foresee(three, votes, facts), 'unknown in 16s');
    assert.equal(foresee(three, [], facts), 'never');
  });
});

describe('an observer that loses its own way to the world', () => {
  const own = region('eu', { interval: millis(10_000) });
  const regions = [own, region('us'), region('ap')];
  const said = (observer: string, words: Readonly<Record<string, Verdict>>): HeardVote => {
    const opinions = new Map(
      Object.entries(words).map(([id, verdict]) => [id as RegionId, opinion(verdict)] as const),
    );
    const place = observer.replace(/-.*/, '');
    const self = { observer, region: place, incarnation: 1, sequence: 1, opinions };
    return { vote: self, freshAt: millis(now - 1000) };
  };
  const nextOf = (votes: HeardVote[], isolated: ReadonlySet<string>): string => {
    const observers = ['eu', 'us', 'ap'];
    const past = { votes, voteLifetime: lifetime, previous: view('up') };
    const input = { ...director, ...past, regions, observers, now };
    const health = tally({ ...input, isolated }).get(eu);
    const blindness = blindnessOf(votes, regions, isolated);
    return tell(nextChange({ ...input, region: own, blindness, health, override: undefined }));
  };

  test('may be left out as soon as it may say down of all others', () => {
    const all = { eu: 'up', us: 'up', ap: 'up' } as const;
    const votes = [said('eu-1', { eu: 'up', us: 'down', ap: 'up' }), said('us-1', all)];
    const none = new Set<string>();
    assert.equal(blindnessOf(votes, regions, none).get('eu-1'), now + 3500);
    assert.equal(nextOf(votes, none), 'unknown in 3.5s');
  });

  test('may count again at any moment, whatever it then says', () => {
    const all = { eu: 'up', us: 'up', ap: 'up' } as const;
    const blind = { eu: 'down', us: 'down', ap: 'down' } as const;
    const votes = [said('eu-1', blind), said('us-1', all), said('ap-1', { ...all, eu: 'down' })];
    assert.equal(nextOf(votes, new Set(['eu-1'])), 'down in 0s');
  });

  test('is none where there are too few regions to tell', () => {
    const votes = [said('eu-1', { eu: 'up', us: 'down' })];
    assert.equal(blindnessOf(votes, regions.slice(0, 2), new Set()).size, 0);
  });
});
