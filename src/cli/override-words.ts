// Overrides in words, as every command tells of them.

import { movesNobody } from '../model/override.ts';
import type { OverrideReport } from '../model/report.ts';
import { formatShare } from '../steering/words.ts';

type Part = Pick<OverrideReport, 'region' | 'service' | 'endpoint'>;

/** `eu`, `eu for www.example.test` or `eu at 192.0.2.10`. */
export function partOf({ region, service, endpoint }: Part): string {
  if (service !== undefined) return `${region} for ${service}`;
  return endpoint === undefined ? region : `${region} at ${endpoint}`;
}

/** `drain`, `drain 25 %`, or `drain of nobody` for one that only shortens the TTL. */
export function wordOf({ kind, share }: Pick<OverrideReport, 'kind' | 'share'>): string {
  if (movesNobody({ share })) return `${kind} of nobody`;
  return share === undefined ? kind : `${kind} ${formatShare(share)}`;
}

/** `on 1 of 2 boards`; a director of an older release does not say of how many. */
export function standsOn({
  posted = 0,
  boards,
}: Pick<OverrideReport, 'posted' | 'boards'>): string {
  if (boards === undefined) return `on ${posted} board(s)`;
  return boards === 0 ? 'there are no boards' : `on ${posted} of ${boards} board(s)`;
}

/** A permanent word is told loudly: nothing but a person ends it. */
export function untilOf({ isPermanent }: Pick<OverrideReport, 'isPermanent'>, end: string): string {
  return isPermanent === true ? 'PERMANENT, until somebody ends it' : `until ${end}`;
}

/** `BREAK-GLASS minRegions: a lost disk`: what nobody should overlook. */
export function glassWords({ rules, reason }: NonNullable<OverrideReport['breakGlass']>): string {
  return `BREAK-GLASS ${rules.join(', ')}: ${reason}`;
}
