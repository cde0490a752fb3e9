// The names we own: every zone's nodes in one index, and what a name finds there.

import { recordTypes, type RRset } from '../model/message.ts';
import { type DomainName, parentOf, wildcardBelow } from '../model/name.ts';
import type { Service, Settings, Zone } from '../model/settings.ts';
import { addressRdata } from '../wire/rdata/address.ts';
import { nameRdata } from '../wire/rdata/fields.ts';

/** One name with its record sets; an empty non-terminal has none (RFC 8020). */
export interface Node {
  readonly zone: Zone;
  readonly sets: ReadonlyMap<number, RRset>;
  readonly service: Service | undefined;
}

export interface ZoneIndex {
  readonly nodes: ReadonlyMap<DomainName, Node>;
}

export type Found =
  | { readonly kind: 'node'; readonly node: Node; readonly isWildcard: boolean }
  /** Inside a zone of ours, but neither there nor covered by a wildcard. */
  | { readonly kind: 'missing'; readonly zone: Zone }
  | { readonly kind: 'outside' };

interface Draft {
  readonly zone: Zone;
  readonly sets: Map<number, RRset>;
  service: Service | undefined;
}

/** Builds the index once for a configuration. */
export function indexZones(settings: Settings): ZoneIndex {
  const nodes = new Map<DomainName, Draft>();
  // Longer names last, so that a zone below another one owns its own names.
  const zones = settings.zones.toSorted((x, y) => x.apex.length - y.apex.length);
  for (const zone of zones) {
    for (const set of [zone.soa, ...nameServerSets(zone), ...zone.records])
      addSet(nodes, zone, set);
    for (const service of settings.services.values()) {
      if (service.zone === zone.apex) draftAt(nodes, zone, service.name).service = service;
    }
  }
  return { nodes };
}

/** RFC 1034 §4.3.2 and RFC 4592 §3.3: the name itself, else a wildcard below its closest encloser. */
export function findName(index: ZoneIndex, name: DomainName): Found {
  const exact = index.nodes.get(name);
  if (exact !== undefined) return { kind: 'node', node: exact, isWildcard: false };
  for (let at = parentOf(name); at !== undefined; at = parentOf(at)) {
    const encloser = index.nodes.get(at);
    if (encloser === undefined) continue;
    const star = wildcardBelow(at);
    const node = star === undefined ? undefined : index.nodes.get(star);
    if (node === undefined) return { kind: 'missing', zone: encloser.zone };
    return { kind: 'node', node, isWildcard: true };
  }
  return { kind: 'outside' };
}

/** Address records that belong beside an NS, MX or SRV answer when we hold them. */
export function addressesOf(index: ZoneIndex, name: DomainName): RRset[] {
  const sets = index.nodes.get(name)?.sets;
  if (sets === undefined) return [];
  return [sets.get(recordTypes.A), sets.get(recordTypes.AAAA)].filter((set) => set !== undefined);
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
  const draft: Draft = { zone, sets: new Map(), service: undefined };
  nodes.set(name, draft);
  const parent = parentOf(name);
  if (name !== zone.apex && parent !== undefined && nodes.get(parent)?.zone !== zone) {
    draftAt(nodes, zone, parent);
  }
  return draft;
}
