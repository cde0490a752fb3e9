// Keys for DNS cookies: the configured ones, else keys that the fleet's secrets lead to, else one of this start.

import { createHmac, randomBytes } from 'node:crypto';
import type { Settings } from '../model/settings.ts';
import { type SipKey, sipKey } from '../wire/siphash.ts';

/** RFC 9018 §4.4 wants 128 bits. */
const keySize = 16;

/** A key that nobody else has. */
export function newKey(): Uint8Array {
  return randomBytes(keySize);
}

/** The keys of the settings that are in force, worked out once for each; `own` for want of any. */
export function keepKeys(own = newKey()): (settings: Settings) => readonly SipKey[] {
  const ownKey = sipKey(own);
  let last: { settings: Settings; keys: readonly SipKey[] } | undefined;
  return (settings) => {
    if (last?.settings !== settings) last = { settings, keys: keysOf(settings, ownKey) };
    return last.keys;
  };
}

/**
 * A resolver may ask any director of a zone under one anycast address, so all of a fleet must
 * believe the same cookies (RFC 7873 §7.1); with the fleet's secrets they also rotate together.
 */
function keysOf({ dns, gossip }: Settings, own: SipKey): readonly SipKey[] {
  if (dns.cookies.secrets.length > 0) {
    return dns.cookies.secrets.map((hex) => sipKey(Buffer.from(hex, 'hex')));
  }
  const derived = gossip.secrets.map((secret) =>
    sipKey(createHmac('sha256', secret).update('meridian dns cookies').digest()),
  );
  return derived.length === 0 ? [own] : derived;
}
