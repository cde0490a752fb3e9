// A set of a record table as the answers want it.

import type { Rdata, RecordType, RRset } from '../../model/message.ts';
import type { DomainName } from '../../model/name.ts';
import {
  dataAt,
  nameAt,
  ownerOf,
  type RecordTable,
  ttlAt,
  typeAt,
} from '../../model/record-table.ts';
import { seconds } from '../../model/time.ts';
import { formatRdata } from '../rdata.ts';

/** Of the set with this number; its owner's name where that is known. */
export function storedSet(table: RecordTable, set: number, name?: DomainName): RRset {
  const type = typeAt(table, set);
  return {
    name: name ?? nameAt(table, ownerOf(table, set)),
    type,
    ttl: seconds(ttlAt(table, set)),
    data: dataAt(table, set).map((wire) => storedRdata(type, wire)),
  };
}

/** Data without pointers; its text is made when somebody wants it. */
function storedRdata(type: RecordType, wire: Uint8Array): Rdata {
  return {
    wire,
    get text() {
      return formatRdata(type, wire, 0, wire.length);
    },
  };
}
