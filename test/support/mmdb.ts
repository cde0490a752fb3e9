// Writes MaxMind DB files (format 2.0) for tests: a search tree, a data section, metadata.

import { parsePrefix, type Prefix } from '../../src/model/ip.ts';

export interface MmdbSpec {
  /** Networks with what is said of each; a longer one is cut out of a shorter one before it. */
  readonly networks: readonly (readonly [network: string, record: unknown])[];
  /** Networks that lead to the root of IPv4, as 2002::/16 does in real files. */
  readonly aliases?: readonly string[];
  readonly ipVersion?: 4 | 6;
  readonly recordSize?: 24 | 28 | 32;
  readonly type?: string;
  /** Seconds since the Unix epoch. */
  readonly built?: number;
}

/** A record of a City database, with no more than Meridian reads. */
export function cityRecord(
  country: string,
  city: string,
  latitude: number,
  longitude: number,
  radius: number,
): object {
  return {
    city: { names: { en: city, de: `${city} (de)` } },
    country: { iso_code: country },
    location: { accuracy_radius: radius, latitude, longitude },
    subdivisions: [{ iso_code: `${country}1` }],
  };
}

export function writeMmdb(spec: MmdbSpec): Buffer {
  const { ipVersion = 6, recordSize = 24, type = 'GeoLite2-City', built = 1_700_000_000 } = spec;
  const tree = new Tree(ipVersion);
  const data = new DataSection();
  for (const [network, record] of spec.networks) tree.insert(network, ~data.offsetOf(record));
  for (const alias of spec.aliases ?? []) tree.insert(alias, tree.rootV4());
  const metadata = {
    binary_format_major_version: uint16(2),
    binary_format_minor_version: uint16(0),
    build_epoch: BigInt(built),
    database_type: type,
    description: { en: 'made for a test' },
    ip_version: uint16(ipVersion),
    languages: ['en'],
    node_count: tree.nodeCount,
    record_size: uint16(recordSize),
  };
  return Buffer.concat([
    tree.encode(recordSize),
    Buffer.alloc(16),
    data.bytes(),
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    encodeField(metadata),
  ]);
}

/** A child is the number of a node, `~offset` of data, or undefined for nothing. */
type Child = number | undefined;

class Tree {
  readonly #nodes: [Child, Child][] = [[undefined, undefined]];
  readonly #ipVersion: 4 | 6;

  constructor(ipVersion: 4 | 6) {
    this.#ipVersion = ipVersion;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  insert(network: string, child: number): void {
    const path = this.#pathOf(parsePrefix(network) as Prefix);
    const last = path.pop() as 0 | 1;
    (this.#nodes[this.#nodeAt(path)] as [Child, Child])[last] = child;
  }

  /** The node of ::/96, made if need be. */
  rootV4(): number {
    return this.#nodeAt(Array<0>(96).fill(0));
  }

  #pathOf({ ip, length }: Prefix): (0 | 1)[] {
    const words = [ip.a, ip.b, ip.c, ip.d];
    const bits = Array.from({ length }, (_, i) => {
      const word = words[i >>> 5] as number;
      return ((word >>> (31 - (i & 31))) & 1) as 0 | 1;
    });
    const isInV6 = this.#ipVersion === 6 && ip.family === 4;
    return isInV6 ? [...Array<0>(96).fill(0), ...bits] : bits;
  }

  #nodeAt(path: readonly (0 | 1)[]): number {
    let at = 0;
    for (const bit of path) {
      const node = this.#nodes[at] as [Child, Child];
      const child = node[bit];
      if (child === undefined || child < 0) node[bit] = this.#nodes.push([child, child]) - 1;
      at = node[bit] as number;
    }
    return at;
  }

  encode(recordSize: 24 | 28 | 32): Buffer {
    const bytes = Buffer.alloc((this.#nodes.length * recordSize) / 4);
    for (const [i, node] of this.#nodes.entries()) {
      const [left, right] = node.map((child) => {
        if (child === undefined) return this.nodeCount;
        return child >= 0 ? child : this.nodeCount + 16 + ~child;
      }) as [number, number];
      const at = (i * recordSize) / 4;
      if (recordSize === 28) {
        bytes.writeUIntBE(left % 2 ** 24, at, 3);
        bytes.writeUInt8((left >>> 24) * 16 + (right >>> 24), at + 3);
        bytes.writeUIntBE(right % 2 ** 24, at + 4, 3);
      } else {
        bytes.writeUIntBE(left, at, recordSize / 8);
        bytes.writeUIntBE(right, at + recordSize / 8, recordSize / 8);
      }
    }
    return bytes;
  }
}

/** The data section: equal records are written once. */
class DataSection {
  readonly #offsets = new Map<string, number>();
  readonly #parts: Buffer[] = [];
  #length = 0;

  offsetOf(record: unknown): number {
    const key = JSON.stringify(record);
    const known = this.#offsets.get(key);
    if (known !== undefined) return known;
    const part = encodeField(record);
    const offset = this.#length;
    this.#offsets.set(key, offset);
    this.#parts.push(part);
    this.#length += part.length;
    return offset;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

const types = {
  string: 2,
  double: 3,
  uint16: 5,
  uint32: 6,
  map: 7,
  uint64: 9,
  array: 11,
  boolean: 14,
} as const;

/** Numbers of a type that the format sets; readers in C take no other in its place. */
export const uint16 = (value: number): Uint16Array => Uint16Array.of(value);
export const double = (value: number): Float64Array => Float64Array.of(value);

/** A field of the data section. */
export function encodeField(value: unknown): Buffer {
  if (typeof value === 'boolean') return control('boolean', value ? 1 : 0);
  if (typeof value === 'string') {
    return Buffer.concat([control('string', Buffer.byteLength(value)), Buffer.from(value)]);
  }
  if (typeof value === 'bigint') {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(value);
    return Buffer.concat([control('uint64', 8), bytes]);
  }
  if (value instanceof Uint16Array) {
    const [number = 0] = value;
    return Buffer.concat([control('uint16', 2), Buffer.of(number >>> 8, number & 255)]);
  }
  if (value instanceof Float64Array) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value[0] ?? 0);
    return Buffer.concat([control('double', 8), bytes]);
  }
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < 0) return encodeField(double(value));
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control('uint32', 4), bytes]);
  }
  if (Array.isArray(value)) {
    return Buffer.concat([control('array', value.length), ...value.map(encodeField)]);
  }
  const entries = Object.entries(value as object);
  return Buffer.concat([control('map', entries.length), ...entries.flat().map(encodeField)]);
}

/** The control octets of a field; sizes up to 284 are enough here. */
function control(type: keyof typeof types, size: number): Buffer {
  const code = types[type];
  const first = (code > 7 ? 0 : code << 5) | Math.min(size, 29);
  const extended = code > 7 ? [code - 7] : [];
  return Buffer.from([first, ...extended, ...(size < 29 ? [] : [size - 29])]);
}
