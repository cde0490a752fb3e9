// The fields that record data is made of, each with its wire form and its canonical text.

import type { Rdata } from '../../model/message.ts';
import { type DomainName, formatName, parseName } from '../../model/name.ts';
import { nameIn } from './name-in.ts';
import { quote, readOctets } from './strings.ts';

/** Octets of a message from `at` to `end`; names among them may point before them (RFC 1035 §4.1.4). */
export interface Octets {
  readonly message: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** A field's text, and where the next field starts. */
export interface Shown {
  readonly text: string;
  readonly end: number;
}

/** One field of a record type. */
export interface Field {
  readonly name: string;
  /** What may stand here, in words. */
  readonly wants: string;
  /** Reads one word of presentation form; undefined when it is not what the field wants. */
  readonly read: (word: string, origin: DomainName) => Rdata | undefined;
  /** Shows the field that starts at `at`; undefined when it does not end before `end`. */
  readonly show: (octets: Octets) => Shown | undefined;
  /** For a last field of several words: `each` is a field of its own, or they are `joined` to one. */
  readonly more?: 'each' | 'joined';
}

export function joinFields(parts: readonly Rdata[]): Rdata {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const wire = new Uint8Array(parts.reduce((sum, part) => sum + part.wire.length, 0));
  let at = 0;
  for (const part of parts) {
    wire.set(part.wire, at);
    at += part.wire.length;
  }
  return { wire, text: parts.map(({ text }) => text).join(' ') };
}

export function uint8(name: string): Field {
  return unsigned(name, 1);
}

export function uint16(name: string): Field {
  return unsigned(name, 2);
}

export function uint32(name: string): Field {
  return unsigned(name, 4);
}

function unsigned(name: string, size: number): Field {
  const max = 2 ** (8 * size) - 1;
  return {
    name,
    wants: `a whole number from 0 to ${max}`,
    read: (word) =>
      /^\d{1,10}$/.test(word) && Number(word) <= max
        ? unsignedRdata(Number(word), size)
        : undefined,
    show: ({ message, at, end }) => {
      if (at + size > end) return undefined;
      let value = 0;
      for (const octet of message.subarray(at, at + size)) value = value * 256 + octet;
      return { text: String(value), end: at + size };
    },
  };
}

/** A number in `size` octets, most significant first. */
export function unsignedRdata(value: number, size: number): Rdata {
  const wire = new Uint8Array(size);
  for (let i = 0; i < size; i++) wire[i] = value >>> (8 * (size - 1 - i));
  return { wire, text: String(value) };
}

export function domainName(name: string): Field {
  return {
    name,
    wants: 'a domain name',
    read: (word, origin) => {
      const parsed = parseName(word, origin);
      return parsed === undefined ? undefined : nameRdata(parsed);
    },
    show: ({ message, at, end }) => {
      const found = nameIn(message, at);
      if (found === undefined || found.end > end) return undefined;
      return { text: absolute(found.name), end: found.end };
    },
  };
}

/** An uncompressed name; its text ends in a dot. */
export function nameRdata(name: DomainName): Rdata {
  const wire = new Uint8Array(name.length);
  for (let i = 0; i < name.length; i++) wire[i] = name.charCodeAt(i);
  return { wire, text: absolute(name) };
}

function absolute(name: DomainName): string {
  const text = formatName(name);
  return text === '.' ? text : `${text}.`;
}

/** A string that takes all the data that is left, and so has no length octet. */
export function lastString(name: string): Field {
  return {
    name: `"${name}"`,
    wants: 'a string with its quotes and escapes closed',
    read: (word) => {
      const octets = readOctets(word);
      return octets === undefined ? undefined : { wire: octets, text: quote(octets) };
    },
    show: ({ message, at, end }) => ({ text: quote(message.subarray(at, end)), end }),
  };
}

/** One string of at most 255 octets behind its length (RFC 1035 §3.3). */
export function shortString(name: string): Field {
  return {
    name: `"${name}"`,
    wants: 'a string of at most 255 octets with its quotes and escapes closed',
    read: (word) => {
      const octets = readOctets(word);
      return octets === undefined || octets.length > 255
        ? undefined
        : { wire: Uint8Array.of(octets.length, ...octets), text: quote(octets) };
    },
    show: showString,
  };
}

/** Shows a string behind its length octet. */
export function showString({ message, at, end }: Octets): Shown | undefined {
  const length = message[at];
  if (at >= end || length === undefined || at + 1 + length > end) return undefined;
  return { text: quote(message.subarray(at + 1, at + 1 + length)), end: at + 1 + length };
}

/** Hexadecimal to the end of the data, in as many words as people like (RFC 4034 §5.3). */
export function hexadecimal(name: string): Field {
  return {
    name,
    wants: 'pairs of hexadecimal digits',
    more: 'joined',
    read: (word) => {
      if (!/^(?:[0-9a-f]{2})+$/i.test(word)) return undefined;
      const pairs = word.match(/../g) ?? [];
      return {
        wire: Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)),
        text: word.toLowerCase(),
      };
    },
    show: ({ message, at, end }) =>
      at < end ? { text: hexOf(message.subarray(at, end)), end } : undefined,
  };
}

export function hexOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
