// Queries as a client writes them: one question, and an OPT record with what else it asks for.

import type { Prefix } from '../model/ip.ts';
import { type RecordType, recordTypes } from '../model/message.ts';
import type { DomainName } from '../model/name.ts';
import { largestUdp } from './edns.ts';
import { headerSize, putUint16 } from './octets.ts';
import { type Option, optionCodes, writeOption } from './options.ts';

export interface Asking {
  readonly id: number;
  readonly name: DomainName;
  readonly type: RecordType;
  readonly subnet: Prefix | undefined;
  /** A client cookie, with the server's behind it once that is known (RFC 7873 §4). */
  readonly cookie: Uint8Array | undefined;
  readonly wantsNsid: boolean;
  readonly wantsDnssec: boolean;
}

/** With RD set, so that resolvers can be asked too, and always with EDNS, without which no reason comes back. */
export function writeQuery(asking: Asking): Uint8Array {
  const { name, subnet, cookie } = asking;
  const options: Option[] = [];
  if (subnet !== undefined) options.push({ code: optionCodes.subnet, data: subnetData(subnet) });
  if (cookie !== undefined) options.push({ code: optionCodes.cookie, data: cookie });
  if (asking.wantsNsid) options.push({ code: optionCodes.nsid, data: new Uint8Array(0) });
  const written = Buffer.concat(options.map(writeOption));
  const optAt = headerSize + name.length + 4;
  const out = new Uint8Array(optAt + 11 + written.length);
  putUint16(out, 0, asking.id);
  putUint16(out, 2, 0x0100);
  putUint16(out, 4, 1);
  putUint16(out, 10, 1);
  out.set(Buffer.from(name, 'latin1'), headerSize);
  putUint16(out, optAt - 4, asking.type);
  putUint16(out, optAt - 2, 1);
  putUint16(out, optAt + 1, recordTypes.OPT);
  putUint16(out, optAt + 3, largestUdp);
  putUint16(out, optAt + 7, asking.wantsDnssec ? 0x8000 : 0);
  putUint16(out, optAt + 9, written.length);
  out.set(written, optAt + 11);
  return out;
}

/** RFC 7871 §6: family, source length, scope 0, and no more octets of the address than the length has. */
function subnetData({ ip, length }: Prefix): Uint8Array {
  const octets = [ip.a, ip.b, ip.c, ip.d].flatMap((word) =>
    [24, 16, 8, 0].map((shift) => (word >>> shift) & 255),
  );
  const address = octets.slice(0, Math.ceil(length / 8));
  return Uint8Array.of(0, ip.family === 4 ? 1 : 2, length, 0, ...address);
}
