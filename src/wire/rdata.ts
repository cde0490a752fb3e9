// Record data in presentation form (RFC 1035 §5.1), read and shown: one table, one line for each type.

import { type Rdata, type RecordType, recordTypes } from '../model/message.ts';
import type { DomainName } from '../model/name.ts';
import { a, aaaa } from './rdata/address.ts';
import { caa } from './rdata/caa.ts';
import { ds, sshfp, tlsa } from './rdata/digest.ts';
import type { Form } from './rdata/form.ts';
import { generic, genericMark } from './rdata/generic.ts';
import { hinfo } from './rdata/hinfo.ts';
import { loc } from './rdata/loc.ts';
import { mx } from './rdata/mx.ts';
import { name } from './rdata/name.ts';
import { naptr } from './rdata/naptr.ts';
import { soa } from './rdata/soa.ts';
import { srv } from './rdata/srv.ts';
import { splitWords } from './rdata/strings.ts';
import { svcb } from './rdata/svcb.ts';
import { txt } from './rdata/txt.ts';
import { uri } from './rdata/uri.ts';

const forms: ReadonlyMap<RecordType, Form> = new Map([
  [recordTypes.A, a],
  [recordTypes.AAAA, aaaa],
  [recordTypes.CAA, caa],
  [recordTypes.CNAME, name],
  [recordTypes.DNAME, name],
  [recordTypes.DS, ds],
  [recordTypes.HINFO, hinfo],
  [recordTypes.HTTPS, svcb],
  [recordTypes.LOC, loc],
  [recordTypes.MX, mx],
  [recordTypes.NAPTR, naptr],
  [recordTypes.NS, name],
  [recordTypes.PTR, name],
  [recordTypes.SOA, soa],
  [recordTypes.SRV, srv],
  [recordTypes.SSHFP, sshfp],
  [recordTypes.SVCB, svcb],
  [recordTypes.TLSA, tlsa],
  [recordTypes.TXT, txt],
  [recordTypes.URI, uri],
]);

/** A record's length field has 16 bits (RFC 1035 §3.2.1). */
const longestData = 0xffff;

/**
 * Reads the data of one record, of any type also as `\# length hexadecimal` (RFC 3597 §5); names
 * without a final dot are below `origin`. The result's text is canonical, with final dots. A string
 * says what is wrong: what is wanted and what was found.
 */
export function parseRdata(type: RecordType, text: string, origin: DomainName): Rdata | string {
  return readRdata(type, splitWords(text), origin);
}

/** The same from words that are already split. */
export function readRdata(
  type: RecordType,
  words: readonly string[],
  origin: DomainName,
): Rdata | string {
  const form = forms.get(type);
  const isGeneric = words[0] === genericMark;
  if (form === undefined && !isGeneric) {
    return 'data of this type is written as octets: \\# length hexadecimal';
  }
  const rdata = (isGeneric ? generic : (form as Form)).read(words, origin);
  if (typeof rdata === 'string') return rdata;
  const size = rdata.wire.length;
  if (size > longestData) return `want at most ${longestData} octets of data, got ${size}`;
  return isGeneric && form !== undefined ? inOwnForm(form, rdata.wire, origin) : rdata;
}

/** RFC 3597 §5: data of a known type means the same as octets, and must be such data. */
function inOwnForm(form: Form, wire: Uint8Array, origin: DomainName): Rdata | string {
  const text = form.show({ message: wire, at: 0, end: wire.length });
  const rdata = text === undefined ? undefined : form.read(splitWords(text), origin);
  const isSame = typeof rdata === 'object' && rdata.wire.length === wire.length;
  return isSame ? rdata : 'these octets are no data of this type';
}

/**
 * Data that lies in a message from `start` to `end`, as text: in its type's own form, else as octets.
 * Names in it may point anywhere before them in the message.
 */
export function formatRdata(
  type: RecordType,
  message: Uint8Array,
  start: number,
  end: number,
): string {
  const octets = { message, at: start, end };
  return forms.get(type)?.show(octets) ?? (generic.show(octets) as string);
}
