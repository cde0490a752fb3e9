// The tally: which votes make a verdict, and what happens when they are too few.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openRecovery } from '../../src/health/recover.ts';
import { sameHealth, tally } from '../../src/health/tally.ts';
import type { HealthView, HeardVote, Recovery, Verdict } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { anOverride } from '../support/fleet.ts';
import { director, eu, judge, lifetime, now, opinion, view, vote } from '../support/votes.ts';

/** Votes written as `us up, asia down`. */
function votes(text: string): HeardVote[] {
  return text
    .split(', ')
    .filter((part) => part !== '')
    .map((part) => {
      const [region = '', said = ''] = part.split(' ');
      return vote(region, said as Verdict);
    });
}

describe('quorum, case by case', () => {
  // what happens | observing regions | votes heard | verdict before → after, and whether it is only kept
  const table = `
    one observer decides                                       | us               | us down                                 | up → down
    one observer that is silent decides nothing                | us               |                                         | up → up kept
    one observer decides about its own region                  | eu               | eu down                                 | up → down
    one observer, silent about its own region, decides nothing | eu               |                                         | up → up kept
    two observers must agree                                   | us asia          | us down, asia down                      | up → down
    two observers that disagree                                | us asia          | us down, asia up                        | up → up kept
    one of two observers is no majority                        | us asia          | us down                                 | up → up kept
    one of two observers cannot bring back either              | us asia          | us up                                   | down → down kept
    the survivor of two decides                                | eu us            | us down                                 | up → down
    the survivor of two decides both ways                      | eu us            | us up                                   | down → up
    two, and the judged region speaks against                  | eu us            | us down, eu up                          | up → up kept
    two, and the judged region lives but does not know yet     | eu us            | us down, eu unknown                     | up → up kept
    only the judged region itself speaks                       | eu us            | eu down                                 | up → up kept
    three observers, two say down                              | us asia sa       | us down, asia down, sa up               | up → down
    three observers, one says down                             | us asia sa       | us down, asia up, sa up                 | up → up
    three observers, only one heard                            | us asia sa       | us down                                 | up → up kept
    three observers, one down, one up, one silent              | us asia sa       | us down, asia up                        | up → up kept
    three, own silent, others agree                            | eu us asia       | us down, asia down                      | up → down
    three, own silent, others disagree                         | eu us asia       | us down, asia up                        | up → up kept
    three, own silent, one more silent                         | eu us asia       | us down                                 | up → up kept
    three, own speaks, one silent                              | eu us asia       | eu up, us down                          | up → up kept
    three, own outvoted                                        | eu us asia       | eu up, us down, asia down               | up → down
    three, own says unknown                                    | eu us asia       | eu unknown, us down, asia down          | up → down
    five observers, three say down                             | us asia sa af au | us down, asia down, sa down             | up → down
    five observers, two say down                               | us asia sa af au | us down, asia down                      | up → up kept
    five, two down, three up                                   | us asia sa af au | us down, asia down, sa up, af up, au up | up → up
    five, own silent, three of four                            | eu us asia sa af | us down, asia down, sa down             | up → down
    five, own silent, two of four                              | eu us asia sa af | us down, asia down, sa up               | up → up kept
    unknown is silence                                         | us asia sa       | us down, asia unknown, sa unknown       | up → up kept
    only configured observers count                            | us asia sa       | us up, xx down, yy down, zz down        | down → down kept
    nothing was known and nothing is heard                     | us asia sa       |                                         | unknown → unknown kept
    nothing was known and a minority speaks                    | us asia sa       | us up                                   | unknown → unknown kept
    the first majority                                         | us asia sa       | us up, sa up                            | unknown → up
  `;
  for (const row of table.trim().split('\n')) {
    const [title = '', observers = '', heard = '', change = ''] = row
      .split('|')
      .map((c) => c.trim());
    const [before, , after, kept] = change.split(' ');
    test(title, () => {
      const health = judge(observers, votes(heard), view(before as Verdict));
      assert.equal(health.verdict, after);
      assert.equal(health.isKept, kept === 'kept');
    });
  }

  test('a region never judged before starts unknown and kept', () => {
    const health = judge('us asia', votes('us down'), new Map());
    assert.deepEqual([health.verdict, health.isKept, health.since], ['unknown', true, now]);
  });

  describe('in a life that has had no majority yet', () => {
    const claiming = (said: HeardVote, ago: number): HeardVote => {
      const returns = new Map([[eu, { ago, trips: 0 }]]);
      return { ...said, vote: { ...said.vote, returns } };
    };
    const [down, up] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    const disk = (verdict: Verdict): HealthView =>
      view(verdict, { isKept: true, isUnproven: true });
    const eu1 = vote('eu', 'up');
    const told = (previous: HealthView, ...heard: HeardVote[]): string => {
      const { verdict, isKept, isUnproven } = judge('eu us', heard, previous, 'eu');
      return `${verdict}${isKept ? ' kept' : ''}${isUnproven === true ? ' unproven' : ''}`;
    };

    test('the more careful verdict is kept: what others concluded, or what is on disk', () => {
      const us1 = claiming(vote('us', 'down'), down);
      assert.equal(told(disk('up'), eu1, us1), 'down kept unproven');
      assert.equal(told(disk('unknown'), eu1, us1), 'down kept unproven');
      assert.equal(told(new Map(), eu1, us1), 'down kept unproven');
      assert.equal(told(disk('down'), claiming(vote('us', 'up'), 5000)), 'down kept unproven');
      assert.equal(told(disk('up'), claiming(vote('us', 'up'), up)), 'up kept unproven');
    });

    test('a region on its way back is that for a director that knows nothing', () => {
      const us1 = claiming(vote('us', 'up'), 5000);
      assert.equal(told(new Map(), us1), 'up kept unproven');
      assert.equal(told(new Map(), claiming(vote('us', 'up'), up)), 'unknown kept unproven');
    });

    test('without anybody to ask the disk counts', () => {
      assert.equal(told(disk('up'), eu1), 'up kept unproven');
      assert.equal(told(disk('up'), eu1, vote('us', 'down')), 'up kept unproven');
    });

    test('the first majority ends that, and a director with one goes by nobody else', () => {
      const us1 = claiming(vote('us', 'up'), down);
      assert.equal(told(disk('down'), eu1, us1), 'up');
      const tie = claiming(vote('us', 'down'), down);
      assert.equal(told(view('up'), eu1, tie), 'up kept');
      assert.equal(told(view('up', { isKept: true }), eu1, tie), 'up kept');
    });
  });

  test('without any observer configured every verdict is kept', () => {
    const input = { observers: [], votes: votes('us down'), voteLifetime: lifetime, now };
    const health = tally({
      ...director,
      ...input,
      regions: [{ id: eu }],
      previous: view('up'),
    }).get(eu);
    assert.deepEqual([health?.verdict, health?.isKept], ['up', true]);
  });

  test('an observing region listed twice is one', () => {
    assert.equal(judge('us us asia', votes('us down'), view('up')).verdict, 'up');
    assert.equal(judge('us us', votes('us down'), view('up')).verdict, 'down');
  });
});

