// The PROXY protocol, version 2: what a proxy writes in front of a datagram or a stream to say who asks.

import { type Ip, ipv4, ipv6, unwrapMapped } from '../model/ip.ts';
import { uint16At } from './octets.ts';

export interface ProxyHeader {
  /** Octets of the whole header; what it was written for starts right behind. */
  readonly size: number;
  /** Undefined where the proxy speaks for itself, or knows no address: then it is the proxy that asks. */
  readonly client: { readonly address: Ip; readonly port: number } | undefined;
}

const signature = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10);

/** Octets before the addresses: signature, version and command, family and protocol, length. */
const fixedSize = 16;

/** Addresses take 36 octets at most; the rest are the proxy's own notes (TLVs), which few write at all. */
const longestHeader = 1024;

const commandLocal = 0;
const commandProxy = 1;
const familyIpv4 = 1;
const familyIpv6 = 2;

/**
 * Reads the header that `bytes` starts with. `short` when so few octets may become one; `faulty` when
 * they cannot: another signature or version, an unknown command, family or protocol (which a receiver
 * must not accept, section 2.2 of the protocol), addresses that do not fit, more than 1024 octets.
 * The protocol named need not be the one it came over: a proxy may take a query by TLS and ask by UDP.
 */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader | 'short' | 'faulty' {
  const known = Math.min(bytes.length, signature.length);
  for (let at = 0; at < known; at++) if (bytes[at] !== signature[at]) return 'faulty';
  if (bytes.length < fixedSize) return 'short';
  const command = bytes[12] as number;
  const family = (bytes[13] as number) >>> 4;
  const protocol = (bytes[13] as number) & 15;
  const size = fixedSize + uint16At(bytes, 14);
  if (command >>> 4 !== 2 || (command & 15) > commandProxy) return 'faulty';
  if (family > 3 || protocol > 2 || size > longestHeader) return 'faulty';
  if (size < endOfAddresses(family, command & 15)) return 'faulty';
  if (bytes.length < size) return 'short';
  return { size, client: (command & 15) === commandLocal ? undefined : clientAt(bytes, family) };
}

/** A proxy that speaks for itself need not say where from (section 2.2: its addresses are ignored). */
function endOfAddresses(family: number, command: number): number {
  if (command === commandLocal) return fixedSize;
  if (family === familyIpv4) return fixedSize + 12;
  return family === familyIpv6 ? fixedSize + 36 : fixedSize;
}

/** Source address, destination address, source port, destination port; other families hold no client of ours. */
function clientAt(bytes: Uint8Array, family: number): ProxyHeader['client'] {
  if (family === familyIpv4) {
    const port = uint16At(bytes, fixedSize + 8);
    return { address: ipv4(wordAt(bytes, fixedSize)), port };
  }
  if (family !== familyIpv6) return undefined;
  const [a, b, c, d] = [0, 4, 8, 12].map((at) => wordAt(bytes, fixedSize + at));
  const address = unwrapMapped(ipv6(a ?? 0, b ?? 0, c ?? 0, d ?? 0));
  return { address, port: uint16At(bytes, fixedSize + 32) };
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (uint16At(bytes, at) << 16) | uint16At(bytes, at + 2);
}
