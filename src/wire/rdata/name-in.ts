// A name somewhere in a message, with its pointers followed.

import type { DomainName } from '../../model/name.ts';

/** RFC 1035 §2.3.4. */
const maxName = 255;

/**
 * The name that starts at `start`, its letters as they are, and where what follows it starts.
 * Undefined when it breaks a rule: a label beyond the message, a name of more than 255 octets, a
 * pointer that does not point before everything read so far (so that no chain goes round).
 */
export function nameIn(
  message: Uint8Array,
  start: number,
): { readonly name: DomainName; readonly end: number } | undefined {
  let wire = '';
  let at = start;
  let lowest = start;
  let end: number | undefined;
  for (;;) {
    const length = message[at];
    if (length === undefined || wire.length >= maxName) return undefined;
    if (length >= 0xc0) {
      const low = message[at + 1];
      const target = ((length & 0x3f) << 8) | (low ?? 0);
      if (low === undefined || target >= lowest) return undefined;
      end ??= at + 2;
      lowest = target;
      at = target;
    } else if (length > 63 || at + 1 + length > message.length) return undefined;
    else {
      wire += String.fromCharCode(...message.subarray(at, at + 1 + length));
      at += 1 + length;
      if (length > 0) continue;
      return wire.length > maxName ? undefined : { name: wire as DomainName, end: end ?? at };
    }
  }
}
