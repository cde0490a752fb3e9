// The names we own: every zone's nodes in one index, and what a name finds there.

import { type RecordType, recordTypes, type RRset } from '../model/message.ts';
import { type DomainName, lowerName, parentOf, wildcardBelow } from '../model/name.ts';
import type { Service, Settings, Zone } from '../model/settings.ts';
import { addressRdata } from '../wire/rdata/address.ts';
import { nameRdata } from '../wire/rdata/fields.ts';

/** One name with its record sets; an empty non-terminal has none (RFC 8020). */
export interface Node {
  readonly zone: Zone;
  readonly sets: ReadonlyMap<number, RRset>;
  readonly service: Service | undefined;
  /** The delegation that this name is, or lies below: others answer for it (RFC 1034 §4.2.1). */
  readonly cut: Node | undefined;
}

export interface ZoneIndex {
  readonly nodes: ReadonlyMap<DomainName, Node>;
}

export type Found =
  | { readonly kind: 'node'; readonly node: Node; readonly isWildcard: boolean }
  /** Inside a zone of ours, but neither there nor covered by a wildcard. */
  | { readonly kind: 'missing'; readonly zone: Zone }
  /** At or below a delegation. */
  | { readonly kind: 'delegated'; readonly cut: Node; readonly isAtCut: boolean }
  /** Not there, but below a name with a DNAME (RFC 6672 §2.2). */
  | { readonly kind: 'renamed'; readonly node: Node }
  | { readonly kind: 'outside' };

interface Draft {
  readonly zone: Zone;
  readonly sets: Map<number, RRset>;
  service: Service | undefined;
  cut: Draft | undefined;
}

/** Builds the index once for a configuration. */
export function indexZones(settings: Settings): ZoneIndex {
  const nodes = new Map<DomainName, Draft>();
  // Longer names last, so that a zone below another one owns its own names.
  const zones = settings.zones.toSorted((x, y) => x.apex.length - y.apex.length);
  for (const zone of zones) {
    for (const set of setsOf(zone)) addSet(nodes, zone, set);
    for (const service of settings.services.values()) {
      if (service.zone === zone.apex) draftAt(nodes, zone, service.name).service = service;
    }
  }
  markCuts(nodes);
  return { nodes };
}

/** A zone's own record sets, its SOA first; what services answer is not among them. */
export function* setsOf(zone: Zone): Generator<RRset, void, void> {
  yield zone.soa;
  yield* nameServerSets(zone);
  yield* zone.records;
}

/** Below a delegation there is only glue, whatever else was written there. */
function markCuts(nodes: ReadonlyMap<DomainName, Draft>): void {
  const shortestFirst = [...nodes].sort(([x], [y]) => x.length - y.length);
  for (const [name, node] of shortestFirst) {
    if (name === node.zone.apex) continue;
    const parent = nodes.get(parentOf(name) ?? name);
    node.cut = parent?.cut ?? (node.sets.has(recordTypes.NS) ? node : undefined);
  }
}

/**
 * RFC 1034 §4.3.2 and RFC 4592 §3.3: a delegation first, then the name itself, else a DNAME at its
 * closest encloser, else a wildcard below that.
 */
export function findName(index: ZoneIndex, name: DomainName): Found {
  const exact = index.nodes.get(name);
  if (exact !== undefined) {
    if (exact.cut !== undefined) return delegated(exact.cut, exact);
    return { kind: 'node', node: exact, isWildcard: false };
  }
  for (let at = parentOf(name); at !== undefined; at = parentOf(at)) {
    const encloser = index.nodes.get(at);
    if (encloser === undefined) continue;
    if (encloser.cut !== undefined) return delegated(encloser.cut, undefined);
    if (encloser.sets.has(recordTypes.DNAME)) return { kind: 'renamed', node: encloser };
    const star = wildcardBelow(at);
    const node = star === undefined ? undefined : index.nodes.get(star);
    if (node === undefined) return { kind: 'missing', zone: encloser.zone };
    return { kind: 'node', node, isWildcard: true };
  }
  return { kind: 'outside' };
}

function delegated(cut: Node, node: Node | undefined): Found {
  return { kind: 'delegated', cut, isAtCut: node === cut };
}

/** The zone that a name was found in, or found missing from. */
export function zoneOf(found: Found): Zone | undefined {
  switch (found.kind) {
    case 'outside':
      return undefined;
    case 'missing':
      return found.zone;
    case 'delegated':
      return found.cut.zone;
    default:
      return found.node.zone;
  }
}

/** Where the host's name begins in the data of types that name one. */
const hostOffsets: ReadonlyMap<RecordType, number> = new Map([
  [recordTypes.NS, 0],
  [recordTypes.MX, 2],
  [recordTypes.SRV, 6],
]);

/**
 * Address records, as far as we hold them, of the hosts that NS, MX and SRV records name (RFC 1035
 * §3.3.9, RFC 2782); none for other types. Glue below a delegation counts.
 */
export function hostAddresses(index: ZoneIndex, set: RRset): RRset[] {
  const offset = hostOffsets.get(set.type);
  if (offset === undefined) return [];
  const hosts = set.data.map(({ wire }) =>
    lowerName(String.fromCharCode(...wire.subarray(offset))),
  );
  return [...new Set(hosts)].flatMap((host) => {
    const sets = index.nodes.get(host)?.sets;
    const found = [sets?.get(recordTypes.A), sets?.get(recordTypes.AAAA)];
    return found.filter((each) => each !== undefined);
  });
}

function nameServerSets(zone: Zone): RRset[] {
  const ttl = zone.nameServerTtl;
  const names: RRset = {
    name: zone.apex,
    type: recordTypes.NS,
    ttl,
    data: zone.nameServers.map((server) => nameRdata(server.name)),
  };
  const glue = zone.nameServers.flatMap(({ name, addresses }) =>
    ([4, 6] as const).flatMap((family): RRset[] => {
      const data = addresses.filter((ip) => ip.family === family).map(addressRdata);
      const type = family === 4 ? recordTypes.A : recordTypes.AAAA;
      return data.length === 0 ? [] : [{ name, type, ttl, data }];
    }),
  );
  return [names, ...glue];
}

function addSet(nodes: Map<DomainName, Draft>, zone: Zone, set: RRset): void {
  draftAt(nodes, zone, set.name).sets.set(set.type, set);
}

/** The node of a name, made together with every empty non-terminal between it and the apex. */
function draftAt(nodes: Map<DomainName, Draft>, zone: Zone, name: DomainName): Draft {
  const known = nodes.get(name);
  if (known !== undefined && known.zone === zone) return known;
  const draft: Draft = { zone, sets: new Map(), service: undefined, cut: undefined };
  nodes.set(name, draft);
  const parent = parentOf(name);
  if (name !== zone.apex && parent !== undefined && nodes.get(parent)?.zone !== zone) {
    draftAt(nodes, zone, parent);
  }
  return draft;
}
