// Which networks belong to an autonomous system: an operator's database in MaxMind's DB format.

import type { Fault } from '../model/fault.ts';
import type { RangeTable } from '../model/ranges.ts';
import type { TreeRange } from './mmdb-tree.ts';
import { type OpenMmdb, readMmdb, readRanges, recordAt } from './mmdb.ts';

/** More than the largest systems have together, and few enough to be laid over geography. */
const mostNetworks = 200_000;

/**
 * The networks of the wanted systems, or of all where nobody lays them over geography: each range with its system's number and 0 elsewhere, from a
 * file laid out as GeoLite2 ASN. Pauses often enough for the event loop; the file is not kept.
 */
export async function loadAsns(
  path: string,
  wanted: ReadonlySet<number> | 'all',
): Promise<RangeTable | Fault> {
  return await readMmdb(path, (open) => readAsns(open, wanted));
}

async function readAsns(
  { reader, tree, type }: OpenMmdb,
  wanted: ReadonlySet<number> | 'all',
): Promise<RangeTable> {
  /** By the number of a record; every record is decoded once. */
  const asns = new Map<number, number>([[0, 0]]);
  let isAny = false;
  let last = 0;
  let networks = 0;
  const numberOf = (range: TreeRange, family: 4 | 6): number => {
    let asn = asns.get(range.record);
    if (asn === undefined) {
      asn = asnOf(recordAt(reader, range, family));
      isAny ||= asn > 0;
      asns.set(range.record, asn);
    }
    const kept = wanted === 'all' || wanted.has(asn) ? asn : 0;
    if (wanted !== 'all' && kept !== last && ++networks > 2 * mostNetworks) {
      throw new Error(`the systems that policies name have more than ${mostNetworks} networks`);
    }
    last = kept;
    return kept;
  };
  const v4 = await readRanges(tree, 4, numberOf);
  const v6 = await readRanges(tree, 6, numberOf);
  if (!isAny) throw new Error(`it has no autonomous systems: ${type} is no ASN database`);
  return { v4, v6 };
}

function asnOf(record: unknown): number {
  const number = (record as Record<string, unknown> | null)?.['autonomous_system_number'];
  const isAsn = Number.isInteger(number) && (number as number) > 0;
  return isAsn && (number as number) <= 0xffffffff ? (number as number) : 0;
}
