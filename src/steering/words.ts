// Phrases that several steps use for the same thing.

import { formatIp } from '../model/ip.ts';
import { formatName } from '../model/name.ts';
import { isPermanent, movesNobody, type Override } from '../model/override.ts';
import { formatMoment } from '../model/time.ts';

/**
 * `drained by alice until 2026-05-01 14:00:00 UTC: disk swap`; with a share `25 % drained …`, within
 * one service `drained for www.example.test …`, of one address `192.0.2.10 drained …`.
 */
export function describeOverride(override: Override): string {
  const { kind, service, endpoint, share, actor, end, reason } = override;
  const verb = { drain: 'drained', down: 'declared down', up: 'held up' }[kind];
  const words = [
    ...(endpoint === undefined ? [] : [formatIp(endpoint)]),
    ...(share === undefined ? [] : [formatShare(share)]),
    verb,
    ...(service === undefined ? [] : [`for ${formatName(service)}`]),
    `by ${actor}`,
    isPermanent(override) ? 'for good' : `until ${formatMoment(end)}`,
  ];
  return `${words.join(' ')}: ${reason}`;
}

/** `25 %`, with as many digits as it takes, or `nobody`. */
export function formatShare(share: number): string {
  if (movesNobody({ share })) return 'nobody';
  return `${Number((share * 100).toPrecision(6))} %`;
}

/** `ash, then birch or cedar, oak`: equally good ones are joined by `or`. */
export function describeOrder(tiers: readonly (readonly string[])[]): string {
  const [first, ...rest] = tiers.map((tier) => tier.join(' or '));
  return rest.length === 0 ? (first ?? 'none') : `${first}, then ${rest.join(', ')}`;
}
