// biome-ignore-all format: a case is one line.
// RFC 1035 and RFC 4343: messages, names and their limits.

import { buildQuery, message, nameOctets, question } from '../support/query.ts';
import type { Case } from './case.ts';
import { conform } from './suite.ts';

/** A name of 255 octets, and what is left of it below the zone. */
const longest = `${'d'.repeat(50)}.${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.names.test`;
const label63 = 'l'.repeat(63);
const good = buildQuery({ name: 'host.plain.test' });

/** A query for a good name with other octets in place of its question. */
const asking = (...octets: number[]): Uint8Array => message({ counts: [1, 0, 0, 0], parts: [octets] });

const opcodes: readonly Case[] = [1, 2, 3, 5, 6, 15].map((opcode) => [
  '§4.1.1',
  `opcode ${opcode} is not implemented`,
  `host.plain.test A +opcode=${opcode}`,
  'NOTIMP',
  'no answer',
]);

conform('RFC 1035', [
  ...opcodes,
  ['§2.3.4', 'a name of 255 octets is answered', `${longest} A`, 'NOERROR aa', `answer ${longest}. 3600 A 192.0.2.1`],
  ['§2.3.4', 'over 255 octets it is no name', asking(...nameOctets(`d${longest}`), 0, 1, 0, 1), 'FORMERR'],
  ['§2.3.4', 'a label of 63 octets is answered', `${label63}.names.test A`, 'NOERROR aa', `answer ${label63}.names.test. 3600 A 192.0.2.2`],
  ['§2.3.4', 'a longest name that is not there is said to be so', `e${longest.slice(1)} A`, 'NXDOMAIN aa', 'authority names.test. 30 SOA …'],
  ['§3.2.3', 'type ANY in class ANY is a question like others', 'host.plain.test A ANY', 'NOERROR aa', 'answer host.plain.test. 600 A 192.0.2.1', 'answer host.plain.test. 600 A 192.0.2.2'],
  ['§3.2.4', 'another class is not ours', 'host.plain.test A HS', 'REFUSED', 'no answer'],
  ['§3.2.4', 'CHAOS has none of our zones', 'host.plain.test A CH', 'REFUSED', 'no answer'],
  ['§3.3.14', 'a text of more than 255 octets goes out as several strings', 'long.plain.test TXT +tcp', 'NOERROR aa', `answer long.plain.test. 600 TXT "${'y'.repeat(255)}" "${'y'.repeat(255)}" "${'y'.repeat(90)}"`],
  ['§3.3.14', 'strings may be empty and hold any octet', 'strings.types.test TXT', 'NOERROR aa', 'answer strings.types.test. 3600 TXT …', 'octets 036f6e65000674687222656503c3a400'],
  ['§4.1.1', 'bits that mean nothing in a query change nothing', 'host.plain.test A +aaflag', 'NOERROR aa'],
  ['§4.1.1', 'nor does TC', 'host.plain.test A +tcflag', 'NOERROR aa'],
  ['§4.1.1', 'nor RA', 'host.plain.test A +raflag', 'NOERROR aa'],
  ['§4.1.1', 'nor Z, which is clear in the reply', 'host.plain.test A +zflag', 'NOERROR aa'],
  ['§4.1.1', 'nor an RCODE', Uint8Array.from(good, (octet, i) => (i === 3 ? 15 : octet)), 'NOERROR aa'],
  ['§4.1.1', 'a response gets no reply', Uint8Array.from(good, (octet, i) => (i === 2 ? 0x80 : octet)), 'silence'],
  ['§4.1.1', 'nor does what is shorter than a header', good.subarray(0, 11), 'silence'],
  ['§4.1.1', 'a header alone is a format error', message({ counts: [0, 0, 0, 0], parts: [] }), 'FORMERR', 'no opt'],
  ['§4.1.1', 'two questions are a format error', message({ counts: [2, 0, 0, 0], parts: [question(), question()] }), 'FORMERR'],
  ['§4.1.1', 'a question that is counted and missing is a format error', message({ counts: [1, 0, 0, 0], parts: [] }), 'FORMERR'],
  ['§4.1.1', 'an answer in a query is a format error', message({ counts: [1, 1, 0, 0], parts: [question(), [0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]] }), 'FORMERR'],
  ['§4.1.1', 'so is an authority section', message({ counts: [1, 0, 1, 0], parts: [question(), [0, 0, 6, 0, 1, 0, 0, 0, 0, 0, 0]] }), 'FORMERR'],
  ['§4.1.2', 'octets behind the question are a format error', Uint8Array.from([...good, 0]), 'FORMERR'],
  ['§4.1.2', 'a question that is cut is a format error', good.subarray(0, good.length - 1), 'FORMERR'],
  ['§4.1.2', 'a label that is cut is a format error', good.subarray(0, 15), 'FORMERR'],
  ['§4.1.4', 'a pointer in a question is a format error', asking(0xc0, 12, 0, 1, 0, 1), 'FORMERR'],
  ['§4.1.4', 'also behind a label', asking(3, 0x77, 0x77, 0x77, 0xc0, 12, 0, 1, 0, 1), 'FORMERR'],
  ['§4.1.4', 'also into the header', asking(0xc0, 0, 0, 1, 0, 1), 'FORMERR'],
  ['§4.1.4', 'also beyond the end', asking(0xff, 0xff, 0, 1, 0, 1), 'FORMERR'],
  ['§4.1.4', 'labels of the forms 01 and 10 are a format error', asking(0x41, 0, 0, 0, 1, 0, 1), 'FORMERR'],
  ['§4.1.4', 'as is the other of the two', asking(0x81, 0, 0, 0, 1, 0, 1), 'FORMERR'],
  ['§4.2.1', 'no more than 512 octets come over UDP without EDNS', 'big.plain.test TXT +ignore', 'NOERROR aa tc', 'no answer'],
  ['§4.2.2', 'over TCP all of it comes', 'big.plain.test TXT +tcp', 'NOERROR aa', ...Array.from({ length: 8 }, (_, i) => `answer big.plain.test. 600 TXT "0${i}${'z'.repeat(198)}"`)],
  ['§8', 'a dot in a mailbox is part of its label', 'plain.test SOA', 'NOERROR aa', 'answer plain.test. 600 SOA …', 'octets 0b686f73742e6d6173746572'],
  ['§3.1', 'the root is a name, though not ours', '. A', 'REFUSED', 'no answer'],
  ['§3.1', 'what is above our zones is not ours', 'test A', 'REFUSED', 'no answer'],
  ['§3.1', 'a name that only ends like ours is not ours', 'xplain.test A', 'REFUSED', 'no answer'],
]);

