// Push probes: makes a sample of the newest report that was heard of an application.

import type { Sample } from '../model/health.ts';
import type { PushProbe } from '../model/region.ts';
import type { SelfReport } from '../model/self-report.ts';
import { formatSpan, type Millis, millis } from '../model/time.ts';

/** However often applications have news, rounds of probes of a region are this far apart. */
export const shortestGap = millis(500);

/** What a director knows of an application, and what it could know. */
export interface Hearsay {
  readonly report: SelfReport | undefined;
  /** Since when it has been listening for this one. */
  readonly since: Millis;
  /** When it last could hear from other directors; undefined before the first time. */
  readonly heardAt: Millis | undefined;
}

/**
 * A report that still speaks is believed at once, in both directions. Silence makes a failure like
 * any other once it has lasted for as long as the last report spoke; but only silence that this
 * director was there to hear: without boards, or just after its start, it is blind and says nothing.
 */
export function samplePush(probe: PushProbe, hearsay: Hearsay, now: Millis): Sample {
  const { report, since, heardAt } = hearsay;
  const span = report === undefined ? probe.lifetime : spanOf(report, probe);
  if (report !== undefined && now < report.start + span) return sampleOf(report);
  const silentFrom = Math.max(since, report?.start ?? since);
  const isBlind = heardAt === undefined || heardAt - silentFrom < span;
  const reason =
    report === undefined ? 'no report' : `no report for ${formatSpan(now - report.start)}`;
  return { isHealthy: false, latency: undefined, reason, ...(isBlind && { isBlind }) };
}

/** How long a report speaks; the settings may have been made stricter since it was given. */
export function spanOf({ start, end }: SelfReport, { lifetime }: PushProbe): Millis {
  return millis(Math.min(end - start, lifetime));
}

function sampleOf({ state, reason }: SelfReport): Sample {
  const isHealthy = state === 'up';
  if (isHealthy) return { isHealthy, latency: undefined, reason: '' };
  const words = reason === '' ? state : `${state}: ${reason}`;
  return { isHealthy, latency: undefined, reason: words, isFinal: true };
}
