// The fields that record data is made of, each with its wire form and its canonical text.

import type { Rdata } from '../../model/message.ts';
import { type DomainName, formatName, parseName } from '../../model/name.ts';

/** One field of a record type. A type is the list of its fields. */
export interface Field {
  readonly name: string;
  /** What may stand here, in words. */
  readonly wants: string;
  /** Reads one word of presentation form; undefined when it is not what the field wants. */
  readonly read: (word: string, origin: DomainName) => Rdata | undefined;
  /** True for a last field that may come several times. */
  readonly repeats?: true;
}

/** Words of presentation form: split at blanks, except between quotes and after a backslash. */
export function splitWords(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"?|(?:[^\s"\\]|\\.|\\$)+/gs) ?? [];
}

export function joinFields(parts: readonly Rdata[]): Rdata {
  return {
    wire: Uint8Array.from(parts.flatMap(({ wire }) => [...wire])),
    text: parts.map(({ text }) => text).join(' '),
  };
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
  };
}

/** A number in `size` octets, most significant first. */
export function unsignedRdata(value: number, size: number): Rdata {
  const wire = Uint8Array.from({ length: size }, (_, i) => value >>> (8 * (size - 1 - i)));
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
  };
}

/** An uncompressed name; its text ends in a dot. */
export function nameRdata(name: DomainName): Rdata {
  const text = formatName(name);
  return {
    wire: Uint8Array.from(name, (char) => char.charCodeAt(0)),
    text: text === '.' ? text : `${text}.`,
  };
}

/**
 * Octets of a character string (RFC 1035 §5.1), quoted or not: `\DDD` is one octet, a backslash
 * before anything else is that itself, and what is not ASCII becomes UTF-8. Undefined when quotes
 * or escapes are left open.
 */
export function readOctets(word: string): Uint8Array | undefined {
  const inner = /^("?)((?:[^"\\]|\\.)*)\1$/s.exec(word)?.[2];
  if (inner === undefined) return undefined;
  const octets: number[] = [];
  for (const [, digits, char] of inner.matchAll(/\\(\d{3})|\\?(.)/gsu)) {
    if (Number(digits) > 255) return undefined;
    if (char === undefined) octets.push(Number(digits));
    else octets.push(...new TextEncoder().encode(char));
  }
  return Uint8Array.from(octets);
}

/** A quoted string that `readOctets` reads back. */
export function quote(octets: Uint8Array): string {
  const chars = Array.from(octets, (octet) => {
    const char = String.fromCharCode(octet);
    if (char === '"' || char === '\\') return `\\${char}`;
    return octet >= 32 && octet < 127 ? char : `\\${String(octet).padStart(3, '0')}`;
  });
  return `"${chars.join('')}"`;
}
