// The load of a region: whose word counts, for how long, and what the fleet makes of many.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  agreeOnShed,
  findLoad,
  gatherClaims,
  type LoadEvidence,
  shareOf,
  steadyLoad,
} from '../../src/health/load.ts';
import type { HeardVote, LoadClaim } from '../../src/model/health.ts';
import type { LoadSettings, RegionId } from '../../src/model/region.ts';
import type { SelfReport } from '../../src/model/self-report.ts';
import { millis } from '../../src/model/time.ts';

const eu = 'eu' as RegionId;
const now = millis(1_000_000);
const settings: LoadSettings = {
  capacity: 1000,
  connections: 200,
  low: 0.75,
  high: 0.9,
  lifetime: millis(30_000),
  token: undefined,
};

function report(extra: Partial<SelfReport> = {}): SelfReport {
  const start = millis(now - 1000);
  const clock = { wall: start, counter: 0, node: 'a' };
  const said = { state: 'up', load: undefined, connections: undefined, reason: '' } as const;
  return { region: eu, name: '-', ...said, start, end: millis(start + 30_000), clock, ...extra };
}

const claim = (extra: Partial<LoadClaim> = {}): LoadClaim => ({
  share: undefined,
  connections: undefined,
  ago: 0,
  shed: undefined,
  ...extra,
});

/** `ago` is how old the vote is, in ms. */
function vote(observer: string, region: string, said: LoadClaim | undefined, ago = 0): HeardVote {
  const loads = said && { loads: new Map([[eu, said]]) };
  const made = { observer, region, incarnation: 1, sequence: 1, opinions: new Map(), ...loads };
  return { vote: made, freshAt: millis(now - ago) };
}

const fleet = { observers: ['eu', 'us', 'ap'], voteLifetime: millis(17_000) };
const heard = (...votes: HeardVote[]) => gatherClaims(votes, fleet, now).get(eu) ?? [];

const found = (evidence: Partial<LoadEvidence>) => {
  const nothing = { own: undefined, applications: [], claims: [] };
  return findLoad({ region: { id: eu, load: settings }, ...nothing, ...evidence }, now);
};

describe('a share', () => {
  test('is the greatest that any amount comes to', () => {
    assert.equal(shareOf({ load: 0.2, connections: 100, requests: 700 }, settings), 0.7);
    assert.equal(shareOf({ load: 0.2, connections: 100 }, settings), 0.5);
    assert.equal(shareOf({ load: 1.2, connections: 100 }, settings), 1.2);
  });

  test('is not known of amounts that nothing is a capacity for', () => {
    assert.equal(shareOf({ connections: 100, requests: 7 }, undefined), undefined);
    assert.equal(shareOf({}, settings), undefined);
  });
});

