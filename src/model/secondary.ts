// Secondaries: name servers of other makes that hold a copy of a zone, and the keys they sign with.

import type { Ip } from './ip.ts';
import type { DomainName } from './name.ts';

/** A name server of another make that may transfer a zone, and is told when it changes. */
export interface Secondary {
  readonly address: Ip;
  /** Where it takes notices. */
  readonly port: number;
  /** The name of the key that it signs with; undefined believes its address. */
  readonly key: DomainName | undefined;
}

/** A key that messages are signed with (RFC 8945), by HMAC-SHA256. */
export interface TsigKey {
  readonly name: DomainName;
  readonly secret: Uint8Array;
}
