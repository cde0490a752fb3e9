// Records on their way into the table: what no zone may hold is turned away here.

import { recordTypes, typeName } from '../../model/message.ts';
import { type DomainName, formatName, isAtOrBelow } from '../../model/name.ts';
import type { RecordTable } from '../../model/record-table.ts';
import { share } from '../../model/shared.ts';
import { TableBuilder } from '../../model/table-builder.ts';
import type { MasterWish } from './zone.ts';

/** More in one zone is a mistake, or an enemy's. */
export const mostRecords = 5_000_000;

/** Delegations of our own inner zones, which their parent holds as well (RFC 1034 §4.2.1). */
const atInner: readonly number[] = [
  recordTypes.A,
  recordTypes.AAAA,
  recordTypes.NS,
  recordTypes.DS,
];

/** Where a record stands: the number of its file, and its line. */
export interface RecordPlace {
  readonly file: number;
  readonly line: number;
}

export class Collector {
  readonly #wish: MasterWish;
  readonly #builder: TableBuilder;
  #places = new Uint32Array(1 << 8);
  #setCount = 0;
  #hasSoa = false;

  constructor(wish: MasterWish) {
    this.#wish = wish;
    this.#builder = new TableBuilder(wish.apex);
  }

  get isFull(): boolean {
    return this.#builder.recordCount >= mostRecords;
  }

  /** Says what is wrong with the record, if something is; what is said twice is kept once (RFC 2181 §5). */
  add(
    name: DomainName,
    type: number,
    ttl: number,
    wire: Uint8Array,
    place: RecordPlace,
  ): string | undefined {
    const misplaced = this.#misplaced(name, type);
    if (misplaced !== undefined) return misplaced;
    this.#hasSoa ||= type === recordTypes.SOA;
    const added = this.#builder.add(name, type, ttl, wire);
    if (added.set === this.#setCount) this.#keepPlace(place);
    switch (added.kind) {
      case 'other-ttl':
        // RFC 2181 §5.2: all records of a set have one TTL.
        return `has TTL ${ttl}s, but another ${typeName(type)} of this name has ${added.ttl}s`;
      case 'full':
        return `with it, ${typeName(type)} of this name is more than a message can carry`;
      default:
        return undefined;
    }
  }

  finish(): { readonly table: RecordTable; readonly places: Uint32Array } {
    return {
      table: this.#builder.finish(),
      places: share(this.#places.subarray(0, this.#setCount * 2)),
    };
  }

  #misplaced(name: DomainName, type: number): string | undefined {
    const { apex, inner } = this.#wish;
    if (type === recordTypes.SOA && name !== apex) return 'a SOA stands at the apex only';
    if (type === recordTypes.SOA && this.#hasSoa) return 'the zone has a SOA already';
    if (type === recordTypes.DS && name === apex) {
      return 'a DS stands in the parent zone (RFC 4035 §2.4)';
    }
    if (inner.length === 0) return undefined;
    const other = inner.find((zone) => isAtOrBelow(name, zone));
    if (other === undefined || atInner.includes(type)) return undefined;
    return `${formatName(name)} belongs to the zone ${formatName(other)}`;
  }

  #keepPlace({ file, line }: RecordPlace): void {
    if ((this.#setCount + 1) * 2 > this.#places.length) {
      const larger = new Uint32Array(this.#places.length * 2);
      larger.set(this.#places);
      this.#places = larger;
    }
    this.#places[this.#setCount * 2] = file;
    this.#places[this.#setCount * 2 + 1] = line;
    this.#setCount++;
  }
}
