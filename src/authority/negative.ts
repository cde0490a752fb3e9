// Negative answers: the SOA that says how long "no" is true (RFC 2308).

import type { Answer, ExtendedError, RRset } from '../model/message.ts';
import type { Zone } from '../model/settings.ts';
import { seconds } from '../model/time.ts';

/** The name is there, this type is not (RFC 2308 §2.2). */
export function noData(zone: Zone, extendedError?: ExtendedError): Answer {
  return { ...noSuchName(zone), rcode: 'NOERROR', extendedError };
}

/** The name is not there, nor anything below it (RFC 8020). */
export function noSuchName(zone: Zone): Answer {
  return {
    rcode: 'NXDOMAIN',
    isAuthoritative: true,
    answers: [],
    authority: [negativeSoa(zone)],
    additional: [],
    extendedError: undefined,
  };
}

/** RFC 2308 §3: the TTL is the smaller of the SOA's own and its MINIMUM field. */
function negativeSoa(zone: Zone): RRset {
  const wire = zone.soa.data[0]?.wire ?? new Uint8Array(4);
  const view = new DataView(wire.buffer, wire.byteOffset, wire.byteLength);
  const minimum = view.getUint32(wire.byteLength - 4);
  return { ...zone.soa, ttl: seconds(Math.min(zone.soa.ttl, minimum)) };
}
