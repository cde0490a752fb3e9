// biome-ignore-all format: a case is one line.
// RFC 4592: wildcards, asked about the example zone of its section 2.2.1.

import { conform } from './suite.ts';

const mx = 'answer … 3600 MX 10 host1.wild.test.';
const wildcard = 'answer … 3600 TXT "this is a wildcard"';
const soa = 'authority wild.test. 30 SOA …';

conform('RFC 4592', [
  ['§2.2.1', 'a wildcard answers in the name that was asked for', 'host3.wild.test MX', 'NOERROR aa', 'answer host3.wild.test. 3600 MX 10 host1.wild.test.'],
  ['§2.2.1', 'a name that it covers and a type that it lacks are NODATA', 'host3.wild.test A', 'NOERROR aa', 'no answer', soa],
  ['§2.2.1', 'it covers names of several labels', 'foo.bar.wild.test TXT', 'NOERROR aa', wildcard],
  ['§2.2.1', 'a name that exists is not covered', 'host1.wild.test MX', 'NOERROR aa', 'no answer', soa],
  ['§2.2.1', 'a name below an asterisk is a name like any other', 'sub.*.wild.test MX', 'NOERROR aa', 'no answer', soa],
  ['§2.2.1', 'what exists on the way down ends the reach of a wildcard', '_telnet._tcp.host1.wild.test SRV', 'NXDOMAIN aa', 'no answer', soa],
  ['§2.2.1', 'a delegation goes before the wildcard', 'host.subdel.wild.test A', 'NOERROR', 'no answer', 'authority subdel.wild.test. 3600 NS ns.example.com.', 'authority subdel.wild.test. 3600 NS ns.example.net.'],
  ['§2.2.1', 'an asterisk that exists is the closest encloser of what is below it', 'ghost.*.wild.test MX', 'NXDOMAIN aa', 'no answer', soa],
  ['§2.2.2', 'an empty non-terminal exists: NODATA', '_tcp.host1.wild.test MX', 'NOERROR aa', 'no answer', soa],
  ['§2.2.2', 'an empty non-terminal keeps the wildcard from its own name', 'host2.wild.test TXT', 'NOERROR aa', 'no answer', soa],
  ['§2.2.2', 'an empty non-terminal keeps it from what is below too', 'x.host2.wild.test TXT', 'NXDOMAIN aa', 'no answer', soa],
  ['§2.1.1', 'the asterisk itself can be asked for', '*.wild.test TXT', 'NOERROR aa', 'answer *.wild.test. 3600 TXT "this is a wildcard"'],
  ['§2.1.1', 'an asterisk deeper in a question is an ordinary label', '*.x.wild.test TXT', 'NOERROR aa', wildcard],
  ['§2.1.2', 'a label that only holds an asterisk is no wildcard', 'a*b.wild.test TXT', 'NOERROR aa', wildcard],
  ['§3.3.1', 'only the wildcard of the closest encloser counts', 'x.deep.wild.test TXT', 'NOERROR aa', 'no answer', soa],
  ['§3.3.1', 'and it answers there', 'x.deep.wild.test A', 'NOERROR aa', 'answer x.deep.wild.test. 3600 A 192.0.2.2'],
  ['§3.3.1', 'an explicit name blocks it', 'known.deep.wild.test A', 'NOERROR aa', 'no answer', soa],
  ['§3.3.1', 'and blocks it below as well', 'x.known.deep.wild.test A', 'NXDOMAIN aa', 'no answer', soa],
  ['§4.3', 'a CNAME at a wildcard is made up and followed', 'any.alias.wild.test A', 'NOERROR aa', 'answer any.alias.wild.test. 3600 CNAME host1.wild.test.', 'answer host1.wild.test. 3600 A 192.0.2.1'],
  ['§4.3', 'it answers whatever type was asked for', 'any.alias.wild.test CNAME', 'NOERROR aa', 'answer any.alias.wild.test. 3600 CNAME host1.wild.test.'],
  ['§2.1.1', 'a wildcard is case-blind like every name', 'HOST3.WILD.TEST MX', 'NOERROR aa', mx],
  ['§4', 'a service may stand at a wildcard', 'x.any.steer.test A', 'NOERROR aa', 'answer x.any.steer.test. 30 A 198.51.100.2'],
  ['§4', 'with every type that the service has', 'x.any.steer.test AAAA', 'NOERROR aa', 'answer x.any.steer.test. 30 AAAA 2001:db8:100::2'],
  ['§4', 'and no other', 'x.any.steer.test TXT', 'NOERROR aa', 'no answer', 'authority steer.test. 60 SOA …'],
]);
