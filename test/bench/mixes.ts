// What servers are asked in the benchmark: prepared messages, the same for all.

import { join } from 'node:path';
import { ipv4, type Ip } from '../../src/model/ip.ts';
import { buildQuery, option, type QueryShape } from '../support/query.ts';
import { writeMessages } from './dnsperf.ts';

export const steeredName = 'www.example.test';

export const mixKeys = ['one', 'subnets', 'cookies', 'random', 'dnssec', 'tcp', 'doh'] as const;

export type MixKey = (typeof mixKeys)[number];

export interface Mix {
  readonly title: string;
  readonly transport: 'udp' | 'tcp' | 'doh';
  /** What every answer must be; over HTTPS dnsperf tells the code of HTTP. */
  readonly code: 'NOERROR' | 'NXDOMAIN';
}

export const mixes: Readonly<Record<MixKey, Mix>> = {
  one: { title: 'One name', transport: 'udp', code: 'NOERROR' },
  subnets: { title: '100,000 clients by ECS', transport: 'udp', code: 'NOERROR' },
  cookies: {
    title: '100,000 clients by ECS, with a good cookie each',
    transport: 'udp',
    code: 'NOERROR',
  },
  random: { title: 'Random names (NXDOMAIN)', transport: 'udp', code: 'NXDOMAIN' },
  dnssec: { title: 'DNSSEC-OK bit set', transport: 'udp', code: 'NOERROR' },
  tcp: { title: 'TCP, pipelined', transport: 'tcp', code: 'NOERROR' },
  doh: { title: 'DNS over HTTPS (HTTP/2)', transport: 'doh', code: 'NOERROR' },
};

/** A client's cookie, and the server's part where it gave one. */
export type Cookie = Uint8Array;

export const clientCookie: Cookie = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** The option that carries a cookie (RFC 7873 §4). */
export function cookieOption(cookie: Cookie): Uint8Array {
  return option(10, [...cookie]);
}

const subnetCount = 100_000;

/** So many /24 networks, spread over the unicast space. */
export function clientNetworks(count = subnetCount): Ip[] {
  return Array.from({ length: count }, (_, i) =>
    ipv4(0x01000000 + Math.floor((i / count) * 0xde0000) * 256),
  );
}

export function subnetQuery(network: Ip, cookie?: Cookie): QueryShape {
  const octets = [network.a >>> 24, (network.a >>> 16) & 255, (network.a >>> 8) & 255];
  return {
    name: steeredName,
    subnet: { family: 1, source: 24, address: octets },
    ...(cookie === undefined ? {} : { edns: { options: [cookieOption(cookie)] } }),
  };
}

/** A label that no zone has: letters of a number that a generator of 32 bits gives. */
export function randomQueries(count: number, seed: number): Uint8Array[] {
  const length = 12;
  const first = buildQuery({ name: `${'a'.repeat(length)}.example.test` });
  let state = seed >>> 0 || 1;
  return Array.from({ length: count }, () => {
    const query = Uint8Array.from(first);
    for (let at = 13; at < 13 + length; at++) {
      // Xorshift, as George Marsaglia gave it: quick, and good enough for names.
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      query[at] = 97 + ((state >>> 0) % 26);
    }
    return query;
  });
}

const randomCount = 200_000;

/** The files of a run, written when they are first wanted. */
export class Messages {
  readonly #folder: string;
  readonly #written = new Map<string, string>();
  #rounds = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Names are random anew in each round, so that no cache has seen them. */
  nextRound(): void {
    this.#rounds++;
    this.#written.delete('random');
  }

  of(key: MixKey, cookie: Cookie | undefined): string {
    const name = key === 'cookies' ? `cookies-${Buffer.from(cookie ?? []).toString('hex')}` : key;
    const known = this.#written.get(name);
    if (known !== undefined) return known;
    const path = join(this.#folder, `${name}.messages`);
    writeMessages(path, this.#messagesOf(key, cookie));
    this.#written.set(name, path);
    return path;
  }

  #messagesOf(key: MixKey, cookie: Cookie | undefined): Uint8Array[] {
    const bySubnet = (own?: Cookie): Uint8Array[] =>
      clientNetworks().map((network) => buildQuery(subnetQuery(network, own)));
    if (key === 'subnets') return bySubnet();
    if (key === 'cookies') return bySubnet(cookie);
    if (key === 'random') return randomQueries(randomCount, 0x9e3779b9 * (this.#rounds + 1));
    if (key === 'dnssec') return [buildQuery({ name: steeredName, edns: { wantsDnssec: true } })];
    return [buildQuery({ name: steeredName })];
  }
}
