// What a master file comes to: its records in a table, its steered names, and every fault.

import type { Fault, SourcePosition } from '../../model/fault.ts';
import type { DomainName } from '../../model/name.ts';
import type { RecordTable } from '../../model/record-table.ts';

/** Which file, for which zone. */
export interface MasterWish {
  /** As the configuration names it. */
  readonly path: string;
  readonly apex: DomainName;
  /** Zones of ours below this one: of their names only the delegation stands here. */
  readonly inner: readonly DomainName[];
}

/** Made of plain values, so that one thread can hand it to another. */
export interface MasterZone {
  readonly path: string;
  readonly table: RecordTable;
  /** Two numbers for each set of the table: its first record's file and line. */
  readonly places: Uint32Array;
  readonly extensions: readonly Extension[];
  /** Name servers inside the zone that have no address in the file. */
  readonly lost: readonly LostHost[];
  readonly faults: readonly Fault[];
  /** Every file that was read: the zone's own, then those that it includes. */
  readonly files: readonly string[];
}

/** A line that is no record of the DNS. */
export interface Extension {
  readonly kind: 'STEER' | 'ALIAS';
  readonly name: DomainName;
  /** Where relative names end. */
  readonly origin: DomainName;
  /** Undefined where the line names none. */
  readonly ttl: number | undefined;
  readonly words: readonly string[];
  readonly position: SourcePosition;
}

export interface LostHost {
  readonly host: DomainName;
  readonly position: SourcePosition;
}

export function placeOfSet({ places, files }: MasterZone, set: number): SourcePosition {
  const file = files[places[set * 2] as number] as string;
  return { file, line: places[set * 2 + 1] as number, column: 1 };
}
