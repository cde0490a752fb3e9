// SOA (RFC 1035 §3.3.13): who keeps a zone, and how long its copies and its silences last.

import type { Rdata } from '../../model/message.ts';
import type { DomainName } from '../../model/name.ts';
import { domainName, joinFields, nameRdata, uint32, unsignedRdata } from './fields.ts';
import { ofFields } from './form.ts';

export const soa = ofFields(
  domainName('mname'),
  domainName('rname'),
  uint32('serial'),
  uint32('refresh'),
  uint32('retry'),
  uint32('expire'),
  uint32('minimum'),
);

/** Times are whole seconds; every number is taken modulo 2^32. */
export interface Soa {
  /** The primary name server. */
  readonly mname: DomainName;
  /** The mailbox of whoever is responsible, its `@` written as a dot. */
  readonly rname: DomainName;
  readonly serial: number;
  readonly refresh: number;
  readonly retry: number;
  readonly expire: number;
  /** TTL of negative answers (RFC 2308 §4). */
  readonly minimum: number;
}

export function soaRdata(values: Soa): Rdata {
  const { mname, rname, serial, refresh, retry, expire, minimum } = values;
  return joinFields([
    nameRdata(mname),
    nameRdata(rname),
    ...[serial, refresh, retry, expire, minimum].map((value) => unsignedRdata(value >>> 0, 4)),
  ]);
}
