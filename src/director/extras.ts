// Extras: what a reply's OPT record says beside the answer, to those who asked for it.

import type { EdnsAsks, Peer } from '../model/message.ts';
import type { DnsSettings } from '../model/dns-settings.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import { cookieSize, judgeCookie, writeCookie } from '../wire/cookie.ts';
import { optionsFor } from '../wire/options.ts';
import type { SipKey } from '../wire/siphash.ts';
import type { Counters } from './counters.ts';

export interface Extras {
  /** Whole options, ready to copy. */
  readonly octets: Uint8Array;
  /** `valid`: the asker was reached at its address lately; `new`: it takes cookies, but holds none of ours. */
  readonly cookie: 'none' | 'new' | 'valid';
}

/** Undefined for the many who ask for nothing more than an answer. */
export function extrasOf(
  asks: EdnsAsks | undefined,
  peer: Peer,
  settings: Settings,
  now: Millis,
  { cookieKeys, counters }: ExtrasOptions,
): Extras | undefined {
  if (asks === undefined) return undefined;
  const extras = extrasFor(asks, peer, settings.dns, cookieKeys?.(settings) ?? [], now);
  if (extras.cookie !== 'none') counters.withCookie++;
  if (extras.cookie === 'valid') counters.withGoodCookie++;
  return extras;
}

export interface ExtrasOptions {
  readonly counters: Counters;
  /** The first makes cookies, all are believed (RFC 9018 §4.4); undefined knows no cookies. */
  readonly cookieKeys?: ((settings: Settings) => readonly SipKey[]) | undefined;
}

/** The first key makes cookies and every key is believed; without a key there are no cookies. */
function extrasFor(
  asks: EdnsAsks,
  peer: Peer,
  { nsid, tcpIdle }: DnsSettings,
  keys: readonly SipKey[],
  now: Millis,
): Extras {
  const key = keys[0];
  const asked = key === undefined ? undefined : asks.cookie;
  const time = Math.floor(now / 1000) >>> 0;
  const worth = asked && judgeCookie(asked, peer.address, time, keys);
  let cookie = asked;
  if (asked !== undefined && key !== undefined && worth !== 'fresh') {
    cookie = new Uint8Array(cookieSize);
    writeCookie(cookie, 0, asked, peer.address, time, key);
  }
  const octets = optionsFor({
    cookie,
    nsid: asks.nsid && nsid !== '' ? new TextEncoder().encode(nsid) : undefined,
    // RFC 7828 §3.3.2: over UDP the option means nothing; over HTTP the connection is not ours to keep.
    keepalive:
      asks.keepalive && (peer.transport === 'tcp' || peer.transport === 'tls')
        ? Math.min(0xffff, Math.floor(tcpIdle / 100))
        : undefined,
  });
  return { octets, cookie: worth === undefined ? 'none' : worth === 'worthless' ? 'new' : 'valid' };
}
