// A (RFC 1035 §3.4.1) and AAAA (RFC 3596 §2.2): one address.

import { type Ip, formatIp, ipv6, parseIp } from '../../model/ip.ts';
import type { Rdata } from '../../model/message.ts';
import { type Field, joinFields, unsignedRdata } from './fields.ts';

export const a: readonly Field[] = [
  {
    name: 'address',
    wants: 'an IPv4 address',
    read: (word) => {
      const ip = parseIp(word);
      return ip?.family === 4 && !word.includes(':') ? addressRdata(ip) : undefined;
    },
  },
];

export const aaaa: readonly Field[] = [
  {
    name: 'address',
    wants: 'an IPv6 address',
    read: (word) => {
      const ip = parseIp(word);
      if (ip === undefined || !word.includes(':')) return undefined;
      // The model unwraps mapped addresses; a record holds what was written.
      return addressRdata(ip.family === 6 ? ip : ipv6(0, 0, 0xffff, ip.a));
    },
  },
];

/** Data of an A or AAAA record, by the family of the address. */
export function addressRdata(ip: Ip): Rdata {
  const words = ip.family === 4 ? [ip.a] : [ip.a, ip.b, ip.c, ip.d];
  return { ...joinFields(words.map((word) => unsignedRdata(word, 4))), text: formatIp(ip) };
}
