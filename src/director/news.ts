// News for the log: verdicts, overrides and returns that are others than they were.

import type { HealthView } from '../model/health.ts';
import type { Override } from '../model/override.ts';
import type { RegionId } from '../model/region.ts';
import { formatInstant } from '../model/time.ts';
import type { Log } from '../ports.ts';

export function tellVerdicts(before: HealthView, after: HealthView, log: Log): void {
  for (const [region, { verdict, isKept, votes }] of after) {
    const last = before.get(region);
    // Before its first votes a region is unknown, which is no change.
    if (last === undefined && verdict === 'unknown') continue;
    if (last?.verdict === verdict && last.isKept === isKept) continue;
    const reason = votes.find((vote) => vote.verdict === verdict && vote.reason !== '')?.reason;
    const level = verdict === 'down' || isKept ? 'warn' : 'info';
    log[level]('verdict.changed', {
      region,
      from: last?.verdict ?? 'none',
      to: verdict,
      isKept,
      reason,
    });
  }
}

export function tellOverrides(
  before: ReadonlyMap<RegionId, Override>,
  after: ReadonlyMap<RegionId, Override>,
  words: readonly Override[],
  log: Log,
): void {
  for (const [region, { id, kind, actor, reason }] of after) {
    if (before.get(region)?.id !== id)
      log.info('override.began', { region, kind, actor, reason, id });
  }
  for (const [region, { id, kind }] of before) {
    if (after.get(region)?.id === id) continue;
    // Whoever lifted or replaced it; nobody when its time was over.
    const word = words.find((each) => each.region === region);
    const by = word?.id !== id || word.isLifted ? word?.actor : undefined;
    log.info('override.ended', { region, kind, by, id });
  }
}

/** So many trips are a case for a person: the region comes back by itself all the same. */
const manyTrips = 3;

export function tellReturns(before: HealthView, after: HealthView, log: Log): void {
  for (const [region, { recovery }] of after) {
    const last = before.get(region)?.recovery;
    const { stage, share, nextAt, trips } = recovery;
    if (trips >= manyTrips && (last?.trips ?? 0) < manyTrips) {
      log.warn('region.trips', { region, trips });
    }
    if (last === undefined || (stage === last.stage && share === last.share)) continue;
    if (nextAt !== undefined) {
      log.info('region.returning', { region, stage, share, until: formatInstant(nextAt), trips });
    } else if (last.nextAt !== undefined && stage === 'open') {
      log.info('region.returned', { region, trips });
    }
  }
}
