// Queries that come in an envelope: what they ask, since which serial, and who signed them.

import type { Query } from '../../model/message.ts';
import type { TsigKey } from '../../model/secondary.ts';
import type { Hmac } from '../../ports.ts';
import { decodeQuery, type Malformed } from '../../wire/decode.ts';
import { openEnvelope } from '../../wire/envelope.ts';
import { type Judged, judgeQuery } from './signatures.ts';

export interface Opened {
  readonly query: Query;
  /** The octets that the query was decoded from. */
  readonly bytes: Uint8Array;
  readonly serial: number | undefined;
  /** Undefined for what is not signed. */
  readonly judged: Judged | undefined;
}

/** Looks into what the decoder refused as it came; where nothing is in it, that stands. */
export function openQuery(
  malformed: Malformed,
  bytes: Uint8Array,
  keys: readonly TsigKey[],
  hmac: Hmac | undefined,
): Opened | Malformed {
  if (malformed.kind === 'silent' || malformed.rcode !== 'FORMERR') return malformed;
  const envelope = openEnvelope(bytes);
  if (envelope === undefined) return malformed;
  const { bare, serial, signature } = envelope;
  const query = decodeQuery(bare);
  if ('kind' in query) return query;
  if (signature === undefined) return { query, bytes: bare, serial, judged: undefined };
  const judged = hmac && judgeQuery(signature, keys, hmac);
  return judged === undefined ? malformed : { query, bytes: bare, serial, judged };
}
