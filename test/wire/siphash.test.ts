// SipHash-2-4, against the vectors that its authors published.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sipHash, sipKey } from '../../src/wire/siphash.ts';
import { toHex } from '../support/hex.ts';

const key = sipKey(Uint8Array.from({ length: 16 }, (_, i) => i));

function hashOf(length: number): string {
  const out = new Uint8Array(8);
  sipHash(
    key,
    // What lies behind the message must not count.
    Uint8Array.from({ length: length + 9 }, (_, i) => i),
    length,
    out,
    0,
  );
  return toHex(out);
}

// From vectors.h of the reference implementation; 15 octets are the example of the paper's appendix A.
for (const [length, expected] of [
  [0, '310e0edd47db6f72'],
  [1, 'fd67dc93c539f874'],
  [7, '37d1018bf50002ab'],
  [8, '6224939a79f5f593'],
  [15, 'e545be4961ca29a1'],
  [63, '724506eb4c328a95'],
] as const) {
  test(`of ${length} octets`, () => assert.equal(hashOf(length), expected));
}
