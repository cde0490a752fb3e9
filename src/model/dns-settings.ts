// What the operator wrote of the DNS server, checked.

import type { Prefix } from './ip.ts';
import type { TsigKey } from './secondary.ts';
import type { Millis } from './time.ts';

/** Bounds on answers to addresses that may be forged. */
export interface RateLimits {
  /** Answers of one kind to one address in a second; networks get a multiple. */
  readonly perSecond: number;
  /** Every so many limited answers one is sent truncated; 0 sends none. */
  readonly slip: number;
  /** Counts what would be limited, and limits nothing. */
  readonly isDryRun: boolean;
  readonly exempt: readonly Prefix[];
}

/** What the DNS server says of itself, and how it treats those who ask. */
export interface DnsSettings {
  /** The name server's identifier (RFC 5001); empty for none. */
  readonly nsid: string;
  /** Answers to `version.bind` and `id.server` (RFC 4892); undefined refuses the question. */
  readonly chaos: { readonly version: string | undefined; readonly id: string | undefined };
  /** Threads that answer; `auto` is one for each processor, and 0 answers in the main thread. */
  readonly workers: 'auto' | number;
  /** How long a connection may be idle. */
  readonly tcpIdle: Millis;
  /** Who must say in a PROXY header, in front of each datagram and connection, whom it comes from. */
  readonly proxies: readonly Prefix[];
  /** Answers over UDP that one network is sent at most; undefined sets no bound. */
  readonly rates: RateLimits | undefined;
  /** How many times as long as the query an answer over UDP may be for those without a cookie. */
  readonly amplification: number;
  /** Who is told by TXT of `_explain` below a steered name why it is sent where it is. */
  readonly explainTo: readonly Prefix[];
  readonly cookies: {
    /** 32 hexadecimal digits each (RFC 9018 §4.4): the first makes cookies, all are believed. */
    readonly secrets: readonly string[];
    /** Whoever takes cookies has to show one over UDP, and else gets BADCOOKIE (RFC 7873 §5.2.3). */
    readonly isRequired: boolean;
  };
  /** What secondaries sign with. */
  readonly keys: readonly TsigKey[];
}
