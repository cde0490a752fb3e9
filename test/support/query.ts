// Queries as octets, built without any code of the program or of dns2: good ones and bad ones.

import { recordTypes } from '../../src/model/message.ts';

export interface QueryShape {
  /** Presentation form, whose letters keep their case, or the octets of a name. */
  readonly name?: string | Uint8Array;
  readonly type?: keyof typeof recordTypes | number;
  readonly class?: number;
  readonly id?: number;
  readonly opcode?: number;
  readonly recursionDesired?: boolean;
  readonly checkingDisabled?: boolean;
  /** An OPT record; a shape fills in what differs from the usual. */
  readonly edns?: true | EdnsShape;
  /** A client-subnet option, and with it an OPT record: `192.0.2.0/24`, `2001:db8::/56` or parts. */
  readonly subnet?: string | SubnetShape;
}

export interface EdnsShape {
  readonly udpSize?: number;
  readonly version?: number;
  readonly wantsDnssec?: boolean;
  /** Whole options, as `option` makes them; the client subnet comes before them. */
  readonly options?: readonly Uint8Array[];
}

export interface SubnetShape {
  readonly family: number;
  readonly source: number;
  readonly scope?: number;
  /** Octets of the address, as many as are to be sent. */
  readonly address: readonly number[];
}

/** One query for `www.example.test` A in class IN with id 0x1234, unless the shape says otherwise. */
export function buildQuery(shape: QueryShape = {}): Uint8Array {
  const flags =
    ((shape.opcode ?? 0) << 11) |
    (shape.recursionDesired === true ? 0x100 : 0) |
    (shape.checkingDisabled === true ? 0x10 : 0);
  const opt = optOf(shape);
  return message({
    id: shape.id ?? 0x1234,
    flags,
    counts: [1, 0, 0, opt === undefined ? 0 : 1],
    parts: [question(shape), opt ?? []],
  });
}

/** A whole message from its header fields and whatever follows. */
export function message(shape: {
  readonly id?: number;
  readonly flags?: number;
  readonly counts: readonly [number, number, number, number];
  readonly parts: readonly (readonly number[] | Uint8Array)[];
}): Uint8Array {
  const header = [shape.id ?? 0x1234, shape.flags ?? 0, ...shape.counts].flatMap(uint16);
  return Uint8Array.from([header, ...shape.parts].flatMap((part) => [...part]));
}

export function question(shape: Pick<QueryShape, 'name' | 'type' | 'class'> = {}): Uint8Array {
  const { name = 'www.example.test', type = 'A' } = shape;
  const code = typeof type === 'number' ? type : recordTypes[type];
  const owner = typeof name === 'string' ? nameOctets(name) : name;
  return Uint8Array.from([...owner, ...uint16(code), ...uint16(shape.class ?? 1)]);
}

/** An OPT record with its owner, the root. */
export function optRecord(shape: EdnsShape = {}): Uint8Array {
  const options = (shape.options ?? []).flatMap((one) => [...one]);
  return Uint8Array.from([
    0,
    ...uint16(recordTypes.OPT),
    ...uint16(shape.udpSize ?? 1232),
    0,
    shape.version ?? 0,
    ...uint16(shape.wantsDnssec === true ? 0x8000 : 0),
    ...uint16(options.length),
    ...options,
  ]);
}

/** An EDNS option with its header. */
export function option(code: number, data: readonly number[]): Uint8Array {
  return Uint8Array.from([...uint16(code), ...uint16(data.length), ...data]);
}

/** A client-subnet option (RFC 7871 §6). */
export function subnetOption(subnet: string | SubnetShape): Uint8Array {
  const parts = typeof subnet === 'string' ? parseSubnet(subnet) : subnet;
  return option(8, [...uint16(parts.family), parts.source, parts.scope ?? 0, ...parts.address]);
}

/** Octets of a name: labels split at dots, `\.` and `\DDD` escapes, case kept. */
export function nameOctets(text: string): Uint8Array {
  const labels: number[][] = [[]];
  for (const [piece, digits, char] of text.matchAll(/\\(\d{3})|\\?(.)/gs)) {
    if (piece === '.') labels.push([]);
    else labels.at(-1)?.push(char === undefined ? Number(digits) : char.charCodeAt(0));
  }
  const filled = labels.filter((label) => label.length > 0);
  return Uint8Array.from([...filled.flatMap((label) => [label.length, ...label]), 0]);
}

function optOf(shape: QueryShape): Uint8Array | undefined {
  const { edns, subnet } = shape;
  if (edns === undefined && subnet === undefined) return undefined;
  const given = edns === undefined || edns === true ? {} : edns;
  const first = subnet === undefined ? [] : [subnetOption(subnet)];
  return optRecord({ ...given, options: [...first, ...(given.options ?? [])] });
}

function parseSubnet(text: string): SubnetShape {
  const [address = '', digits = ''] = text.split('/');
  const octets = address.includes(':') ? ipv6Octets(address) : address.split('.').map(Number);
  const source = Number(digits);
  const family = address.includes(':') ? 2 : 1;
  return { family, source, address: octets.slice(0, Math.ceil(source / 8)) };
}

function ipv6Octets(text: string): number[] {
  const [left = [], right = []] = text
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].flatMap((group) => uint16(Number.parseInt(group, 16)));
}

function uint16(value: number): number[] {
  return [value >>> 8, value & 255];
}
