// Record data from presentation form (RFC 1035 §5.1): one table, one line for each type.

import { type Rdata, type RecordType, recordTypes } from '../model/message.ts';
import type { DomainName } from '../model/name.ts';
import { a, aaaa } from './rdata/address.ts';
import { caa } from './rdata/caa.ts';
import { type Field, joinFields, splitWords } from './rdata/fields.ts';
import { mx } from './rdata/mx.ts';
import { name } from './rdata/name.ts';
import { soa } from './rdata/soa.ts';
import { srv } from './rdata/srv.ts';
import { txt } from './rdata/txt.ts';

const fieldsOf: ReadonlyMap<RecordType, readonly Field[]> = new Map([
  [recordTypes.A, a],
  [recordTypes.AAAA, aaaa],
  [recordTypes.CAA, caa],
  [recordTypes.CNAME, name],
  [recordTypes.MX, mx],
  [recordTypes.NS, name],
  [recordTypes.PTR, name],
  [recordTypes.SOA, soa],
  [recordTypes.SRV, srv],
  [recordTypes.TXT, txt],
]);

/** A record's length field has 16 bits (RFC 1035 §3.2.1). */
const longestData = 0xffff;

/**
 * Reads the data of one record; names without a final dot are below `origin`. The result's text is
 * canonical, with final dots. A string says what is wrong: what is wanted and what was found.
 */
export function parseRdata(type: RecordType, text: string, origin: DomainName): Rdata | string {
  const fields = fieldsOf.get(type);
  if (fields === undefined) return 'records of this type cannot be written here';
  const words = splitWords(text);
  const last = fields.at(-1);
  const isTooLong = words.length > fields.length && last?.repeats === undefined;
  if (words.length < fields.length || isTooLong) return complain(fields, text);
  const parts: Rdata[] = [];
  for (const [i, word] of words.entries()) {
    const field = (fields[i] ?? last) as Field;
    const part = field.read(word, origin);
    if (part === undefined) return `${complain(fields, text)}: ${field.name} is not ${field.wants}`;
    parts.push(part);
  }
  const rdata = joinFields(parts);
  const size = rdata.wire.length;
  return size > longestData ? `want at most ${longestData} octets of data, got ${size}` : rdata;
}

function complain(fields: readonly Field[], text: string): string {
  const names = fields.map((field) => field.name + (field.repeats === undefined ? '' : ' …'));
  return `want "${names.join(' ')}", got "${text}"`;
}
