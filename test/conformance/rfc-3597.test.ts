// biome-ignore-all format: a case is one line.
// RFC 3597 and every record type by its own document.

import { conform } from './suite.ts';

conform('RFC 3597', [
  ['§3', 'a type that nobody knows is octets', 'unknown.types.test TYPE65400', 'NOERROR aa', String.raw`answer unknown.types.test. 3600 TYPE65400 \# 5 0102030405`],
  ['§3', 'also no octets at all', 'empty.types.test TYPE65281', 'NOERROR aa', String.raw`answer empty.types.test. 3600 TYPE65281 \# 0`],
  ['§5', 'a known type may be written as octets', 'generic.types.test A', 'NOERROR aa', 'answer generic.types.test. 3600 A 192.0.2.9'],
  ['§3', 'a question for a type that is not there is NODATA', 'unknown.types.test TYPE65300', 'NOERROR aa', 'no answer', 'authority types.test. 30 SOA …'],
  ['§3', 'a question in a class that nobody knows is refused', 'unknown.types.test A CLASS65400', 'REFUSED', 'no answer'],
  ['§4', 'names in data of newer types are not compressed', 'naptr.types.test NAPTR', 'NOERROR aa', 'answer naptr.types.test. 3600 NAPTR 100 50 "s" "SIP+D2U" "" _sip._udp.types.test.', 'octets 045f736970045f756470057479706573047465737400'],
]);

conform('RFC 2782', [
  ['target', 'a target is written whole', 'srv.types.test SRV', 'NOERROR aa', 'answer srv.types.test. 3600 SRV 1 2 5060 target.types.test.', 'additional target.types.test. 3600 A 192.0.2.1', 'octets 06746172676574057479706573047465737400'],
]);

conform('Record types', [
  ['RFC 1035 §3.3.2', 'HINFO', 'hinfo.types.test HINFO', 'NOERROR aa', 'answer hinfo.types.test. 3600 HINFO "PDP-11" "UNIX"'],
  ['RFC 1035 §3.3.12', 'PTR', 'ptr.types.test PTR', 'NOERROR aa', 'answer ptr.types.test. 3600 PTR target.types.test.'],
  ['RFC 1876 §2', 'LOC', 'loc.types.test LOC', 'NOERROR aa', 'answer loc.types.test. 3600 LOC 52 22 …'],
  ['RFC 3403 §4.1', 'NAPTR', 'naptr.types.test NAPTR +tcp', 'NOERROR aa', 'answer naptr.types.test. 3600 NAPTR 100 50 "s" "SIP+D2U" "" _sip._udp.types.test.'],
  ['RFC 3596 §2.2', 'AAAA of a mapped address keeps its sixteen octets', 'mapped.types.test AAAA', 'NOERROR aa', 'answer …', 'octets 00000000000000000000ffffc0000201'],
  ['RFC 4255 §3.1', 'SSHFP', 'sshfp.types.test SSHFP', 'NOERROR aa', 'answer sshfp.types.test. 3600 SSHFP 4 2 …', `octets 0402${'cd'.repeat(32)}`],
  ['RFC 6698 §2.1', 'TLSA', '_443._tcp.types.test TLSA', 'NOERROR aa', 'answer _443._tcp.types.test. 3600 TLSA 3 1 1 …', `octets 030101${'ef'.repeat(32)}`],
  ['RFC 7505 §3', 'a null MX', 'mx.types.test MX', 'NOERROR aa', 'answer mx.types.test. 3600 MX 0 …', 'no additional'],
  ['RFC 7553 §4.5', 'URI', 'uri.types.test URI', 'NOERROR aa', 'answer uri.types.test. 3600 URI 10 1 "https://example.net/"'],
  ['RFC 8659 §4.1', 'CAA', 'caa.types.test CAA', 'NOERROR aa', 'answer caa.types.test. 3600 CAA 128 issue "ca.example.net; policy=ev"'],
]);

conform('RFC 9460', [
  ['§2.2', 'parameters go out in the order of their keys', 'https.types.test HTTPS', 'NOERROR aa', 'answer https.types.test. 3600 HTTPS 1 . alpn=… …', 'octets 000100000100060268320268330003000220fb00040004c0000201'],
  ['§2.4.2', 'priority 0 is an alias', 'httpsalias.types.test HTTPS', 'NOERROR aa', 'answer httpsalias.types.test. 3600 HTTPS 0 target.types.test.'],
  ['§2.2', 'the target is not compressed', '_dns.svcb.types.test SVCB', 'NOERROR aa', 'answer _dns.svcb.types.test. 3600 SVCB 1 target.types.test. …', 'octets 000106746172676574057479706573047465737400'],
  ['§7.3', 'hints are the addresses that A would have', 'www.steer.test HTTPS', 'NOERROR aa', 'answer www.steer.test. 60 HTTPS 1 . …', 'octets 00040004c63364010006001020010db8010000000000000000000001'],
  ['§7.3', 'also for a client elsewhere', 'www.steer.test HTTPS +subnet=9.9.0.0/16', 'NOERROR aa', 'answer www.steer.test. 60 HTTPS 1 . …', 'subnet 9.9.0.0/16/13', 'octets 00040004c63364020006001020010db8010000000000000000000002'],
  ['§7.3', 'A says the same to that client', 'www.steer.test A +subnet=9.9.0.0/16', 'NOERROR aa', 'answer www.steer.test. 60 A 198.51.100.2', 'subnet 9.9.0.0/16/13'],
  ['§7.3', 'AAAA says the same to that client', 'www.steer.test AAAA +subnet=9.9.0.0/16', 'NOERROR aa', 'answer www.steer.test. 60 AAAA 2001:db8:100::2', 'subnet 9.9.0.0/16/13'],
  ['§7.3', 'SVCB has hints too', 'www.steer.test SVCB', 'NOERROR aa', 'answer www.steer.test. 60 SVCB 1 . …', 'octets 00040004c6336401'],
  ['§7.3', 'a target with a name of its own gets none of ours', 'outside.steer.test HTTPS', 'NOERROR aa', 'answer outside.steer.test. 30 HTTPS 1 elsewhere.example. alpn=…', 'answer outside.steer.test. 30 HTTPS 0 elsewhere.example.'],
  ['§9', 'a service without HTTPS records has none', 'deaf.steer.test HTTPS', 'NOERROR aa', 'no answer', 'authority steer.test. 60 SOA …'],
]);

conform('Apex alias', [
  ['RFC 1034 §3.6.2', 'a service may stand at the apex, where no CNAME may', 'steer.test A', 'NOERROR aa', 'answer steer.test. 30 A 198.51.100.1'],
  ['RFC 1034 §4.2.1', 'beside its SOA', 'steer.test SOA', 'NOERROR aa', 'answer steer.test. 3600 SOA …'],
  ['RFC 1034 §4.2.1', 'and its name servers', 'steer.test NS', 'NOERROR aa', 'answer steer.test. 86400 NS ns-eu.steer.test.', 'answer steer.test. 86400 NS ns-us.steer.test.'],
  ['RFC 1034 §3.6.2', 'an ALIAS answers with addresses, not with a CNAME', 'apexalias.steer.test AAAA', 'NOERROR aa', 'answer apexalias.steer.test. 60 AAAA 2001:db8:100::1'],
  ['RFC 7871 §7.2.1', 'and for the client', 'apexalias.steer.test A +subnet=9.9.0.0/16', 'NOERROR aa', 'answer apexalias.steer.test. 60 A 198.51.100.2', 'subnet 9.9.0.0/16/13'],
]);
