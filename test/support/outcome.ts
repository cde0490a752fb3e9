// What the decoder makes of a datagram, in one line that a test can name.

import type { Query } from '../../src/model/message.ts';
import { decodeQuery } from '../../src/wire/decode.ts';

/** `query`, `silent short`, or an error and what its reply repeats: `FORMERR, question, opt`. */
export function outcome(bytes: Uint8Array): string {
  const result = decodeQuery(bytes);
  if (!('kind' in result)) return 'query';
  if (result.kind === 'silent') return `silent ${result.reason}`;
  const question = result.questionEnd > 12 ? ', question' : '';
  return `${result.rcode}${question}${result.edns === undefined ? '' : ', opt'}`;
}

/** The query that a datagram holds; throws when the decoder refuses it. */
export function decoded(bytes: Uint8Array): Query {
  const result = decodeQuery(bytes);
  if ('kind' in result) throw new Error(`not a query: ${outcome(bytes)}`);
  return result;
}
