// Building a record table, one record after the other.

import { type RecordType, recordTypes } from './message.ts';
import { type DomainName, parentOf } from './name.ts';
import {
  findSet,
  findSlot,
  hashAt,
  nameSize,
  type RecordTable,
  recordSize,
  setSize,
} from './record-table.ts';
import { share } from './shared.ts';

/** Octets of one set's data beyond which no message could carry it (RFC 1035 §4.2.2). */
const longestSet = 65_535;

/** What became of a record: the number of its set, or why it was not taken. */
export type Added =
  | { readonly kind: 'added' | 'repeated'; readonly set: number }
  | { readonly kind: 'other-ttl'; readonly set: number; readonly ttl: number }
  | { readonly kind: 'full'; readonly set: number };

/** Takes records one by one, in any order, and gives the table of them. */
export class TableBuilder {
  #octets = new Uint8Array(1 << 12);
  #used = 0;
  #names = new Uint32Array(nameSize << 6);
  #nameCount = 0;
  #sets = new Uint32Array(setSize << 6);
  #setCount = 0;
  #records = new Uint32Array(recordSize << 6);
  #recordCount = 0;
  #slots = new Uint32Array(1 << 8);
  readonly #apex: DomainName;

  constructor(apex: DomainName) {
    this.#apex = apex;
    this.#nameOf(apex);
  }

  get recordCount(): number {
    return this.#recordCount;
  }

  /** The name is at or below the apex. A record that is there already stays as it is. */
  add(name: DomainName, type: RecordType, ttl: number, wire: Uint8Array): Added {
    const set = this.#setOf(this.#nameOf(name), type, ttl);
    const known = this.#sets[set * setSize + 2] as number;
    if (known !== ttl) return { kind: 'other-ttl', set, ttl: known };
    let size = wire.length;
    let last = set * setSize + 3;
    let at = this.#sets[last] as number;
    let isFirst = true;
    while (at !== 0) {
      const record = (at - 1) * recordSize;
      const start = this.#records[record] as number;
      const length = this.#records[record + 1] as number;
      if (length === wire.length && this.#holds(start, wire)) return { kind: 'repeated', set };
      size += length;
      last = record + 2;
      isFirst = false;
      at = this.#records[last] as number;
    }
    if (size > longestSet) return { kind: 'full', set };
    const number = this.#addRecord(wire);
    (isFirst ? this.#sets : this.#records)[last] = number;
    return { kind: 'added', set };
  }

  /** The table of what was added, in memory that threads share; the builder is used up. */
  finish(): RecordTable {
    const names = share(this.#names.subarray(0, this.#nameCount * nameSize));
    const table: RecordTable = {
      octets: share(this.#octets.subarray(0, this.#used)),
      names,
      sets: share(this.#sets.subarray(0, this.#setCount * setSize)),
      records: share(this.#records.subarray(0, this.#recordCount * recordSize)),
      slots: share(this.#slots),
    };
    // Parents stand before their children, so what is above is known already.
    for (let name = 1; name < this.#nameCount; name++) {
      const above = names[(names[name * nameSize + 2] as number) * nameSize + 3] as number;
      const isCut = above === 0 && findSet(table, name, recordTypes.NS) !== undefined;
      names[name * nameSize + 3] = isCut ? name + 1 : above;
    }
    return table;
  }

  /** The number of a name, which is entered with every name between it and the apex. */
  #nameOf(name: DomainName): number {
    const known = findSlot(this.#slots, this.#octets, this.#names, name);
    if (known.name !== undefined) return known.name;
    const above = name === this.#apex ? undefined : parentOf(name);
    const parent = above === undefined ? 0 : this.#nameOf(above);
    this.#octets = grown(this.#octets, this.#used + name.length);
    this.#names = grown(this.#names, (this.#nameCount + 1) * nameSize);
    const at = this.#nameCount * nameSize;
    this.#names[at] = this.#used;
    this.#names[at + 2] = parent;
    for (let i = 0; i < name.length; i++) this.#octets[this.#used + i] = name.charCodeAt(i);
    this.#used += name.length;
    this.#nameCount++;
    if (this.#nameCount * 2 > this.#slots.length) this.#spread();
    const { slot } = findSlot(this.#slots, this.#octets, this.#names, name);
    this.#slots[slot] = this.#nameCount;
    return this.#nameCount - 1;
  }

  /** Twice the places, and every name in its new one. */
  #spread(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let number = 1; number < this.#nameCount; number++) {
      const start = this.#names[(number - 1) * nameSize] as number;
      const mask = this.#slots.length - 1;
      let slot = hashAt(this.#octets, start) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = number;
    }
  }

  #setOf(name: number, type: RecordType, ttl: number): number {
    let last = name * nameSize + 1;
    let isFirst = true;
    let at = this.#names[last] as number;
    while (at !== 0) {
      const set = (at - 1) * setSize;
      if (this.#sets[set + 1] === type) return at - 1;
      last = set + 4;
      isFirst = false;
      at = this.#sets[last] as number;
    }
    this.#sets = grown(this.#sets, (this.#setCount + 1) * setSize);
    this.#sets.set([name, type, ttl, 0, 0], this.#setCount * setSize);
    this.#setCount++;
    (isFirst ? this.#names : this.#sets)[last] = this.#setCount;
    return this.#setCount - 1;
  }

  #holds(start: number, wire: Uint8Array): boolean {
    for (let i = 0; i < wire.length; i++) {
      if (this.#octets[start + i] !== wire[i]) return false;
    }
    return true;
  }

  #addRecord(wire: Uint8Array): number {
    this.#octets = grown(this.#octets, this.#used + wire.length);
    this.#records = grown(this.#records, (this.#recordCount + 1) * recordSize);
    this.#octets.set(wire, this.#used);
    this.#records.set([this.#used, wire.length, 0], this.#recordCount * recordSize);
    this.#used += wire.length;
    return ++this.#recordCount;
  }
}

function grown<T extends Uint8Array | Uint32Array>(array: T, least: number): T {
  if (least <= array.length) return array;
  const larger = new (array.constructor as new (length: number) => T)(array.length * 2 + least);
  larger.set(array);
  return larger;
}
