// A row of a client histogram: how often a network asked for a name; and its line in a CSV file.

import { formatPrefix, maskIp, type Prefix, parsePrefix } from './ip.ts';
import { formatName, parseName } from './name.ts';

export interface ClientRow {
  /** At most a /24 or a /56 (RFC 7871 §11.1): networks, not people. */
  readonly network: Prefix;
  /** Queries, a whole number. */
  readonly weight: number;
  /** In presentation form; empty for all names together. */
  readonly name: string;
  /** `subnet`: where clients are; `resolver`: the network of a resolver that did not say for whom it asked. */
  readonly by: 'subnet' | 'resolver';
}

/** The columns. The last one may be missing, and then stands for `subnet`. */
export const rowHead = 'network,weight,name,by';

/** The longest networks that a histogram holds. */
export const longestNetwork = { 4: 24, 6: 56 } as const;

/** A network of a histogram around this one. */
export function cutNetwork({ ip, length }: Prefix): Prefix {
  const longest = longestNetwork[ip.family];
  return length <= longest ? { ip, length } : { ip: maskIp(ip, longest), length: longest };
}

/** `203.0.113.0/24,12,www.example.test,subnet` */
export function formatRow({ network, weight, name, by }: ClientRow): string {
  // A comma in a name is written as its number, so that a comma always ends a column.
  return `${formatPrefix(network)},${weight},${name.replaceAll('\\,', '\\044')},${by}`;
}

/**
 * Reads a line of a CSV file: an address or a network, and where they are given a count (else 1), a
 * name, and `subnet` or `resolver`. Longer networks are cut. Undefined for anything else.
 */
export function readRow(line: string): ClientRow | undefined {
  if (line.length > mostCharacters) return undefined;
  const [network = '', count = '1', name = '', by = 'subnet', ...rest] = line.split(',');
  const prefix = parsePrefix(network.trim());
  const weight = readWeight(count.trim());
  const known = readName(name.trim());
  const word = by.trim();
  const isFine = rest.length === 0 && (word === 'subnet' || word === 'resolver');
  if (!isFine || prefix === undefined || weight === undefined || known === undefined) {
    return undefined;
  }
  return { network: cutNetwork(prefix), weight, name: known, by: word };
}

/** A name takes at most 255 octets, each of them at most four characters. */
const mostCharacters = 1200;

/** A whole number up to 10^15, so that sums of many stay exact or nearly so. */
export function readWeight(digits: string): number | undefined {
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
}

/** Canonical presentation form; undefined for what is no domain name. */
export function readName(text: string): string | undefined {
  if (text === '' || text === '@') return text === '' ? text : undefined;
  const name = parseName(text);
  return name === undefined ? undefined : formatName(name);
}