describe('what is found', () => {
  const own = report({ load: 0.4 });
  const lifetime = millis(60_000);
  const applications = [
    { report: report({ name: 'web', load: 0.6, connections: 20 }), lifetime },
    { report: report({ name: 'queue', connections: 130 }), lifetime },
  ];
  const claims = heard(vote('u', 'us', claim({ share: 0.9 })));

  test("is the region's own word before its applications', and theirs before observers'", () => {
    assert.partialDeepStrictEqual(found({ own, applications, claims }), {
      share: 0.4,
      origin: 'report',
    });
    assert.deepEqual(found({ applications, claims }), {
      share: 0.75,
      connections: 150,
      at: now - 1000,
      origin: 'applications',
    });
    assert.partialDeepStrictEqual(found({ claims }), { share: 0.9, origin: 'probes' });
    assert.equal(found({}), undefined);
  });

  test('is nothing that says no amount, is over, or is older than the lifetime', () => {
    assert.equal(found({ own: report() }), undefined);
    const over = report({ load: 1, start: millis(now - 5000), end: now });
    assert.equal(found({ own: over }), undefined);
    const old = report({ load: 1, start: millis(now - 30_000), end: millis(now + 30_000) });
    assert.equal(found({ own: old }), undefined);
    assert.equal(found({ applications: [{ report: old, lifetime }] }), undefined);
    // Without settings, as long as the probe has it.
    const region = { id: eu };
    assert.equal(found({ region, applications: [{ report: old, lifetime }] })?.share, 1);
    assert.equal(
      found({ region, applications: [{ report: old, lifetime: millis(20_000) }] }),
      undefined,
    );
  });

  test('of observers is the median over observing regions, each by its newest director', () => {
    const votes = [
      vote('e1', 'eu', claim({ share: 0.1, ago: 5000 })),
      vote('e2', 'eu', claim({ share: 0.5, ago: 100 })),
      vote('u1', 'us', claim({ share: 0.6, connections: 70 })),
      vote('a1', 'ap', claim({ share: 9, connections: 900 })),
      vote('w1', 'witness', claim({ share: 9 })),
    ];
    assert.partialDeepStrictEqual(found({ claims: heard(...votes) }), {
      share: 0.6,
      connections: 70,
      at: now,
    });
  });

  test('of observers is nothing stale, by the age that is carried along', () => {
    const stale = vote('u', 'us', claim({ share: 0.5 }), 17_001);
    const aged = vote('u', 'us', claim({ share: 0.5, ago: 20_000 }), 10_001);
    const released = vote('u', 'us', undefined);
    for (const each of [stale, aged, released]) {
      assert.equal(found({ claims: heard(each) }), undefined);
    }
    const just = vote('u', 'us', claim({ share: 0.5, ago: 20_000 }), 10_000);
    assert.equal(found({ claims: heard(just) })?.at, now - 30_000);
  });
});

describe('what the fleet passes on', () => {
  test('is the median of the observing regions, this director speaking for its own', () => {
    const claims = heard(
      vote('e', 'eu', claim({ shed: 0.9 })),
      vote('u', 'us', claim({ shed: 0.2 })),
      vote('a', 'ap', claim({ shed: 0.4 })),
    );
    assert.equal(agreeOnShed(claims, { region: 'eu', shed: 0.3 }), 0.3);
    assert.equal(agreeOnShed(claims, { region: 'eu', shed: 0 }), 0.2);
    assert.equal(agreeOnShed(claims, undefined), 0.4);
    assert.equal(agreeOnShed([], { region: 'eu', shed: 0.3 }), 0.3);
    assert.equal(agreeOnShed([], undefined), 0);
  });

  test('is the same for all who hear the same', () => {
    const share = fc.integer({ min: 0, max: 95 }).map((percent) => percent / 100);
    fc.assert(
      fc.property(share, share, share, (x, y, z) => {
        const said = [
          ['eu', x],
          ['us', y],
          ['ap', z],
        ] as const;
        const claims = heard(...said.map(([id, shed]) => vote(id, id, claim({ shed }))));
        const agreed = said.map(([region, shed]) => agreeOnShed(claims, { region, shed }));
        assert.equal(new Set(agreed).size, 1);
      }),
    );
  });
});

describe('what answers go by', () => {
  const load = { share: 0.5, connections: 100, at: now, shed: 0 };

  test('stays as long as nothing has moved that one could tell', () => {
    for (const change of [{}, { share: 0.509 }, { connections: 104 }, { at: millis(now + 1) }]) {
      assert.equal(steadyLoad(load, { ...load, ...change }), load);
    }
  });

  test('follows what has, and leaves the rest', () => {
    assert.deepEqual(steadyLoad(load, { ...load, share: 0.511, connections: 102 }), {
      ...load,
      share: 0.511,
    });
    assert.equal(steadyLoad(load, { ...load, connections: 105 }).connections, 105);
    assert.equal(steadyLoad(load, { ...load, share: undefined }).share, undefined);
    assert.equal(steadyLoad(load, { ...load, shed: 0.01 }).shed, 0.01);
    assert.deepEqual(steadyLoad(undefined, load), load);
  });
});