describe('freshness', () => {
  test('a vote counts for as long as its lifetime and not a moment longer', () => {
    assert.equal(judge('us', [vote('us', 'down', 'a', 17_000)], view('up')).verdict, 'down');
    const late = judge('us', [vote('us', 'down', 'a', 17_001)], view('up'));
    assert.deepEqual([late.verdict, late.isKept, late.votes], ['up', true, []]);
  });

  test('an old vote of the judged region is silence: it is left out of the count', () => {
    const heard = [vote('eu', 'up', 'a', 60_000), vote('us', 'down')];
    assert.equal(judge('eu us', heard, view('up')).verdict, 'down');
  });
});

describe('several directors in one observing region', () => {
  test('have one vote together: numbers do not help', () => {
    const crowd = ['a', 'b', 'c', 'd'].map((name) => vote('us', 'down', name));
    const health = judge('us asia sa', [...crowd, ...votes('asia up, sa up')], view('up'));
    assert.deepEqual([health.verdict, health.isKept], ['up', false]);
    assert.equal(health.votes.length, 3);
  });

  test('their majority speaks for the region', () => {
    const heard = [vote('us', 'down', 'a'), vote('us', 'up', 'b'), vote('us', 'down', 'c')];
    const health = judge('us', heard, view('up'));
    assert.equal(health.verdict, 'down');
    assert.deepEqual([health.votes[0]?.observer, health.votes[0]?.verdict], ['a', 'down']);
    assert.equal(health.votes[0]?.reason, 'timed out after 2s');
  });

  test('a tie is silence, and the line of the region says so', () => {
    const heard = [vote('us', 'down', 'a'), vote('us', 'up', 'b')];
    const health = judge('us', heard, view('up'));
    assert.deepEqual([health.verdict, health.isKept, health.isSuspect], ['up', true, true]);
    assert.equal(health.votes[0]?.verdict, 'unknown');
    assert.equal(health.votes[0]?.reason, 'its directors disagree');
  });

  test('one that does not know yet gives its own reason, not a disagreement', () => {
    const reason = 'connection refused';
    const [line] = judge('us', [vote('us', opinion('unknown', { reason }))], view('up')).votes;
    assert.deepEqual([line?.verdict, line?.reason], ['unknown', reason]);
  });

  test('a tie inside the judged region is no silence: its directors are alive', () => {
    const heard = [vote('eu', 'up', 'a'), vote('eu', 'down', 'b'), vote('us', 'down')];
    assert.deepEqual(judge('eu us', heard, view('up')).isKept, true);
  });

  test('a director that starts in the judged region does not take itself for dead', () => {
    const heard = [vote('us', 'up')];
    assert.equal(judge('eu us', heard, view('down'), 'us').verdict, 'up');
    assert.equal(judge('eu us', heard, view('down'), 'eu').verdict, 'down');
  });

  test('one that does not know yet is not counted, a stale one neither', () => {
    const heard = [
      vote('us', 'unknown', 'a'),
      vote('us', 'up', 'b', 60_000),
      vote('us', 'up', 'c', 60_000),
      vote('us', 'down', 'd'),
    ];
    assert.equal(judge('us', heard, view('up')).verdict, 'down');
  });
});

