// Phrases that several steps use for the same thing.

import type { Override } from '../model/override.ts';
import { formatMoment } from '../model/time.ts';

/** `drained by alice until 2026-05-01 14:00:00 UTC: disk swap`. */
export function describeOverride(override: Override): string {
  const verb = { drain: 'drained', down: 'declared down', up: 'held up' }[override.kind];
  return `${verb} by ${override.actor} until ${formatMoment(override.end)}: ${override.reason}`;
}

/** `ash, then birch or cedar, oak`: equally good ones are joined by `or`. */
export function describeOrder(tiers: readonly (readonly string[])[]): string {
  const [first, ...rest] = tiers.map((tier) => tier.join(' or '));
  return rest.length === 0 ? (first ?? 'none') : `${first}, then ${rest.join(', ')}`;
}
