// Aliases: where a CNAME or a DNAME sends whoever asks for something else.

import { type RecordType, recordTypes, type RRset } from '../model/message.ts';
import { type DomainName, lowerName } from '../model/name.ts';
import { nameRdata } from '../wire/rdata/fields.ts';
import type { Node } from './node.ts';
import type { Found } from './zone.ts';

/** What an answer says of an alias, and the name where the search goes on. */
export interface Alias {
  readonly sets: readonly RRset[];
  /** Undefined when the new name would be too long (RFC 6672 §2.2). */
  readonly target: DomainName | undefined;
}

/** RFC 1035 §2.3.4. */
const maxName = 255;

/** Undefined where the name is no alias for this type. */
export function aliasOf(found: Found, name: DomainName, type: RecordType): Alias | undefined {
  if (found.kind === 'renamed') return rename(found.node, name);
  if (found.kind !== 'node' || found.node.sets.has(type)) return undefined;
  const set = found.node.sets.get(recordTypes.CNAME);
  return set && { sets: [{ ...set, name }], target: targetOf(set) };
}

/** RFC 6672 §3.1: the DNAME, and a CNAME made from it for those who do not know DNAME, of equal TTL. */
function rename(node: Node, name: DomainName): Alias | undefined {
  const set = node.sets.get(recordTypes.DNAME);
  const suffix = set && targetOf(set);
  if (set === undefined || suffix === undefined) return undefined;
  const target = (name.slice(0, name.length - set.name.length) + suffix) as DomainName;
  if (target.length > maxName) return { sets: [set], target: undefined };
  const { ttl } = set;
  const made: RRset = { name, type: recordTypes.CNAME, ttl, data: [nameRdata(target)] };
  return { sets: [set, made], target };
}

function targetOf({ data }: RRset): DomainName | undefined {
  const [first] = data;
  return first && lowerName(String.fromCharCode(...first.wire));
}