describe('since', () => {
  test('stays while the verdict stays, confirmed or kept', () => {
    assert.equal(judge('us', votes('us up'), view('up')).since, 5);
    assert.equal(judge('us', [], view('up')).since, 5);
    assert.equal(judge('us', votes('us up'), view('up', { isKept: true })).since, 5);
  });

  test('is now when the verdict changes', () => {
    assert.equal(judge('us', votes('us down'), view('up')).since, now);
    assert.equal(judge('us', votes('us up'), view('unknown')).since, now);
  });
});

describe('suspicion', () => {
  const three = 'us asia sa';

  test('there is none while all agree', () => {
    assert.equal(judge(three, votes('us up, asia up, sa up'), view('up')).isSuspect, false);
  });

  test('one observing region against the verdict raises it', () => {
    assert.equal(judge(three, votes('us up, asia up, sa down'), view('up')).isSuspect, true);
    assert.equal(judge(three, votes('us down, asia down, sa up'), view('up')).isSuspect, true);
  });

  test('one observer that suspects its own opinion raises it', () => {
    const doubt = vote('sa', opinion('up', { isSuspect: true }));
    assert.equal(judge(three, [...votes('us up, asia up'), doubt], view('up')).isSuspect, true);
  });

  test('a director outvoted inside its region raises it', () => {
    const heard = [vote('us', 'up', 'a'), vote('us', 'up', 'b'), vote('us', 'down', 'c')];
    const health = judge('us', heard, view('up'));
    assert.deepEqual([health.verdict, health.isSuspect], ['up', true]);
  });

  test('a kept verdict is suspect when the few that are heard contradict it', () => {
    assert.equal(judge(three, votes('us down'), view('up')).isSuspect, true);
    assert.equal(judge(three, votes('us up'), view('up')).isSuspect, false);
  });

  test('observers that are not configured, stale or undecided raise none', () => {
    const heard = [
      ...votes('us up, asia up, xx down, sa unknown'),
      vote('sa', 'down', 'z', 60_000),
    ];
    assert.equal(judge(three, heard, view('up')).isSuspect, false);
  });
});

