// Types that end in a digest or a key, in hexadecimal: DS (RFC 4034 §5), SSHFP (RFC 4255 §3), TLSA (RFC 6698 §2).

import { hexadecimal, uint16, uint8 } from './fields.ts';
import { type Form, ofFields } from './form.ts';

/** Octets of a digest by the number of its algorithm; what is not listed may have any length. */
type Sizes = Readonly<Record<number, number>>;

/** IANA: SHA-1, SHA-256, GOST R 34.11-94, SHA-384. */
const dsSizes: Sizes = { 1: 20, 2: 32, 3: 32, 4: 48 };
/** RFC 4255 §3.1.2 and RFC 6594 §2: SHA-1, SHA-256. */
const sshfpSizes: Sizes = { 1: 20, 2: 32 };
/** RFC 6698 §2.1.3: 0 is the data itself, then SHA-256 and SHA-512. */
const tlsaSizes: Sizes = { 1: 32, 2: 64 };

export const ds = sized(
  ofFields(uint16('key-tag'), uint8('algorithm'), uint8('digest-type'), hexadecimal('digest')),
  { kindAt: 3, digestAt: 4, sizes: dsSizes },
);

export const sshfp = sized(
  ofFields(uint8('algorithm'), uint8('type'), hexadecimal('fingerprint')),
  { kindAt: 1, digestAt: 2, sizes: sshfpSizes },
);

export const tlsa = sized(
  ofFields(uint8('usage'), uint8('selector'), uint8('matching-type'), hexadecimal('data')),
  { kindAt: 2, digestAt: 3, sizes: tlsaSizes },
);

/** Refuses a digest of the wrong length, which nobody could ever match. */
function sized(
  form: Form,
  { kindAt, digestAt, sizes }: { kindAt: number; digestAt: number; sizes: Sizes },
): Form {
  const faultIn = (wire: Uint8Array): string | undefined => {
    const kind = wire[kindAt] ?? 0;
    const wanted = sizes[kind];
    const size = wire.length - digestAt;
    if (wanted === undefined || wanted === size) return undefined;
    return `a digest of type ${kind} has ${wanted} octets, this one ${size}`;
  };
  return {
    read: (words, origin) => {
      const rdata = form.read(words, origin);
      return typeof rdata === 'string' ? rdata : (faultIn(rdata.wire) ?? rdata);
    },
    show: (octets) => {
      const { message, at, end } = octets;
      return faultIn(message.subarray(at, end)) === undefined ? form.show(octets) : undefined;
    },
  };
}
