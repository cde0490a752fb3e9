// HMAC-SHA256 for TSIG (RFC 8945 §6), made over pieces and compared in constant time.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Hmac } from '../ports.ts';

export const hmac: Hmac = {
  sign: macOf,
  verify: (secret, parts, claimed) =>
    claimed.length > 0 &&
    claimed.length <= 32 &&
    timingSafeEqual(macOf(secret, parts).subarray(0, claimed.length), claimed),
  unixSeconds: () => Math.floor(Date.now() / 1000),
};

function macOf(secret: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', secret);
  for (const part of parts) mac.update(part);
  return mac.digest();
}
