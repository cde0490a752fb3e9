// The names we own: every zone's nodes in one index, and what a name finds there.

import { type RecordType, recordTypes, type RRset } from '../model/message.ts';
import { type DomainName, lowerName, parentOf, wildcardBelow } from '../model/name.ts';
import type { Service, Settings, Zone } from '../model/settings.ts';
import type { Node } from './node.ts';
import { openShelves, type Shelves, tabledSets } from './shelf.ts';
import { setsOf } from './static-sets.ts';

export interface ZoneIndex {
  /** Of every zone all names but those that stand in its table alone. */
  readonly nodes: ReadonlyMap<DomainName, Node>;
  readonly shelves: Shelves;
  /** Of an apex that lies in another zone of ours: what that one, its parent, has there. */
  readonly parents: ReadonlyMap<DomainName, Node>;
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
  readonly isPassing: false;
}

/** Builds the index of a configuration at once. */
export function indexZones(settings: Settings): ZoneIndex {
  const index = indexInSlices(settings);
  for (;;) {
    const step = index.next();
    if (step.done === true) return step.value;
  }
}

/** Names handled between two pauses. */
const namesPerSlice = 256;

/** Builds the index once for a configuration; its caller decides when to go on. */
export function* indexInSlices(settings: Settings): Generator<void, ZoneIndex> {
  const nodes = new Map<DomainName, Draft>();
  const parents = new Map<DomainName, Draft>();
  const { zones } = settings;
  const apexes = new Map(zones.map((zone) => [zone.apex, zone]));
  for (const zone of zones) {
    const parent = innermost(apexes, parentOf(zone.apex));
    if (parent !== undefined) parents.set(zone.apex, bareDraft(parent));
  }
  let handled = 0;
  for (const zone of zones) {
    for (const set of setsOf(zone)) {
      // A zone below owns its names; what else the parent has there is glue that nobody is referred with.
      if (innermost(apexes, set.name) === zone) addSet(nodes, zone, set);
      else if (parents.get(set.name)?.zone === zone) parents.get(set.name)?.sets.set(set.type, set);
      if (++handled % namesPerSlice === 0) yield;
    }
  }
  for (const service of settings.services.values()) {
    const zone = apexes.get(service.zone);
    if (zone !== undefined) draftAt(nodes, zone, service.name).service = service;
    if (++handled % namesPerSlice === 0) yield;
  }
  for (const drafts of [nodes, parents]) {
    for (const [name, { zone, sets }] of drafts) {
      for (const set of tabledSets(zone, name)) if (!sets.has(set.type)) sets.set(set.type, set);
      if (++handled % namesPerSlice === 0) yield;
    }
  }
  yield* markCuts(nodes);
  return { nodes, shelves: openShelves(zones), parents };
}

/** The zone that a name lies in. */
function innermost(
  apexes: ReadonlyMap<DomainName, Zone>,
  name: DomainName | undefined,
): Zone | undefined {
  let at = name;
  while (at !== undefined && !apexes.has(at)) at = parentOf(at);
  return at === undefined ? undefined : apexes.get(at);
}

/** Below a delegation there is only glue, whatever else was written there. */
function* markCuts(nodes: ReadonlyMap<DomainName, Draft>): Generator<void, void> {
  const byLength: [DomainName, Draft][][] = [];
  let handled = 0;
  for (const entry of nodes) {
    (byLength[entry[0].length] ??= []).push(entry);
    if (++handled % namesPerSlice === 0) yield;
  }
  // Shortest first, since what is above a name decides.
  for (const entries of byLength) {
    for (const [name, node] of entries ?? []) {
      if (++handled % namesPerSlice === 0) yield;
      if (name === node.zone.apex) continue;
      const parent = nodes.get(parentOf(name) ?? name);
      node.cut = parent?.cut ?? (node.sets.has(recordTypes.NS) ? node : undefined);
    }
  }
}

/**
 * RFC 1034 §4.3.2 and RFC 4592 §3.3: a delegation first, then the name itself, else a DNAME at its
 * closest encloser, else a wildcard below that. Of an apex the DS set is its parent's to say, where
 * that is ours as well (RFC 4035 §3.1.4.1).
 */
export function findName(
  { nodes, shelves, parents }: ZoneIndex,
  name: DomainName,
  type?: RecordType,
): Found {
  const above = type === recordTypes.DS ? parents.get(name) : undefined;
  if (above !== undefined) return delegated(above, above);
  const known = nodes.get(name);
  const shelf = known === undefined ? shelves.find(name) : undefined;
  const exact = known ?? shelf?.find(name, nodes);
  if (exact !== undefined) {
    if (exact.cut !== undefined) return delegated(exact.cut, exact);
    return { kind: 'node', node: exact, isWildcard: false };
  }
  for (let at = parentOf(name); at !== undefined; at = parentOf(at)) {
    const encloser = nodes.get(at) ?? shelf?.find(at, nodes);
    if (encloser === undefined) continue;
    if (encloser.cut !== undefined) return delegated(encloser.cut, undefined);
    if (encloser.sets.has(recordTypes.DNAME)) return { kind: 'renamed', node: encloser };
    const star = wildcardBelow(at);
    const node = star === undefined ? undefined : (nodes.get(star) ?? shelf?.find(star, nodes));
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
export function hostAddresses({ nodes, shelves }: ZoneIndex, set: RRset): RRset[] {
  const offset = hostOffsets.get(set.type);
  if (offset === undefined) return [];
  const hosts = set.data.map(({ wire }) =>
    lowerName(String.fromCharCode(...wire.subarray(offset))),
  );
  return [...new Set(hosts)].flatMap((host) => {
    const { sets } = nodes.get(host) ?? shelves.find(host)?.find(host, nodes) ?? {};
    const found = [sets?.get(recordTypes.A), sets?.get(recordTypes.AAAA)];
    return found.filter((each) => each !== undefined);
  });
}

function addSet(nodes: Map<DomainName, Draft>, zone: Zone, set: RRset): void {
  draftAt(nodes, zone, set.name).sets.set(set.type, set);
}

/** The node of a name, made together with every empty non-terminal between it and the apex. */
function draftAt(nodes: Map<DomainName, Draft>, zone: Zone, name: DomainName): Draft {
  const known = nodes.get(name);
  if (known !== undefined && known.zone === zone) return known;
  const draft = bareDraft(zone);
  nodes.set(name, draft);
  const parent = parentOf(name);
  if (name !== zone.apex && parent !== undefined && nodes.get(parent)?.zone !== zone) {
    draftAt(nodes, zone, parent);
  }
  return draft;
}

function bareDraft(zone: Zone): Draft {
  return { zone, sets: new Map(), service: undefined, cut: undefined, isPassing: false };
}
