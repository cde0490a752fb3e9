// CAA (RFC 8659 §4.1): which authority may issue certificates.

import { type Field, quote, readOctets, uint8 } from './fields.ts';

const tag: Field = {
  name: 'tag',
  wants: 'letters and digits',
  read: (word) => {
    if (!/^[a-z0-9]{1,255}$/i.test(word)) return undefined;
    const text = word.toLowerCase();
    return { wire: Uint8Array.of(text.length, ...new TextEncoder().encode(text)), text };
  },
};

/** It ends with the record and so has no length octet. */
const value: Field = {
  name: '"value"',
  wants: 'a string with its quotes and escapes closed',
  read: (word) => {
    const octets = readOctets(word);
    return octets === undefined ? undefined : { wire: octets, text: quote(octets) };
  },
};

export const caa: readonly Field[] = [uint8('flags'), tag, value];
