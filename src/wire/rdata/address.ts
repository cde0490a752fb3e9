// A (RFC 1035 §3.4.1) and AAAA (RFC 3596 §2.2): one address.

import { type Ip, formatIp, ipv4, ipv6, parseIp } from '../../model/ip.ts';
import type { Rdata } from '../../model/message.ts';
import { type Field, joinFields, type Octets, type Shown, unsignedRdata } from './fields.ts';
import { ofFields } from './form.ts';

const v4: Field = {
  name: 'address',
  wants: 'an IPv4 address',
  read: (word) => {
    const ip = parseIp(word);
    return ip?.family === 4 && !word.includes(':') ? addressRdata(ip) : undefined;
  },
  show: (octets) => showAddress(octets, 4),
};

const v6: Field = {
  name: 'address',
  wants: 'an IPv6 address',
  read: (word) => {
    const ip = parseIp(word);
    if (ip === undefined || !word.includes(':')) return undefined;
    // The model unwraps mapped addresses; a record holds what was written.
    return addressRdata(ip.family === 6 ? ip : ipv6(0, 0, 0xffff, ip.a));
  },
  show: (octets) => showAddress(octets, 6),
};

export const a = ofFields(v4);
export const aaaa = ofFields(v6);

/** Data of an A or AAAA record, by the family of the address. */
export function addressRdata(ip: Ip): Rdata {
  const words = ip.family === 4 ? [ip.a] : [ip.a, ip.b, ip.c, ip.d];
  return { ...joinFields(words.map((word) => unsignedRdata(word, 4))), text: formatIp(ip) };
}

function showAddress({ message, at, end }: Octets, family: 4 | 6): Shown | undefined {
  const size = family === 4 ? 4 : 16;
  if (at + size > end) return undefined;
  const view = new DataView(message.buffer, message.byteOffset + at, size);
  const ip =
    family === 4
      ? ipv4(view.getUint32(0))
      : ipv6(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12));
  return { text: formatIp(ip), end: at + size };
}
