// Names below which others answer: delegations (NS below the apex) and DNAMEs.

import { recordTypes, type RRset, typeName } from '../model/message.ts';
import { type DomainName, formatName, isAtOrBelow, lowerName, parentOf } from '../model/name.ts';
import type { Steered } from './conflicts.ts';
import type { PlacedSet } from './record.ts';

import type { Territory } from './territory.ts';

const addressTypes: readonly number[] = [recordTypes.A, recordTypes.AAAA];

/** What stands at a delegation: its servers, their address where it is their name, its DS (RFC 4035 §2.4). */
const atCut: readonly number[] = [...addressTypes, recordTypes.NS, recordTypes.DS];

/** Refuses what nobody could ever be answered, and a delegation whose servers nobody could find. */
export function refuseHidden(
  own: Territory,
  records: readonly PlacedSet[],
  services: readonly Steered[],
): void {
  const { apex, reader } = own;
  const having = (type: number): Set<DomainName> =>
    new Set(records.filter(({ set }) => set.type === type).map(({ set }) => set.name));
  const cuts = having(recordTypes.NS);
  cuts.delete(apex);
  const renamed = having(recordTypes.DNAME);
  for (const { set, at } of records) {
    const { name, type } = set;
    const words = `${formatName(name)} has ${typeName(type)}`;
    const cut = above(name, apex, cuts);
    if (cut !== undefined && !addressTypes.includes(type)) {
      reader.refuse(at, `${words} below the delegation of ${formatName(cut)}`);
    } else if (cuts.has(name) && !atCut.includes(type)) {
      reader.refuse(at, `${words} beside a delegation, so nobody is ever told`);
    } else if (type === recordTypes.DS && !cuts.has(name)) {
      // RFC 4035 §2.4: the DS of a zone stands in its parent, beside the NS.
      reader.refuse(at, `${words}, but no NS hands it to others`);
    } else if (type === recordTypes.DNAME && set.data.length > 1) {
      reader.refuse(at, `${words} twice (RFC 6672 §2.4)`);
    }
    const source = above(name, apex, renamed);
    // RFC 6672 §2.4: a name server must refuse a zone that has anything there.
    if (source !== undefined)
      reader.refuse(at, `${words} below the DNAME of ${formatName(source)}`);
    if (type === recordTypes.NS) refuseLost(set, at, records, own);
  }
  for (const { name, at } of services) {
    const hidden = cuts.has(name) ? name : (above(name, apex, cuts) ?? above(name, apex, renamed));
    if (hidden === undefined) continue;
    const kind = renamed.has(hidden) ? 'the DNAME' : 'the delegation';
    reader.refuse(at, `${formatName(name)} lies at or below ${kind} of ${formatName(hidden)}`);
  }
}

/** The name above this one, inside the zone, that is in the set. */
function above(
  name: DomainName,
  apex: DomainName,
  set: ReadonlySet<DomainName>,
): DomainName | undefined {
  let at = name === apex ? undefined : parentOf(name);
  while (at !== undefined && at !== apex && !set.has(at)) at = parentOf(at);
  return at !== undefined && set.has(at) ? at : undefined;
}

/** A server inside our own zone needs its address there, or nobody can reach it (RFC 1034 §4.2.1). */
function refuseLost(
  { data }: RRset,
  at: PlacedSet['at'],
  records: readonly PlacedSet[],
  { apex, inner, reader }: Territory,
): void {
  for (const { wire, text } of data) {
    const host = lowerName(String.fromCharCode(...wire));
    const isInner = inner.some((zone) => isAtOrBelow(host, zone));
    if (!isAtOrBelow(host, apex) || isInner) continue;
    const isFound = records.some(({ set }) => set.name === host && addressTypes.includes(set.type));
    if (!isFound) reader.refuse(at, `names ${text}, which has no A or AAAA record in this zone`);
  }
}
