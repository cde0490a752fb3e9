// An atlas as a MaxMind DB file (format 2.0), for servers that read nothing else.

import { type Atlas, coordinatesAt, countryAt } from '../../src/model/atlas.ts';
import type { Ranges } from '../../src/model/ranges.ts';
import { double, encodeField, uint16 } from '../support/mmdb.ts';

/** Octets of a node: two records of 32 bits. */
const nodeBytes = 8;

/** Between the tree and the data; offsets of data count from its beginning. */
const gapBytes = 16;

/** The IPv4 space within the tree of IPv6. */
const v4Depth = 96;

/** A child of a node: the number of another, `~place`, and `~0` for a place that is not known. */
const unknown = ~0;

/**
 * Both families. What `regionOf` says of a place stands where each server can look for it: as the
 * record's `region`, as its city and as its subdivision.
 */
export function mmdbOf(atlas: Atlas, regionOf: (place: number) => string): Buffer {
  const tree = new Tree();
  const v4 = tree.add(atlas.ranges.v4, 32);
  tree.add(atlas.ranges.v6, 64, v4);
  const { offsets, data } = dataOf(atlas, regionOf);
  const metadata = {
    binary_format_major_version: uint16(2),
    binary_format_minor_version: uint16(0),
    build_epoch: BigInt(Math.floor(atlas.dataDate / 1000)),
    database_type: 'GeoLite2-City',
    description: { en: `${atlas.source}, with the nearest region of a benchmark` },
    ip_version: uint16(6),
    languages: ['en'],
    node_count: tree.size,
    record_size: uint16(32),
  };
  return Buffer.concat([
    tree.encode(offsets),
    Buffer.alloc(gapBytes),
    data,
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    encodeField(metadata),
  ]);
}

/** The data section, and where in it each place stands; places that look alike are written once. */
function dataOf(atlas: Atlas, regionOf: (place: number) => string) {
  const offsets = new Uint32Array(atlas.size);
  const parts: Buffer[] = [];
  const known = new Map<string, number>();
  let length = 0;
  for (let place = 1; place < atlas.size; place++) {
    const { latitude, longitude } = coordinatesAt(atlas, place);
    const [country, region] = [countryAt(atlas, place), regionOf(place)];
    const key = `${country} ${latitude} ${longitude}`;
    let offset = known.get(key);
    if (offset === undefined) {
      const part = encodeField({
        city: { names: { en: region } },
        country: { iso_code: country },
        location: { latitude: double(latitude), longitude: double(longitude) },
        region,
        subdivisions: [{ iso_code: region }],
      });
      offset = length;
      known.set(key, offset);
      parts.push(part);
      length += part.length;
    }
    offsets[place] = offset;
  }
  return { offsets, data: Buffer.concat(parts) };
}

/** A search tree made of sorted ranges; node 0 is the root of what was added last. */
class Tree {
  /** Two children a node. */
  #children = new Int32Array(2 ** 20);
  /** The root's own place: it has to come first, though it is finished last. */
  size = 1;

  /** Adds a family's whole space, of so many bits; `v4` is put where IPv4 lies in IPv6. */
  add(ranges: Ranges, bits: 32 | 64, v4?: number): number {
    const root = bits === 64 ? 0 : this.size++;
    const space: Space = { ranges, bits, v4 };
    const [left, right] = this.#halves(space, { high: 0, low: 0, depth: 0, from: 0 });
    this.#set(root, left, right);
    return root;
  }

  /** The node of a block, or what all of it is. `from` is the range that its first address lies in. */
  #build(space: Space, block: Block): number {
    const { ranges, v4 } = space;
    if (v4 !== undefined && block.high === 0 && block.low === 0) {
      if (block.depth === v4Depth) return v4;
      if (block.depth >= space.bits) return this.#node(this.#build(space, deeper(block)), unknown);
    } else if (!isSplit(space, block)) {
      const place = ranges.values[block.from] as number;
      return ~place;
    }
    return this.#node(...this.#halves(space, block));
  }

  #halves(space: Space, { high, low, depth, from }: Block): [number, number] {
    const left = this.#build(space, { high, low, depth: depth + 1, from });
    const second =
      depth < 32
        ? { high: (high | (1 << (31 - depth))) >>> 0, low }
        : { high, low: (low | (1 << (63 - depth))) >>> 0 };
    const at = rangeFrom(space.ranges, second, from);
    return [left, this.#build(space, { ...second, depth: depth + 1, from: at })];
  }

  #node(left: number, right: number): number {
    // Two halves that are the same place are one block: rows end where data does, not where blocks do.
    if (left === right && left < 0) return left;
    const node = this.size++;
    this.#set(node, left, right);
    return node;
  }

  #set(node: number, left: number, right: number): void {
    if (2 * node + 1 >= this.#children.length) {
      const larger = new Int32Array(this.#children.length * 2);
      larger.set(this.#children);
      this.#children = larger;
    }
    this.#children[2 * node] = left;
    this.#children[2 * node + 1] = right;
  }

  encode(offsets: Uint32Array): Buffer {
    const bytes = Buffer.alloc(this.size * nodeBytes);
    for (let i = 0; i < 2 * this.size; i++) {
      const child = this.#children[i] as number;
      const place = child === unknown ? this.size : this.size + gapBytes + (offsets[~child] ?? 0);
      bytes.writeUInt32BE(child >= 0 ? child : place, i * 4);
    }
    return bytes;
  }
}

interface Space {
  readonly ranges: Ranges;
  readonly bits: number;
  readonly v4: number | undefined;
}

/** Addresses with the same first `depth` bits. */
interface Block {
  readonly high: number;
  readonly low: number;
  readonly depth: number;
  readonly from: number;
}

function deeper(block: Block): Block {
  return { ...block, depth: block.depth + 1 };
}

/** True when another range starts within the block. */
function isSplit({ ranges, bits }: Space, { high, low, depth, from }: Block): boolean {
  if (depth >= bits || from + 1 >= ranges.high.length) return false;
  const nextHigh = ranges.high[from + 1] as number;
  const nextLow = ranges.low?.[from + 1] ?? 0;
  if (depth <= 32) return nextHigh >>> (32 - depth) === high >>> (32 - depth) || depth === 0;
  return nextHigh === high && nextLow >>> (64 - depth) === low >>> (64 - depth);
}

/** The range that an address lies in, looked for from one at or before it. */
function rangeFrom(
  { high, low }: Ranges,
  at: { readonly high: number; readonly low: number },
  from: number,
): number {
  const isAfter = (i: number): boolean =>
    (high[i] as number) > at.high ||
    (high[i] === at.high && low !== undefined && (low[i] as number) > at.low);
  let [first, last] = [from, high.length - 1];
  while (first < last) {
    const middle = (first + last + 1) >>> 1;
    if (isAfter(middle)) last = middle - 1;
    else first = middle;
  }
  return first;
}
