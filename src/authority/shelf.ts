// Names that stand in a zone's table alone: made into nodes when they are asked for.

import type { RRset } from '../model/message.ts';
import { type DomainName, parentOf } from '../model/name.ts';
import { cutAt, findEntry, nameAt, type RecordTable, setsAt } from '../model/record-table.ts';
import type { Zone } from '../model/settings.ts';
import { storedSet } from '../wire/rdata/stored.ts';
import type { Node } from './node.ts';

/** The zones that have a table. */
export interface Shelves {
  /** That of the innermost zone which the name lies in; undefined where that has no table. */
  find(name: DomainName): Shelf | undefined;
}

export interface Shelf {
  /** `nodes` are known already, and stand for what the table has of their names. */
  find(name: DomainName, nodes: ReadonlyMap<DomainName, Node>): Node | undefined;
}

/** Nodes that each zone keeps, a power of two: a flood takes no memory. */
const mostKept = 16_384;
const placeBits = Math.log2(mostKept);

export function openShelves(zones: readonly Zone[]): Shelves {
  const shelves = new Map<DomainName, Shelf | undefined>(
    zones.map((zone) => [zone.apex, zone.table && openShelf(zone, zone.table)]),
  );
  const hasTables = zones.some(({ table }) => table !== undefined);
  return {
    find(name) {
      if (!hasTables) return undefined;
      let at: DomainName | undefined = name;
      while (at !== undefined && !shelves.has(at)) at = parentOf(at);
      return at === undefined ? undefined : shelves.get(at);
    },
  };
}

/**
 * Only a name that is asked for again soon is kept: else all the names of a large zone, one after the
 * other, would push each other out, which costs far more than to make each anew.
 */
function openDoor(): (entry: number) => boolean {
  const last = new Uint32Array(mostKept);
  return (entry) => {
    const place = Math.imul(entry, 0x9e3779b1) >>> (32 - placeBits);
    const isAgain = last[place] === entry + 1;
    last[place] = entry + 1;
    return isAgain;
  };
}

function openShelf(zone: Zone, table: RecordTable): Shelf {
  const kept = new Map<DomainName, Node>();
  const isAskedAgain = openDoor();
  return {
    find(name, nodes) {
      const ready = kept.get(name);
      if (ready !== undefined) return ready;
      const entry = findEntry(table, name);
      if (entry === undefined) return undefined;
      const found = setsAt(table, entry).map((set) => storedSet(table, set, name));
      const sets = new Map(found.map((set) => [set.type, set]));
      const node: { -readonly [Key in keyof Node]: Node[Key] } = {
        zone,
        sets,
        service: undefined,
        cut: undefined,
        isPassing: !isAskedAgain(entry),
      };
      const cut = cutAt(table, entry);
      if (cut === entry) node.cut = node;
      else if (cut !== undefined) {
        const cutName = nameAt(table, cut);
        node.cut = nodes.get(cutName) ?? this.find(cutName, nodes);
      }
      if (node.isPassing) return node;
      // The one kept longest gives way.
      if (kept.size >= mostKept) kept.delete(kept.keys().next().value as DomainName);
      kept.set(name, node);
      return node;
    },
  };
}

/** The sets that a zone's table has of a name. */
export function tabledSets({ table }: Zone, name: DomainName): RRset[] {
  const entry = table === undefined ? undefined : findEntry(table, name);
  if (table === undefined || entry === undefined) return [];
  return setsAt(table, entry).map((set) => storedSet(table, set, name));
}
