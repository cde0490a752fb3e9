// Changed parts: what of a configuration is another, by name.

import { formatName } from '../../model/name.ts';
import type { Settings, Zone } from '../../model/settings.ts';

/** Nobody reads more. */
const mostNamed = 40;

/** Such as `region eu`, `service www.example.test`, `zone example.test`, `safety`. Secrets are named, never told. */
export function changedParts(before: Settings, after: Settings): string[] {
  const parts = [
    ...named('region', before.regions, after.regions, String),
    ...named('service', before.services, after.services, formatName),
    ...named('zone', zonesOf(before), zonesOf(after), String),
    ...plain.filter((key) => areOther(before[key], after[key])),
    ...(areOther(secretsOf(before), secretsOf(after)) ? ['secrets'] : []),
  ];
  const more = parts.length - mostNamed;
  return more > 0 ? [...parts.slice(0, mostNamed), `${more} more`] : parts;
}

const plain = ['health', 'geo', 'safety', 'drills', 'reload', 'webhooks'] as const;

/** Webhooks have theirs too, which the part by that name says. */
function secretsOf({ gossip, http, dns }: Settings): unknown {
  return [gossip.secrets, http.tokens, dns];
}

function named<Key>(
  what: string,
  before: ReadonlyMap<Key, unknown>,
  after: ReadonlyMap<Key, unknown>,
  format: (key: Key) => string,
): string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys
    .filter((key) => areOther(before.get(key), after.get(key)))
    .map((key) => `${what} ${format(key)}`);
}

/** Of a master file its serial says that it is another; a made one says nothing of the zone. */
function zonesOf({ zones }: Settings): ReadonlyMap<string, unknown> {
  return new Map(zones.map((zone) => [formatName(zone.apex), factsOf(zone)]));
}

function factsOf({ soa, table, hasMadeSerial, ...rest }: Zone): unknown {
  return { ...rest, soa: hasMadeSerial ? undefined : soa, isFiled: table !== undefined };
}

function areOther(before: unknown, after: unknown): boolean {
  return before !== after && JSON.stringify(before) !== JSON.stringify(after);
}
