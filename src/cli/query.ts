// `meridian query`: ask a DNS server as a resolver would, and print what steers the answer.

import { randomBytes, randomInt } from 'node:crypto';
import { parseEndpoint, splitList } from '../config/values.ts';
import { type Checks, exchange } from '../edge/dns-client.ts';
import { readPem } from '../edge/pem.ts';
import { tlsWords } from '../edge/tls-words.ts';
import { formatEndpoint } from '../edge/udp.ts';
import { FaultError } from '../model/fault.ts';
import { parseIp, parsePrefix, type Prefix, widthOf } from '../model/ip.ts';
import { parseType, recordTypes, type Transport } from '../model/message.ts';
import { parseName } from '../model/name.ts';
import type { Endpoint } from '../model/settings.ts';
import { clientCookieSize } from '../wire/cookie.ts';
import { type Asking, writeQuery } from '../wire/question.ts';
import { type Reading, readReply } from '../wire/reading.ts';
import { type Command, exits, type Io, type Options, textOption } from './command.ts';
import { printJson } from './json.ts';
import { describeReply, type Reply, toJson } from './query-text.ts';

/** Whoever waits at a terminal waits no longer. */
const patienceMs = 5000;

const ports: Readonly<Record<Transport, number>> = { udp: 53, tcp: 53, tls: 853, https: 443 };

export const query: Command = {
  name: 'query',
  usage:
    'NAME [TYPE] [@SERVER[:PORT]] [--subnet PREFIX] [--tcp|--tls|--https] [--ca FILE] [--server-name NAME] [--insecure] [--cookie] [--nsid] [--dnssec] [--json]',
  summary:
    "Ask a DNS server, this machine's director if none is named; exit 1 unless NOERROR. Certificates are checked unless --insecure.",
  options: {
    subnet: { type: 'string' },
    tcp: { type: 'boolean' },
    tls: { type: 'boolean' },
    https: { type: 'boolean' },
    ca: { type: 'string' },
    'server-name': { type: 'string' },
    insecure: { type: 'boolean' },
    cookie: { type: 'boolean' },
    nsid: { type: 'boolean' },
    dnssec: { type: 'boolean' },
    json: { type: 'boolean' },
  },
  words: [1, 3],
  async run(words, options, io) {
    const asked = readWords(words, options, io);
    if (typeof asked === 'string') {
      io.err(asked);
      return exits.usage;
    }
    const checks = await checksOf(options, io);
    const reply = await askAll({ ...asked, checks }, io);
    if (options['json'] === true) printJson(toJson(reply), io);
    else for (const line of describeReply(reply)) io.out(line);
    return reply.reading.rcode === 'NOERROR' ? exits.fine : exits.no;
  },
};

interface Asked {
  readonly server: Endpoint;
  readonly transport: Transport;
  readonly asking: Asking;
  readonly checks?: Checks;
}

/** Of a server's certificate; throws a FaultError where the file of `--ca` cannot be used. */
async function checksOf(options: Options, { env }: Io): Promise<Checks> {
  const text = (name: string): string | undefined => textOption(options, name, '') || undefined;
  const isOff = options['insecure'] === true;
  const { ca } = isOff
    ? {}
    : await readPem({ ca: text('ca') ?? (env['MERIDIAN_CA'] || undefined) });
  return { ca, serverName: text('server-name'), isOff };
}

/** A string says what is wrong with the words. */
function readWords(words: readonly string[], options: Options, { env }: Io): Asked | string {
  const plain = words.filter((word) => !word.startsWith('@'));
  const [at, ...more] = words.filter((word) => word.startsWith('@'));
  const [nameText = '', typeText = 'A', rest] = plain;
  if (more.length > 0 || rest !== undefined) return 'want one name, one type and one server';
  const name = nameText === '@' ? undefined : parseName(nameText);
  if (name === undefined) return `got "${nameText}", want a domain name`;
  const type = parseType(typeText);
  if (type === undefined) return `got "${typeText}", want a record type such as A`;
  const transports = (['tcp', 'tls', 'https'] as const).filter((word) => options[word] === true);
  if (transports.length > 1) return 'want one of --tcp, --tls and --https';
  const [transport = 'udp'] = transports;
  const server = readServer(at?.slice(1), ports[transport], env['MERIDIAN_DNS']);
  if (server === undefined) return `got "${at}", want a server such as @127.0.0.1:5300`;
  const subnetText = textOption(options, 'subnet', '');
  const subnet = subnetText === '' ? undefined : readSubnet(subnetText);
  if (subnetText !== '' && subnet === undefined) {
    return `got --subnet ${subnetText}, want an address or a network without stray bits`;
  }
  const cookie = options['cookie'] === true ? randomBytes(clientCookieSize) : undefined;
  const [wantsNsid, wantsDnssec] = [options['nsid'] === true, options['dnssec'] === true];
  const asking = { id: randomInt(0x10000), name, type, subnet, cookie, wantsNsid, wantsDnssec };
  return { server, transport, asking };
}

