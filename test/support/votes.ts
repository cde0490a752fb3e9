// Builders for tallies: votes on the region `eu`, earlier views of it, and the tally over both.

import assert from 'node:assert/strict';
import { openRecovery } from '../../src/health/recover.ts';
import { tally } from '../../src/health/tally.ts';
import type {
  HealthView,
  HeardVote,
  Opinion,
  RegionHealth,
  Verdict,
} from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import { atOnce } from './fleet.ts';

export const eu = 'eu' as RegionId;
export const now = millis(1_000_000);
export const lifetime = millis(17_000);

export function opinion(verdict: Verdict, extra: Partial<Opinion> = {}): Opinion {
  const reason = verdict === 'down' ? 'timed out after 2s' : '';
  return { verdict, since: millis(0), latency: millis(20), reason, isSuspect: false, ...extra };
}

/** A vote on `eu` by a director that stands in `region`. */
export function vote(
  region: string,
  said: Verdict | Opinion,
  observer = `${region}-1`,
  age = 1000,
): HeardVote {
  const opinions = new Map([[eu, typeof said === 'string' ? opinion(said) : said]]);
  return {
    vote: { observer, region, incarnation: 1, sequence: 1, opinions },
    freshAt: millis(now - age),
  };
}

/** An earlier view of `eu`, whose verdict has stood since 5. */
export function view(verdict: Verdict, extra: Partial<RegionHealth> = {}): HealthView {
  const since = millis(5);
  const rest = { isKept: false, isSuspect: false, votes: [], recovery: openRecovery };
  return new Map([[eu, { verdict, since, ...rest, ...extra }]]);
}

/** The rest of what a tally wants: a director in America, where regions are back at once. */
export const director = {
  self: { id: 'us-1', region: 'us' },
  returning: atOnce,
  overrides: new Map(),
} as const;

/** Tallies the votes on `eu`, which a director in `home` hears; observing regions are separated by spaces. */
export function judge(
  observers: string,
  heard: HeardVote[],
  previous: HealthView,
  home = 'us',
): RegionHealth {
  const input = { observers: observers.split(' '), votes: heard, voteLifetime: lifetime };
  const self = { id: `${home}-1`, region: home };
  const regions = [{ id: eu }];
  const health = tally({ ...input, ...director, self, regions, previous, now }).get(eu);
  assert.ok(health);
  return health;
}
