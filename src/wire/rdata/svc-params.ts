// Service parameters (RFC 9460 §7, §14.3.2): each key with the form of its value.

import { formatIp, ipv4, ipv6, parseIp } from '../../model/ip.ts';
import type { Rdata } from '../../model/message.ts';
import { joinFields, unsignedRdata } from './fields.ts';
import { addressRdata } from './address.ts';
import { quote, readOctets } from './strings.ts';

export const paramKeys = {
  mandatory: 0,
  alpn: 1,
  'no-default-alpn': 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
  dohpath: 7,
  ohttp: 8,
} as const;

/** The value's octets and text without the key; a string says what is wrong. */
type Read = (value: string | undefined) => Rdata | string;

interface Param {
  readonly read: Read;
  /** Undefined when the octets are no such value. */
  readonly show: (octets: Uint8Array) => string | undefined;
}

/** A key's number, by name or as `keyNNNNN` (§2.1); undefined for a name that nobody knows. */
export function keyNumber(name: string): number | undefined {
  const known = Object.entries(paramKeys).find(([word]) => word === name)?.[1];
  if (known !== undefined) return known;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(name)?.[1];
  // §14.3.1: the last number is reserved as invalid.
  return digits === undefined || Number(digits) >= 0xffff ? undefined : Number(digits);
}

export function keyText(key: number): string {
  return Object.entries(paramKeys).find(([, number]) => number === key)?.[0] ?? `key${key}`;
}

export function readParam(key: number, value: string | undefined): Rdata | string {
  return (params.get(key) ?? opaque).read(value);
}

export function showParam(key: number, octets: Uint8Array): string | undefined {
  return (params.get(key) ?? opaque).show(octets);
}

const opaque: Param = {
  read: (value = '') => {
    const octets = readOctets(value);
    if (octets === undefined) return 'want a string with its quotes and escapes closed';
    return { wire: octets, text: octets.length === 0 ? '' : quote(octets) };
  },
  show: (octets) => (octets.length === 0 ? '' : quote(octets)),
};

/** No value at all. */
const flag: Param = {
  read: (value) => (value === undefined ? { wire: new Uint8Array(), text: '' } : 'takes no value'),
  show: (octets) => (octets.length === 0 ? '' : undefined),
};

const port: Param = {
  read: (value = '') =>
    /^\d{1,5}$/.test(value) && Number(value) <= 0xffff
      ? unsignedRdata(Number(value), 2)
      : 'want a port from 0 to 65535',
  show: (octets) =>
    octets.length === 2 ? String((octets[0] as number) * 256 + (octets[1] as number)) : undefined,
};

function hints(family: 4 | 6): Param {
  const size = family === 4 ? 4 : 16;
  return {
    read: (value = '') => {
      const ips = value.split(',').map(parseIp);
      const found = ips.filter((ip) => ip?.family === family);
      if (found.length < ips.length) return `want IPv${family} addresses with commas between`;
      const parts = found.flatMap((ip) => (ip === undefined ? [] : addressRdata(ip)));
      return { wire: joinFields(parts).wire, text: parts.map(({ text }) => text).join(',') };
    },
    show: (octets) => {
      if (octets.length === 0 || octets.length % size !== 0) return undefined;
      const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
      const texts: string[] = [];
      for (let at = 0; at < octets.length; at += size) {
        const word = (i: number): number => view.getUint32(at + 4 * i);
        const ip = family === 4 ? ipv4(word(0)) : ipv6(word(0), word(1), word(2), word(3));
        texts.push(formatIp(ip));
      }
      return texts.join(',');
    },
  };
}

/** §7.1.1: protocol names, each behind its length. */
const alpn: Param = {
  read: (value = '') => {
    const octets = readOctets(value);
    const names = octets && splitList(octets);
    if (names === undefined || names.some(({ length }) => length === 0 || length > 255)) {
      return 'want protocol names of 1 to 255 octets with commas between';
    }
    const wire = Uint8Array.from(names.flatMap((name) => [name.length, ...name]));
    return { wire, text: listText(names) };
  },
  show: (octets) => {
    const names: number[][] = [];
    for (let at = 0; at < octets.length; ) {
      const length = octets[at] as number;
      if (length === 0 || at + 1 + length > octets.length) return undefined;
      names.push([...octets.subarray(at + 1, at + 1 + length)]);
      at += 1 + length;
    }
    return names.length === 0 ? undefined : listText(names);
  },
};

const comma = 0x2c;
const backslash = 0x5c;

/** Appendix A.1: commas divide, a backslash before a comma or a backslash makes it a plain octet. */
function splitList(octets: Uint8Array): number[][] | undefined {
  const items: number[][] = [[]];
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] as number;
    if (octet === comma) items.push([]);
    else if (octet !== backslash) items.at(-1)?.push(octet);
    else {
      const next = octets[++i];
      if (next !== comma && next !== backslash) return undefined;
      items.at(-1)?.push(next);
    }
  }
  return items;
}

function listText(items: readonly (readonly number[])[]): string {
  const escaped = items.map((item) =>
    item.flatMap((octet) => (octet === comma || octet === backslash ? [backslash, octet] : octet)),
  );
  return quote(Uint8Array.from(escaped.flatMap((item, i) => (i === 0 ? item : [comma, ...item]))));
}

/** §8: keys that a client must understand, in increasing order, without `mandatory` itself. */
const mandatory: Param = {
  read: (value = '') => {
    const keys = value.split(',').map(keyNumber);
    const known = keys.filter((key) => key !== undefined).sort((x, y) => x - y);
    const isFine = known.length === keys.length && new Set(known).size === known.length;
    if (!isFine || known[0] === paramKeys.mandatory) {
      return 'want other keys, each once, with commas between';
    }
    const parts = known.map((key) => unsignedRdata(key, 2));
    return { wire: joinFields(parts).wire, text: known.map(keyText).join(',') };
  },
  show: (octets) => {
    if (octets.length === 0 || octets.length % 2 !== 0) return undefined;
    const keys: number[] = [];
    for (let at = 0; at < octets.length; at += 2) {
      const key = (octets[at] as number) * 256 + (octets[at + 1] as number);
      if (key <= (keys.at(-1) ?? 0)) return undefined;
      keys.push(key);
    }
    return keys.map(keyText).join(',');
  },
};

/** RFC 9848 §3: an ECHConfigList in Base64. */
const ech: Param = {
  read: (value = '') => {
    const text = value.replace(/^"(.*)"$/, '$1');
    const isFine = text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
    return isFine ? { wire: Uint8Array.from(atob(text), octetOf), text } : 'want Base64';
  },
  show: (octets) => (octets.length === 0 ? undefined : btoa(String.fromCharCode(...octets))),
};

function octetOf(char: string): number {
  return char.charCodeAt(0);
}

const params: ReadonlyMap<number, Param> = new Map([
  [paramKeys.mandatory, mandatory],
  [paramKeys.alpn, alpn],
  [paramKeys['no-default-alpn'], flag],
  [paramKeys.port, port],
  [paramKeys.ipv4hint, hints(4)],
  [paramKeys.ech, ech],
  [paramKeys.ipv6hint, hints(6)],
  [paramKeys.ohttp, flag],
]);