conform('RFC 4343', [
  ['§3', 'letters are compared without their case', 'HOST.PLAIN.TEST AAAA', 'NOERROR aa', 'answer HOST.PLAIN.TEST. 600 AAAA 2001:db8::1'],
  ['§4.1', 'the question keeps the case it came in', 'hOsT.pLaIn.TeSt AAAA', 'NOERROR aa', 'answer hOsT.pLaIn.TeSt. 600 AAAA 2001:db8::1'],
  ['§3', 'what was written in mixed case is found', 'mixed.plain.test A', 'NOERROR aa', 'answer mixed.plain.test. 600 A 192.0.2.3'],
  ['§3', 'a steered name too', 'WwW.StEeR.tEsT A', 'NOERROR aa', 'answer WwW.StEeR.tEsT. 60 A 198.51.100.1'],
  ['§3', 'a wildcard too', 'HOST3.WILD.TEST TXT', 'NOERROR aa', 'answer HOST3.WILD.TEST. 3600 TXT "this is a wildcard"'],
  ['§3', 'only letters of ASCII have case', String.raw`\195\132.names.test A`, 'NOERROR aa', String.raw`answer \195\132.names.test. 3600 A 192.0.2.5`],
  ['§3', 'so this is another name', String.raw`\195\164.names.test A`, 'NXDOMAIN aa'],
  ['§3', 'octets 64 and 96 are no letters', String.raw`\064ost.plain.test A`, 'NXDOMAIN aa'],
  ['§3', 'nor do 91 and 123 match', String.raw`host\091.plain.test A`, 'NXDOMAIN aa'],
  ['§4.1', 'no name is lost for its case', 'NOBODY.plain.TEST A', 'NXDOMAIN aa'],
]);
