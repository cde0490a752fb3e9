// What a zone's records say together: no CNAME beside other data, no record that nobody is ever told.

import { type RecordType, recordTypes } from '../../model/message.ts';
import { type DomainName, formatName } from '../../model/name.ts';
import {
  cutAt,
  findEntry,
  findSet,
  ownerOf,
  type RecordTable,
  setCount,
  setsAt,
  typeAt,
} from '../../model/record-table.ts';
import { storedSet } from '../../wire/rdata/stored.ts';
import { refuseConflicts } from '../conflicts.ts';
import { lostServers, refuseHidden } from '../delegations.ts';
import type { RecordBook } from '../record.ts';
import type { Refuser } from '../values.ts';
import type { Complaints } from './complaints.ts';
import { type LostHost, type MasterWish, type MasterZone, placeOfSet } from './zone.ts';

/** Of name servers without an address, more than anybody would read. */
const mostLost = 1000;

/** What stands in no file can be checked later; name servers may have their address from a region. */
export function checkMaster(
  { apex, inner }: MasterWish,
  zone: MasterZone,
  complaints: Complaints,
): LostHost[] {
  const { table, files } = zone;
  const atStart = { file: files[0] as string, line: 1, column: 1 };
  for (const type of [recordTypes.SOA, recordTypes.NS]) {
    if (findSet(table, 0, type) !== undefined) continue;
    const what = type === recordTypes.SOA ? 'SOA' : 'NS';
    complaints.add('zone.value', atStart, `${formatName(apex)} has no ${what} record`);
  }
  const reader: Refuser = {
    refuse: ([, set], message) =>
      complaints.add('zone.value', placeOfSet(zone, Number(set)), message),
  };
  const records = tableBook(table);
  refuseConflicts(apex, [], records, [], reader);
  refuseHidden({ apex, reader }, records, []);
  const lost: LostHost[] = [];
  for (const { host, at } of lostServers({ apex, inner }, records)) {
    if (lost.length === mostLost) break;
    lost.push({ host, position: placeOfSet(zone, Number(at[1])) });
  }
  return lost;
}

/** Types that others may not stand beside or below. */
const ruling: readonly RecordType[] = [
  recordTypes.CNAME,
  recordTypes.DNAME,
  recordTypes.DS,
  recordTypes.NS,
];

/** The sets of a table that could be in conflict, with their numbers for a path: most stand for themselves. */
function tableBook(table: RecordTable): RecordBook {
  let hasDname = false;
  for (let set = 0; set < setCount(table); set++) {
    hasDname ||= typeAt(table, set) === recordTypes.DNAME;
  }
  const sets = {
    *[Symbol.iterator]() {
      for (let set = 0; set < setCount(table); set++) {
        const isRuled = hasDname || cutAt(table, ownerOf(table, set)) !== undefined;
        if (isRuled || ruling.includes(typeAt(table, set))) {
          yield { set: storedSet(table, set), at: ['set', set] };
        }
      }
    },
  };
  return { sets, typesAt: (name) => typesIn(table, name) };
}

export function typesIn(table: RecordTable, name: DomainName): RecordType[] {
  const entry = findEntry(table, name);
  return entry === undefined ? [] : setsAt(table, entry).map((set) => typeAt(table, set));
}
