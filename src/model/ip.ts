// Addresses and prefixes: parse, format, compare, and tell which are public.

/** An address as 32-bit words, most significant first. IPv4 uses `a` alone; the rest are 0. */
export interface Ip {
  readonly family: 4 | 6;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** A network: `ip` has no bit set beyond `length`. */
export interface Prefix {
  readonly ip: Ip;
  readonly length: number;
}

export function ipv4(word: number): Ip {
  return { family: 4, a: word >>> 0, b: 0, c: 0, d: 0 };
}

export function ipv6(a: number, b: number, c: number, d: number): Ip {
  return { family: 6, a: a >>> 0, b: b >>> 0, c: c >>> 0, d: d >>> 0 };
}

/** The number of bits in an address of this family. */
export function widthOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

/** Reads an address; an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) becomes the IPv4 one. */
export function parseIp(text: string): Ip | undefined {
  if (text.length > 45) return undefined;
  const word = parseDotted(text);
  if (word !== undefined) return ipv4(word);
  if (!text.includes(':')) return undefined;
  const ip = parseColons(text);
  return ip === undefined ? undefined : unwrapMapped(ip);
}

/** RFC 4291 §2.5.5.2: `::ffff:a.b.c.d` is an IPv4 node; steering treats it as one. */
export function unwrapMapped(ip: Ip): Ip {
  return ip.family === 6 && ip.a === 0 && ip.b === 0 && ip.c === 0xffff ? ipv4(ip.d) : ip;
}

function parseDotted(text: string): number | undefined {
  let word = 0;
  let octet = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 46) {
      if (octet < 0) return undefined;
      word = word * 256 + octet;
      octet = -1;
      dots++;
    } else if (code >= 48 && code <= 57) {
      if (octet === 0) return undefined;
      octet = (octet < 0 ? 0 : octet * 10) + code - 48;
      if (octet > 255) return undefined;
    } else return undefined;
  }
  return dots === 3 && octet >= 0 ? (word * 256 + octet) >>> 0 : undefined;
}

function parseColons(text: string): Ip | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const left = parseGroups(halves[0] ?? '', halves.length === 1);
  const right = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...left, ...Array<number>(missing).fill(0), ...right];
  const word = (i: number): number => ((all[i] ?? 0) * 0x10000 + (all[i + 1] ?? 0)) >>> 0;
  return ipv6(word(0), word(2), word(4), word(6));
}

function parseGroups(text: string, isEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [i, part] of parts.entries()) {
    if (isEnd && i === parts.length - 1 && part.includes('.')) {
      const word = parseDotted(part);
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** Canonical text (RFC 5952 for IPv6). */
export function formatIp(ip: Ip): string {
  if (ip.family === 4) return formatDotted(ip.a);
  const groups = [ip.a, ip.b, ip.c, ip.d].flatMap((word) => [word >>> 16, word & 0xffff]);
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && groups[i + run] === 0) run++;
    if (run > length) {
      start = i;
      length = run;
    }
  }
  const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(':');
  if (start < 0) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function formatDotted(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

function maskWord(word: number, bits: number): number {
  if (bits >= 32) return word;
  return bits <= 0 ? 0 : (word & (-1 << (32 - bits))) >>> 0;
}

/** The address with every bit beyond `length` cleared. */
export function maskIp(ip: Ip, length: number): Ip {
  return {
    family: ip.family,
    a: maskWord(ip.a, length),
    b: maskWord(ip.b, length - 32),
    c: maskWord(ip.c, length - 64),
    d: maskWord(ip.d, length - 96),
  };
}

export function sameIp(x: Ip, y: Ip): boolean {
  return x.family === y.family && x.a === y.a && x.b === y.b && x.c === y.c && x.d === y.d;
}

/** Reads `192.0.2.0/24` or a bare address; bits beyond the length are a mistake: undefined. */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf('/');
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) return undefined;
  const width = widthOf(ip.family);
  if (slash < 0) return { ip, length: width };
  const digits = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(digits)) return undefined;
  // The length of an IPv4-mapped IPv6 prefix counts the 96 bits that parseIp takes away.
  const length = Number(digits) - (ip.family === 4 && text.includes(':') ? 96 : 0);
  if (length < 0 || length > width || !sameIp(maskIp(ip, length), ip)) return undefined;
  return { ip, length };
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatIp(prefix.ip)}/${prefix.length}`;
}

export function isWithin(ip: Ip, { ip: first, length }: Prefix): boolean {
  return (
    ip.family === first.family &&
    maskWord(ip.a, length) === first.a &&
    maskWord(ip.b, length - 32) === first.b &&
    maskWord(ip.c, length - 64) === first.c &&
    maskWord(ip.d, length - 96) === first.d
  );
}

export function isAmong(ip: Ip, prefixes: readonly Prefix[]): boolean {
  for (const prefix of prefixes) if (isWithin(ip, prefix)) return true;
  return false;
}

/**
 * Blocks that no client on the public internet can have: IANA special-purpose registries
 * (RFC 6890 and its updates), multicast (RFC 5771, RFC 4291 §2.7) and class E.
 */
export const specialBlocks: readonly Prefix[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '::/3',
  '2001:2::/48',
  '2001:10::/28',
  '2001:db8::/32',
  '3fff::/20',
  '4000::/2',
  '8000::/1',
].map((text) => parsePrefix(text) as Prefix);

/** The special-purpose block an address lies in, or undefined for a public address. */
export function specialBlockOf(ip: Ip): Prefix | undefined {
  return specialBlocks.find((block) => block.ip.family === ip.family && isWithin(ip, block));
}
