// How long a reply stays true, for those who keep it by HTTP's rules.

import { recordTypes } from '../model/message.ts';
import { headerSize, uint16At } from './octets.ts';

/**
 * Seconds: the smallest TTL of the answers, else of the SOA that says how long nothing is true (RFC
 * 8484 §5.1, RFC 2308 §5); 0 for a reply with neither. `reply` is one of ours.
 */
export function freshnessOf(reply: Uint8Array): number {
  let at = headerSize;
  for (let left = uint16At(reply, 4); left > 0; left--) at = endOfName(reply, at) + 4;
  const answers = uint16At(reply, 6);
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < answers + uint16At(reply, 8); i++) {
    const fixed = endOfName(reply, at);
    if (i < answers || uint16At(reply, fixed) === recordTypes.SOA) {
      const ttl = uint16At(reply, fixed + 4) * 0x10000 + uint16At(reply, fixed + 6);
      smallest = Math.min(smallest, ttl);
    }
    at = fixed + 10 + uint16At(reply, fixed + 8);
  }
  return Number.isFinite(smallest) ? smallest : 0;
}

function endOfName(reply: Uint8Array, start: number): number {
  let at = start;
  for (;;) {
    const length = reply[at] ?? 0;
    if (length === 0) return at + 1;
    if (length > 63) return at + 2;
    at += length + 1;
  }
}
