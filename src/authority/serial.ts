// Serial numbers of zones (RFC 1982): read, compared, and moved on.

import type { Zone } from '../model/settings.ts';

/** Octets behind the serial in an SOA: refresh, retry, expire, minimum. */
const behind = 16;

export function serialOf({ soa }: Pick<Zone, 'soa'>): number {
  const wire = soa.data[0]?.wire ?? new Uint8Array(behind + 4);
  const view = new DataView(wire.buffer, wire.byteOffset, wire.byteLength);
  return view.getUint32(wire.byteLength - behind - 4);
}

export function withSerial(zone: Zone, serial: number): Zone {
  const data = zone.soa.data.map(({ wire, text }) => {
    const octets = wire.slice();
    new DataView(octets.buffer).setUint32(octets.length - behind - 4, serial);
    const words = text.split(' ').with(2, String(serial));
    return { wire: octets, text: words.join(' ') };
  });
  return { ...zone, soa: { ...zone.soa, data } };
}

/** RFC 1982 §3.2: true when `x` comes after `y`; of two that are half the circle apart neither does. */
export function isLater(x: number, y: number): boolean {
  const ahead = (x - y) >>> 0;
  return ahead > 0 && ahead < 0x8000_0000;
}

/** `wanted` where that comes after `last`, else the number after that (RFC 1982 §3.1). */
export function serialAfter(last: number, wanted: number): number {
  return isLater(wanted, last) ? wanted : (last + 1) >>> 0;
}
