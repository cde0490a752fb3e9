// Answers and record sets for tests of the wire, written as an operator writes records.

import { type Answer, type RRset, recordTypes } from '../../src/model/message.ts';
import { type DomainName, parseName } from '../../src/model/name.ts';
import { seconds } from '../../src/model/time.ts';
import { parseRdata } from '../../src/wire/rdata.ts';

export function nameOf(text: string): DomainName {
  const name = parseName(text);
  if (name === undefined) throw new Error(`not a name: ${text}`);
  return name;
}

/** One set of records with names relative to the root: `rrset('a.test', 'A', 30, '192.0.2.1')`. */
export function rrset(
  owner: string,
  type: keyof typeof recordTypes,
  ttl: number,
  ...data: readonly string[]
): RRset {
  return {
    name: nameOf(owner),
    type: recordTypes[type],
    ttl: seconds(ttl),
    data: data.map((text) => {
      const rdata = parseRdata(recordTypes[type], text, nameOf('.'));
      if (typeof rdata === 'string') throw new Error(rdata);
      return rdata;
    }),
  };
}

/** An authoritative answer without records, unless `parts` says otherwise. */
export function answer(parts: Partial<Answer> = {}): Answer {
  return {
    rcode: 'NOERROR',
    isAuthoritative: true,
    answers: [],
    authority: [],
    additional: [],
    extendedError: undefined,
    ...parts,
  };
}

export const soaSet = rrset('example.test', 'SOA', 30, 'ns.example.test. hm.test. 1 2 3 4 5');

export const noSuchAnswer: Answer = answer({ rcode: 'NXDOMAIN', authority: [soaSet] });
