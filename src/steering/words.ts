// Phrases that several rooms of steering use for the same thing.

import type { Override } from '../model/override.ts';
import { formatMoment } from '../model/time.ts';

/** `drained by alice until 2026-05-01 14:00:00 UTC: disk swap`. */
export function describeOverride(override: Override): string {
  const verb = { drain: 'drained', down: 'declared down', up: 'held up' }[override.kind];
  return `${verb} by ${override.actor} until ${formatMoment(override.end)}: ${override.reason}`;
}
