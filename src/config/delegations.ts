// Names below which others answer: delegations (NS below the apex) and DNAMEs.

import { isAddressType, type RecordType, recordTypes, typeName } from '../model/message.ts';
import { type DomainName, formatName, isAtOrBelow, lowerName, parentOf } from '../model/name.ts';
import type { Steered } from './conflicts.ts';
import type { PlacedSet, RecordBook } from './record.ts';
import type { Territory } from './territory.ts';
import type { Refuser } from './values.ts';

/** What stands at a delegation: its servers, their address where it is their name, its DS (RFC 4035 §2.4). */
const atCut: readonly number[] = [recordTypes.A, recordTypes.AAAA, recordTypes.NS, recordTypes.DS];

/** Refuses what nobody could ever be answered. */
export function refuseHidden(
  { apex, reader }: { readonly apex: DomainName; readonly reader: Refuser },
  records: RecordBook,
  services: readonly Steered[],
): void {
  const cuts = namesWith(recordTypes.NS, records);
  cuts.delete(apex);
  const renamed = namesWith(recordTypes.DNAME, records);
  for (const { set, at } of records.sets) {
    const { name, type } = set;
    const isPlain = cuts.size + renamed.size === 0 && type !== recordTypes.DS;
    if (isPlain) continue;
    const words = `${formatName(name)} has ${typeName(type)}`;
    const cut = above(name, apex, cuts);
    if (cut !== undefined && !isAddressType(type)) {
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

function namesWith(type: RecordType, { sets }: RecordBook): Set<DomainName> {
  const names = new Set<DomainName>();
  for (const { set } of sets) if (set.type === type) names.add(set.name);
  return names;
}

/** Name servers inside our own zone without an address there, so that nobody can reach them (RFC 1034 §4.2.1). */
export function* lostServers(
  { apex, inner }: Pick<Territory, 'apex' | 'inner'>,
  records: RecordBook,
): Generator<{ readonly host: DomainName; readonly at: PlacedSet['at'] }> {
  for (const { set, at } of records.sets) {
    if (set.type !== recordTypes.NS) continue;
    for (const { wire } of set.data) {
      const host = lowerName(String.fromCharCode(...wire));
      const isOwn = isAtOrBelow(host, apex) && !inner.some((zone) => isAtOrBelow(host, zone));
      const isFound = records.typesAt(host).some(isAddressType);
      if (isOwn && !isFound) yield { host, at };
    }
  }
}

export function refuseLost(own: Territory, records: RecordBook): void {
  for (const { host, at } of lostServers(own, records)) {
    own.reader.refuse(at, withoutAddress(host));
  }
}

export function withoutAddress(host: DomainName): string {
  return `names ${formatName(host)}., which has no A or AAAA record in this zone`;
}
