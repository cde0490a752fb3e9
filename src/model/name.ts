// Domain names: wire form inside, presentation form at the rim.

import type { Brand } from './time.ts';

/**
 * A name in wire form (RFC 1035 §3.1) as a Latin-1 string, letters lower-cased (RFC 4343):
 * length octet, label, …, zero octet. Any octet may stand in a label, dots included, and a length
 * octet (at most 63) can never be mistaken for a letter, so lower-casing the whole string is safe.
 */
export type DomainName = Brand<string, 'DomainName'>;

export const rootName = '\0' as DomainName;

/** RFC 1035 §2.3.4: 255 octets in a name, 63 in a label. */
const maxName = 255;
const maxLabel = 63;

/**
 * Reads presentation form (RFC 1035 §5.1: `\.` and `\DDD` escapes). A name without a final dot is
 * completed with `origin` when one is given. Undefined when a label or the name is too long or empty.
 */
export function parseName(text: string, origin: DomainName = rootName): DomainName | undefined {
  if (text === '@') return origin;
  if (text === '.') return rootName;
  let wire = '';
  let label = '';
  let isAbsolute = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    isAbsolute = false;
    if (char === '.') {
      if (label === '' || label.length > maxLabel) return undefined;
      wire += String.fromCharCode(label.length) + label;
      label = '';
      isAbsolute = true;
    } else if (char === '\\') {
      const escaped = escapeAt(text, i + 1);
      const octet = escaped.length === 3 ? Number(escaped) : escaped.charCodeAt(0);
      if (!(octet <= 255)) return undefined;
      label += String.fromCharCode(octet);
      i += escaped.length;
    } else if (char.charCodeAt(0) > 126 || char.charCodeAt(0) < 33) return undefined;
    else label += char;
  }
  if (label.length > maxLabel) return undefined;
  if (label !== '') wire += String.fromCharCode(label.length) + label;
  const name = wire + (isAbsolute ? rootName : origin);
  return wire === '' || name.length > maxName ? undefined : lowerName(name);
}

/** Three digits, or one other character that can be seen or is a blank; empty when neither stands here. */
function escapeAt(text: string, at: number): string {
  return /^(?:\d{3}|[ -/:-~])/.exec(text.slice(at, at + 3))?.[0] ?? '';
}

/** Lower-cases ASCII letters only (RFC 4343 §3); other octets are left alone. */
export function lowerName(wire: string): DomainName {
  return wire.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) as DomainName;
}

/** The labels of a name, without the root. */
export function labelsOf(name: DomainName): string[] {
  const labels: string[] = [];
  for (let at = 0; at < name.length - 1; ) {
    const length = name.charCodeAt(at);
    labels.push(name.slice(at + 1, at + 1 + length));
    at += length + 1;
  }
  return labels;
}

/** Presentation form without the final dot (the root is `.`), escaped so that it reads back the same. */
export function formatName(name: DomainName): string {
  if (name === rootName) return '.';
  return labelsOf(name).map(formatLabel).join('.');
}

function formatLabel(label: string): string {
  return label.replace(/[^a-zA-Z0-9_*/+=:-]/g, (char) => {
    const code = char.charCodeAt(0);
    const isGraphic = code > 32 && code < 127;
    return isGraphic ? `\\${char}` : `\\${String(code).padStart(3, '0')}`;
  });
}

/** The name without its first label; undefined above the root. */
export function parentOf(name: DomainName): DomainName | undefined {
  return name === rootName ? undefined : (name.slice(name.charCodeAt(0) + 1) as DomainName);
}

/** True for the zone's own name and every name below it. */
export function isAtOrBelow(name: DomainName, ancestor: DomainName): boolean {
  if (!name.endsWith(ancestor)) return false;
  let at: DomainName | undefined = name;
  while (at !== undefined && at.length > ancestor.length) at = parentOf(at);
  return at === ancestor;
}

/** `*` below a name (RFC 4592 §2.1.1); undefined when the result would be too long. */
export function wildcardBelow(name: DomainName): DomainName | undefined {
  return name.length + 2 > maxName ? undefined : (`\x01*${name}` as DomainName);
}
