// Phrases that several rooms of steering use for the same thing.

import type { Override } from '../model/override.ts';
import type { Millis } from '../model/time.ts';

/** `drained by alice until 2026-05-01 14:00:00 UTC: disk swap`. */
export function describeOverride(override: Override): string {
  const verb = { drain: 'drained', down: 'declared down', up: 'held up' }[override.kind];
  return `${verb} by ${override.actor} until ${formatMoment(override.end)}: ${override.reason}`;
}

/** A moment in UTC, without a clock or a locale: civil-from-days, valid from year 1 to 9999. */
export function formatMoment(moment: Millis): string {
  const days = Math.floor(moment / 86_400_000);
  const rest = Math.floor((moment - days * 86_400_000) / 1000);
  // Days since 0000-03-01 split into 400-year eras of 146,097 days, so leap days fall at the end.
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)} ${clock} UTC`;
}