test('the lines of a verdict follow the configured order of observers and carry their figures', () => {
  const heard = [
    vote('sa', opinion('down', { latency: undefined }), 'sa-1', 3000),
    vote('us', opinion('up', { latency: millis(80) }), 'us-2', 2000),
    vote('us', 'up', 'us-9', 100),
  ];
  assert.deepEqual(judge('us asia sa', heard, view('up')).votes, [
    { region: 'us', observer: 'us-2', verdict: 'up', age: 2000, latency: 80, reason: '' },
    {
      region: 'sa',
      observer: 'sa-1',
      verdict: 'down',
      age: 3000,
      latency: undefined,
      reason: 'timed out after 2s',
    },
  ]);
});

test('a region that is gone leaves the view, a new one joins it', () => {
  const asia = 'asia' as RegionId;
  const input = { observers: ['us'], votes: votes('us up'), voteLifetime: lifetime, now };
  const health = tally({ ...director, ...input, regions: [{ id: asia }], previous: view('up') });
  assert.deepEqual([...health.keys()], [asia]);
  assert.equal(health.get(asia)?.verdict, 'unknown');
});

describe('the way back of a region', () => {
  const returning = { hold: millis(120_000), stage: millis(60_000), longestHold: millis(3.6e6) };
  const observers = ['eu', 'us', 'asia'];
  const back = { upAt: now - 10_000, trips: 0 };
  const seen = (upAt: number) =>
    view('up', { recovery: { ...openRecovery, seen: { upAt, trips: 0 } } });

  /** A vote that it came up so long before the vote was made; without a claim from an older release. */
  function claim(region: string, ago: number | undefined, observer = `${region}-1`, age = 1000) {
    const { vote: said, freshAt } = vote(region, 'up', observer, age);
    const returns = new Map(ago === never ? [] : [[eu, { ago: ago ?? 0, trips: 0 }]]);
    return { vote: ago === undefined ? said : { ...said, returns }, freshAt };
  }
  const never = Number.POSITIVE_INFINITY;

  /** When the next stage begins, in seconds from now. */
  function nextIn(previous: HealthView, heard: readonly HeardVote[]): number | undefined {
    const self = { id: 'eu-1', region: 'eu' };
    const input = { self, regions: [{ id: eu }], observers, votes: heard, previous, now };
    const health = tally({ ...director, ...input, returning, voteLifetime: lifetime }).get(eu);
    const nextAt = health?.recovery.nextAt;
    return nextAt === undefined ? undefined : (nextAt - now) / 1000;
  }

  test('is that of its observers, each claim as old as its vote', () => {
    const heard = [claim('us', 20_000), claim('asia', 30_000, 'asia-1', 5000), claim('eu', 1)];
    assert.equal(nextIn(seen(back.upAt), heard), 120 - 21);
    assert.equal(nextIn(seen(-never), heard), 120 - 35);
  });

  test('is not what this director once claimed itself, nor what stale votes claim', () => {
    const heard = [claim('us', 20_000), claim('asia', 20_000, 'asia-1', 20_000), claim('eu', 1)];
    assert.equal(nextIn(seen(back.upAt), heard), 120 - 21);
    assert.equal(nextIn(seen(back.upAt), [claim('eu', 1), claim('us', undefined)]), 110);
  });

  test('is over where the others list none, and not where they know of none to list', () => {
    assert.equal(nextIn(seen(back.upAt), [claim('us', never), claim('asia', never)]), undefined);
    assert.equal(nextIn(seen(back.upAt), [claim('us', undefined), claim('asia', undefined)]), 110);
    const blind = claim('asia', never);
    const opinions = new Map([['us' as RegionId, opinion('up')]]);
    const other = { ...blind, vote: { ...blind.vote, opinions } };
    assert.equal(nextIn(seen(back.upAt), [claim('us', 10_000, 'us-1', 0), other]), 110);
  });

  test('is skipped by an operator who has it out', () => {
    const overrides = new Map([[eu, anOverride('eu', { kind: 'down' })]]);
    const input = { ...director, regions: [{ id: eu }], observers, voteLifetime: lifetime, now };
    const heard = [claim('us', 20_000), claim('eu', 1)];
    const previous = seen(back.upAt);
    const health = tally({ ...input, votes: heard, returning, overrides, previous }).get(eu);
    assert.equal(health?.recovery.share, 1);
  });
});