/** A host may be a name. Without a server it is the director's own, as it would listen itself. */
function readServer(
  text: string | undefined,
  port: number,
  own: string | undefined,
): Endpoint | undefined {
  if (text === undefined) return parseEndpoint(splitList(own)?.[0] ?? '127.0.0.1:5300');
  if (parseIp(text) !== undefined) return { host: text, port };
  const [, bracketed, host, digits] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const found = bracketed ?? host;
  const number = Number(digits ?? port);
  if (found === undefined || number < 1 || number > 0xffff) return undefined;
  if (bracketed !== undefined && parseIp(bracketed) === undefined) return undefined;
  return { host: found, port: number };
}

function readSubnet(text: string): Prefix | undefined {
  const ip = parseIp(text);
  return ip === undefined ? parsePrefix(text) : { ip, length: widthOf(ip.family) };
}

/** The question, then why, where the server has answered with authority and tells the asker. */
async function askAll(asked: Asked, io: Io): Promise<Reply> {
  const start = performance.now();
  let { transport, asking } = asked;
  let reading = await ask({ ...asked, transport, asking }, io);
  const cookie = reading.edns?.cookie;
  // RFC 7873 §5.3: with the cookie that came along it is to be asked once more.
  if (reading.rcode === 'BADCOOKIE' && cookie !== undefined) {
    asking = { ...asking, cookie };
    reading = await ask({ ...asked, transport, asking }, io);
  }
  const isRetried = reading.isTruncated && transport === 'udp';
  if (isRetried) {
    transport = 'tcp';
    reading = await ask({ ...asked, transport, asking }, io);
  }
  const ms = performance.now() - start;
  const hasAnswer = reading.isAuthoritative && reading.answers.length > 0;
  const why = hasAnswer ? await askWhy({ ...asked, transport, asking }, io) : [];
  return { ...asked, transport, asking, reading, isRetried, ms, why };
}

async function askWhy(asked: Asked, io: Io): Promise<string[]> {
  const name = `\x08_explain${asked.asking.name}` as typeof asked.asking.name;
  if (name.length > 255) return [];
  const asking = { ...asked.asking, name, type: recordTypes.TXT, id: randomInt(0x10000) };
  // An explanation is long.
  const transport = asked.transport === 'udp' ? 'tcp' : asked.transport;
  try {
    const { rcode, answers } = await ask({ ...asked, transport, asking }, io);
    return rcode === 'NOERROR'
      ? answers.filter(({ type }) => type === 'TXT').map(({ data }) => data)
      : [];
  } catch {
    // Whoever does not tell why has answered all the same.
    return [];
  }
}

/** Throws a FaultError when no reply comes in time, or one that cannot be read. */
async function ask({ server, transport, asking, checks }: Asked, { signal }: Io): Promise<Reading> {
  const message = writeQuery(asking);
  const where = `${formatEndpoint(server)} over ${transport.toUpperCase()}`;
  const refuse = (reason: string, cause?: unknown): FaultError =>
    new FaultError(
      { code: 'director.unreachable', message: `no answer from ${where}: ${reason}` },
      cause,
    );
  let octets: Uint8Array;
  try {
    octets = await exchange({
      server,
      transport,
      checks,
      query: message,
      isReply: (reply) => isReplyTo(message, asking, reply),
      signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]),
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw refuse(tlsWords(error) ?? words, error);
  }
  const reading = readReply(octets);
  if (typeof reading === 'string') throw refuse(reading);
  return reading;
}

/** RFC 5452 §9.1: the id and the question; RFC 7873 §5.3: a cookie, if there is one, begins as ours. */
function isReplyTo(message: Uint8Array, { cookie }: Asking, reply: Uint8Array): boolean {
  if (reply.length < 12 || reply[0] !== message[0] || reply[1] !== message[1]) return false;
  const reading = readReply(reply);
  // What cannot be read is told, not waited for.
  if (typeof reading === 'string') return ((reply[2] ?? 0) & 0x80) !== 0;
  const asked = readReply(Uint8Array.from(message, (octet, i) => (i === 2 ? octet | 0x80 : octet)));
  const isSame =
    typeof asked === 'object' &&
    (reading.question === undefined ||
      (reading.question.type === asked.question?.type &&
        reading.question.name.toLowerCase() === asked.question.name.toLowerCase()));
  const theirs = reading.edns?.cookie?.subarray(0, clientCookieSize);
  const isOurs =
    cookie === undefined ||
    theirs === undefined ||
    Buffer.from(theirs).equals(cookie.subarray(0, clientCookieSize));
  return isSame && isOurs;
}
