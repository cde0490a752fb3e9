// What a zone looks like to a secondary: every record set that it should serve (RFC 5936 §3).

import type { RRset } from '../model/message.ts';
import { recordTypes } from '../model/message.ts';
import { isAtOrBelow, parentOf } from '../model/name.ts';
import type { Settings, Zone } from '../model/settings.ts';
import { standIns } from './steered.ts';
import { staticSets } from './static-sets.ts';
import { hostAddresses, type ZoneIndex } from './zone.ts';

/**
 * The zone's own sets, SOA first; what stands for its services; delegations to our zones below it,
 * without which a secondary would deny all their names; and the SOA again (RFC 5936 §2.2). The same
 * configuration always gives the same sets in the same order.
 */
export function* transferSets(
  zone: Zone,
  { services, regions, zones }: Pick<Settings, 'services' | 'regions' | 'zones'>,
  index: ZoneIndex,
): Generator<RRset, void, void> {
  yield* staticSets(zone);
  for (const service of services.values()) {
    if (service.zone === zone.apex) yield* standIns(service, regions);
  }
  for (const child of zones) {
    if (zoneAbove(child, index) === zone) yield* delegationTo(child, zone, index);
  }
  yield zone.soa;
}

/** The zone of ours that a zone lies in. */
function zoneAbove(zone: Zone, { nodes }: ZoneIndex): Zone | undefined {
  for (let at = parentOf(zone.apex); at !== undefined; at = parentOf(at)) {
    const node = nodes.get(at);
    if (node !== undefined) return node.zone;
  }
  return undefined;
}

/** With glue as far as it lies in the zone that delegates. */
function delegationTo(child: Zone, { apex }: Zone, index: ZoneIndex): RRset[] {
  const servers = index.nodes.get(child.apex)?.sets.get(recordTypes.NS);
  if (servers === undefined) return [];
  return [servers, ...hostAddresses(index, servers).filter(({ name }) => isAtOrBelow(name, apex))];
}