describe('an isolated observer', () => {
  const left = (observers: string, heard: string, who: string, before: Verdict = 'up') => {
    const said = { observers: observers.split(' '), votes: votes(heard) };
    const input = { ...director, ...said, voteLifetime: lifetime };
    const isolated = new Set([who]);
    const previous = view(before);
    const health = tally({ ...input, isolated, regions: [{ id: eu }], previous, now }).get(eu);
    assert.ok(health);
    return health;
  };

  test('is left out of what is said, also of what makes a region suspect', () => {
    const {
      verdict,
      isKept,
      isSuspect,
      votes: counted,
    } = left('us asia sa', 'us up, asia up, sa down', 'sa-1');
    assert.deepEqual([verdict, isKept, isSuspect], ['up', false, false]);
    assert.deepEqual(
      counted.map(({ observer }) => observer),
      ['us-1', 'asia-1'],
    );
  });

  test('is still counted among those of whom a majority is wanted', () => {
    assert.equal(left('us asia sa', 'us down, asia up, sa down', 'sa-1').isKept, true);
    assert.equal(left('us asia', 'us down, asia down', 'asia-1').isKept, true);
  });

  test('does not count as silent on its own region, which two would then judge alone', () => {
    assert.equal(left('eu us', 'eu up, us down', 'eu-1').isKept, true);
    assert.equal(left('eu us', 'us down', 'eu-1').verdict, 'down', 'as when it is silent');
    const { verdict } = left('eu us asia', 'eu up, us down, asia down', 'eu-1');
    assert.equal(verdict, 'down', 'most of all are a majority without it');
  });

  test('leaves its vote to the other directors of its region', () => {
    const heard = [vote('us', 'up'), vote('eu', 'down', 'eu-1'), vote('eu', 'up', 'eu-2')];
    const said = { observers: ['eu', 'us', 'sa'], votes: heard };
    const input = { ...director, ...said, regions: [{ id: eu }], now };
    const previous = view('down');
    const isolated = new Set(['eu-1']);
    const health = tally({ ...input, isolated, voteLifetime: lifetime, previous }).get(eu);
    assert.equal(health?.verdict, 'up');
  });
});

describe('sameHealth', () => {
  test('ages, latencies, reasons and moments are no difference', () => {
    const one = tally({
      ...director,
      regions: [{ id: eu }],
      observers: ['us'],
      votes: votes('us up'),
      voteLifetime: lifetime,
      previous: view('up'),
      now,
    });
    assert.equal(sameHealth(one, view('up')), true);
    assert.equal(sameHealth(new Map(), new Map()), true);
  });

  test('verdict, keeping, suspicion and the set of regions are', () => {
    assert.equal(sameHealth(view('up'), view('down')), false);
    assert.equal(sameHealth(view('up'), view('up', { isKept: true })), false);
    assert.equal(sameHealth(view('up'), view('up', { isSuspect: true })), false);
    assert.equal(sameHealth(view('up'), new Map()), false);
    const quarter = { ...openRecovery, stage: 'half-open', share: 0.25, nextAt: now } as const;
    const at = (recovery: Recovery) => view('up', { recovery });
    assert.equal(sameHealth(at(quarter), at(openRecovery)), false);
    assert.equal(sameHealth(at(quarter), at({ ...quarter, share: 0.5 })), false);
    assert.equal(sameHealth(at(quarter), at({ ...quarter, nextAt: millis(now + 1000) })), false);
    assert.equal(sameHealth(at(quarter), at({ ...quarter, nextAt: millis(now + 999) })), true);
    assert.equal(sameHealth(new Map(), view('up')), false);
    const health = view('up').get(eu);
    assert.ok(health);
    assert.equal(sameHealth(view('up'), new Map([['asia' as RegionId, health]])), false);
  });
});
