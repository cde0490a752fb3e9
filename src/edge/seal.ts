// The seal: HMAC-SHA256 with the fleet's secrets (RFC 2104, RFC 6234).

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Seal } from '../ports.ts';

/**
 * Signs with the first secret and accepts any of them, so that a fleet can change its secret one
 * director at a time. Without a secret the key is empty: enough for a board inside this process.
 */
export function createSeal(secrets: readonly string[]): Seal {
  const keys = secrets.length === 0 ? [''] : secrets;
  return {
    sign: (payload) => macOf(keys[0] ?? '', payload).toString('base64url'),
    verify: (payload, mac) => {
      const claimed = Buffer.from(mac, 'base64url');
      // Decoding forgives stray characters; only the one spelling that `sign` writes is accepted.
      if (claimed.length !== 32 || claimed.toString('base64url') !== mac) return false;
      return keys.some((key) => timingSafeEqual(claimed, macOf(key, payload)));
    },
  };
}

function macOf(key: string, payload: string): Buffer {
  return createHmac('sha256', key).update(payload, 'utf8').digest();
}
