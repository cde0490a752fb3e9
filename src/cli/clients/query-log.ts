// Lines of query logs: who asked for what. Texts are searched from left to right and once, whoever wrote them.

import { type ClientRow, cutNetwork, readName, readRow } from '../../model/client-row.ts';
import { parseIp, parsePrefix, type Prefix, widthOf } from '../../model/ip.ts';

/** What a line is: a row; nothing that is counted, such as an answer or a comment; or not understood. */
export type Line = ClientRow | 'other' | 'bad';

export type ReadLine = (line: string) => Line;

/** Questions for addresses, which are what is steered. */
const steeredTypes = new Set(['A', 'AAAA', 'HTTPS', 'SVCB', 'ANY', 'TYPE64', 'TYPE65']);

/**
 * BIND's query log: `client @0x7f 198.51.100.7#53 (www.example.test): query: www.example.test IN A
 * +E(0) (192.0.2.1) [ECS 203.0.113.0/24/0]`, behind whatever stands in front of `client`. Other
 * categories of the same log are no queries.
 */
export function readBind(line: string): Line {
  const query = textAfter(line, ': query: ');
  const head = textAfter(line, 'client ');
  if (query === undefined || head === undefined)
    return line.trim() === '' ? 'other' : notAQuery(line);
  const [first = '', second = ''] = head.split(' ', 2);
  const asker = first.startsWith('@') ? second : first;
  const hash = asker.indexOf('#');
  const [name = '', , type = ''] = query.split(' ', 3);
  if (hash < 0) return 'bad';
  const ecs = textAfter(query, '[ECS ');
  const subnet = ecs === undefined ? undefined : ecs.slice(0, Math.max(0, ecs.indexOf(']')));
  return rowOf(name, type, asker.slice(0, hash), subnet);
}

/** BIND writes of much else; what it writes of clients and queries should be understood. */
function notAQuery(line: string): Line {
  return line.includes('query: ') ? 'bad' : 'other';
}

/** Our own sampled query log (`log.sampleQueries`): one JSON object a line, whose event is `query`. */
export function readJson(line: string): Line {
  if (line.trim() === '') return 'other';
  let entry: Readonly<Record<string, unknown>> | null;
  try {
    entry = JSON.parse(line) as typeof entry;
  } catch {
    return 'bad';
  }
  if (typeof entry !== 'object' || entry === null) return 'bad';
  const { event, outcome, name, type, asker, subnet } = entry;
  if (event !== 'query' || (outcome !== undefined && outcome !== 'steered')) return 'other';
  const isFine = typeof name === 'string' && typeof type === 'string' && typeof asker === 'string';
  const isSubnetFine = subnet === undefined || subnet === null || typeof subnet === 'string';
  return isFine && isSubnetFine ? rowOf(name, type, asker, subnet ?? undefined) : 'bad';
}

/** A histogram, or addresses or networks with counts; a first line that names the columns is none. */
export function readCsv(line: string): Line {
  const text = line.trim();
  if (text === '' || text.startsWith('#') || isCsvHead(text)) return 'other';
  return readRow(text) ?? 'bad';
}

function isCsvHead(text: string): boolean {
  const [first = ''] = text.split(',', 1);
  const word = first.trim().toLowerCase();
  return word === 'network' || word === 'address' || word === 'client' || word === 'ip';
}

/**
 * What `dnstap-read` (BIND) and `dnstap -q` (its authors) print of queries: the kind of message is `CQ`
 * or `AQ` (a client asks a resolver, or somebody an authoritative server). Neither tells client subnets.
 *
 *     28-Nov-2026 12:00:00.000 AQ 198.51.100.7:53 -> 192.0.2.1:53 UDP 40b www.example.test/IN/A
 *     12:00:00.000000 AQ 198.51.100.7 UDP 40b "www.example.test." IN A
 */
export function readDnstap(line: string): Line {
  const words = line.slice(0, mostWordCharacters).trim().split(' ');
  const at = words.findIndex((word) => kinds.has(word));
  if (at < 0) return words.length === 1 ? 'other' : 'bad';
  if (words[at] !== 'CQ' && words[at] !== 'AQ') return 'other';
  const asker = words[at + 1] ?? '';
  const last = words.at(-1) ?? '';
  if (words.at(-3)?.startsWith('"') === true) {
    return rowOf(words.at(-3)?.slice(1, -1) ?? '', last, asker, undefined);
  }
  const type = last.lastIndexOf('/');
  const name = last.lastIndexOf('/', type - 1);
  if (name < 0) return 'bad';
  return rowOf(last.slice(0, name), last.slice(type + 1), withoutPort(asker), undefined);
}

/** Kinds of messages (dnstap.proto): query and response of authority, client, forwarder, resolver, stub, tool, update. */
const kinds = new Set(['A', 'C', 'F', 'R', 'S', 'T', 'U'].flatMap((of) => [`${of}Q`, `${of}R`]));

/** A name in quotes has at most 1020, and the rest is short. */
const mostWordCharacters = 2048;

/** `198.51.100.7:53`; of IPv6, what stands before the last colon. */
function withoutPort(text: string): string {
  const colon = text.lastIndexOf(':');
  const bare = colon < 0 ? text : text.slice(0, colon);
  return bare.startsWith('[') && bare.endsWith(']') ? bare.slice(1, -1) : bare;
}

/** `subnet` as logs write it, with or without a scope behind it: `203.0.113.0/24/0`. */
function rowOf(name: string, type: string, asker: string, subnet: string | undefined): Line {
  if (!steeredTypes.has(type)) return isType(type) ? 'other' : 'bad';
  const known = readName(name);
  const client = subnet === undefined ? undefined : readSubnet(subnet);
  const resolver = readNetwork(asker);
  if (known === undefined || known === '' || resolver === undefined || client === null)
    return 'bad';
  if (client !== undefined) return { network: client, weight: 1, name: known, by: 'subnet' };
  return { network: resolver, weight: 1, name: known, by: 'resolver' };
}

function isType(text: string): boolean {
  return /^[A-Z][A-Z0-9-]{0,15}$/.test(text);
}

/** Undefined where it names nobody (RFC 7871 §7.1.2), null where it is no subnet. */
function readSubnet(text: string): Prefix | undefined | null {
  const [address = '', length = ''] = text.split('/', 3);
  const network = readNetwork(`${address}/${length}`);
  if (network === undefined) return null;
  return network.length === 0 ? undefined : network;
}

/** An address or a network; a zone index, as of a link-local address, is no part of it. */
function readNetwork(text: string): Prefix | undefined {
  const percent = text.indexOf('%');
  const bare = percent < 0 ? text : text.slice(0, percent);
  if (bare.includes('/')) {
    const prefix = parsePrefix(bare);
    return prefix && cutNetwork(prefix);
  }
  const ip = parseIp(bare);
  return ip && cutNetwork({ ip, length: widthOf(ip.family) });
}

function textAfter(text: string, mark: string): string | undefined {
  const at = text.indexOf(mark);
  return at < 0 ? undefined : text.slice(at + mark.length);
}
