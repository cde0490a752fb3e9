// biome-ignore-all format: a case is one line.
// RFC 1034 and the documents that sharpened it: what a name server answers to a name.

import { conform } from './suite.ts';

const soa = 'authority plain.test. 60 SOA …';
const glue = ['additional ns.sub.plain.test. 600 A 192.0.2.53', 'additional ns.sub.plain.test. 600 AAAA 2001:db8::53'];
const cut = ['authority sub.plain.test. 600 NS ns.sub.plain.test.', 'authority sub.plain.test. 600 NS ns.elsewhere.test.'];
const servers = ['answer plain.test. 86400 NS ns-eu.plain.test.', 'answer plain.test. 86400 NS ns-us.plain.test.', 'answer plain.test. 86400 NS ns.elsewhere.test.'];
const hosts = ['answer host.plain.test. 600 A 192.0.2.1', 'answer host.plain.test. 600 A 192.0.2.2'];

conform('RFC 1034', [
  ['§4.3.2 step 3a', 'a name that matches gets all records of the type', 'host.plain.test A', 'NOERROR aa', ...hosts, 'no authority', 'no additional'],
  ['§4.3.2 step 3a', 'and no others', 'host.plain.test AAAA', 'NOERROR aa', 'answer host.plain.test. 600 AAAA 2001:db8::1'],
  ['§4.3.2 step 3a', 'the hosts that MX names come along', 'plain.test MX', 'NOERROR aa', 'answer plain.test. 600 MX 10 mail.plain.test.', 'additional mail.plain.test. 600 A 192.0.2.25', 'additional mail.plain.test. 600 AAAA 2001:db8::25'],
  ['§4.3.2 step 3b', 'below a cut is a referral without AA', 'www.sub.plain.test A', 'NOERROR', 'no answer', ...cut, ...glue],
  ['§4.3.2 step 3b', 'at the cut too', 'sub.plain.test A', 'NOERROR', 'no answer', ...cut, ...glue],
  ['§4.3.2 step 3b', 'glue is no answer of ours', 'ns.sub.plain.test A', 'NOERROR', 'no answer', ...cut, ...glue],
  ['§4.3.2 step 3b', 'a referral has no SOA, whatever the type', 'sub.plain.test SOA', 'NOERROR', 'no answer', ...cut],
  ['§4.3.2 step 3c', 'a name that is not there is a name error', 'nobody.plain.test A', 'NXDOMAIN aa', 'no answer', soa],
  ['§4.3.2 step 2', 'the nearest zone above the name answers', 'host.inner.plain.test A', 'NOERROR aa', 'answer host.inner.plain.test. 300 A 192.0.2.6'],
  ['§4.3.2 step 2', 'also that there is nothing', 'nobody.inner.plain.test A', 'NXDOMAIN aa', 'authority inner.plain.test. 300 SOA …'],
  ['§4.3.2 step 2', 'also for its own apex', 'inner.plain.test NS', 'NOERROR aa', 'answer inner.plain.test. 86400 NS ns-eu.inner.plain.test.', 'answer inner.plain.test. 86400 NS ns-us.inner.plain.test.'],
  ['§4.2.1', 'the apex has its SOA', 'plain.test SOA', 'NOERROR aa', 'answer plain.test. 600 SOA ns-eu.plain.test. …'],
  ['§4.3.1', 'recursion is not offered to who desires it', 'host.plain.test A +recurse', 'NOERROR aa', ...hosts],
  ['§4.3.1', 'nor for names elsewhere', 'www.example.com A +recurse', 'REFUSED', 'no answer', 'no authority'],
  ['§3.6.2', 'a CNAME is followed inside its zone', 'one.alias.test A', 'NOERROR aa', 'answer one.alias.test. 3600 CNAME end.alias.test.', 'answer end.alias.test. 3600 A 192.0.2.1'],
  ['§3.6.2', 'also from one to the next', 'two.alias.test A', 'NOERROR aa', 'answer two.alias.test. 3600 CNAME one.alias.test.', 'answer one.alias.test. 3600 CNAME end.alias.test.', 'answer end.alias.test. 3600 A 192.0.2.1'],
  ['§3.6.2', 'a question for CNAME is not followed', 'two.alias.test CNAME', 'NOERROR aa', 'answer two.alias.test. 3600 CNAME one.alias.test.'],
  ['§3.6.2', 'a type that its end lacks is NODATA', 'one.alias.test MX', 'NOERROR aa', 'answer one.alias.test. 3600 CNAME end.alias.test.', 'authority alias.test. 30 SOA …'],
  ['§3.6.2', 'out of the zone it stands alone', 'away.alias.test A', 'NOERROR aa', 'answer away.alias.test. 3600 CNAME www.example.com.', 'no authority'],
  ['§3.6.2', 'also into another zone of ours', 'other.alias.test A', 'NOERROR aa', 'answer other.alias.test. 3600 CNAME host.plain.test.'],
  ['§3.6.2', 'a CNAME to itself ends', 'self.alias.test A', 'NOERROR aa', 'answer self.alias.test. 3600 CNAME self.alias.test.'],
  ['§3.6.2', 'a circle ends, each link said once', 'ping.alias.test A', 'NOERROR aa', 'answer ping.alias.test. 3600 CNAME pong.alias.test.', 'answer pong.alias.test. 3600 CNAME ping.alias.test.'],
]);

conform('RFC 2181', [
  ['§5', 'a set comes whole', 'host.plain.test A +tcp', 'NOERROR aa', ...hosts],
  ['§6.1', 'name servers at a cut are the child’s to say', 'sub.plain.test NS', 'NOERROR', 'no answer', ...cut],
  ['§8', 'a TTL of zero is one', 'zero.plain.test A', 'NOERROR aa', 'answer zero.plain.test. 0 A 192.0.2.5'],
  ['§9', 'additional sets are left out without TC', 'fat.plain.test MX +ignore', 'NOERROR aa', ...Array.from({ length: 10 }, (_, i) => `answer fat.plain.test. 600 MX 10 host${i}.fat.plain.test.`)],
  ['§9', 'what the answer needs is not left out without TC', 'middle.plain.test TXT +ignore', 'NOERROR aa tc', 'no answer'],
  ['§10.1', 'a steered alias is one CNAME', 'hosts.steer.test A', 'NOERROR aa', 'answer hosts.steer.test. 30 CNAME eu.hosts.example.'],
  ['§10.1', 'whatever the type', 'hosts.steer.test MX', 'NOERROR aa', 'answer hosts.steer.test. 30 CNAME eu.hosts.example.'],
  ['§11', 'a label may hold a dot', String.raw`dot\.ted.names.test A`, 'NOERROR aa', String.raw`answer dot\.ted.names.test. 3600 A 192.0.2.3`],
  ['§11', 'which is not the end of it', 'dot.ted.names.test A', 'NXDOMAIN aa'],
  ['§11', 'a label may hold any octet', String.raw`nul\000\255.names.test A`, 'NOERROR aa', String.raw`answer nul\000\255.names.test. 3600 A 192.0.2.4`],
  ['§11', 'also a blank', String.raw`sp\032ace.names.test A`, 'NOERROR aa', String.raw`answer sp\032ace.names.test. 3600 A 192.0.2.6`],
  ['§11', 'also what looks like a pointer', String.raw`\192\012.names.test A`, 'NOERROR aa', String.raw`answer \192\012.names.test. 3600 A 192.0.2.8`],
  ['§11', 'also an underscore and a hyphen at its end', '_under.score-.names.test A', 'NOERROR aa', 'answer _under.score-.names.test. 3600 A 192.0.2.7'],
  ['§11', 'names in data may be as odd', 'toodd.names.test CNAME', 'NOERROR aa', 'answer toodd.names.test. 3600 CNAME …', 'octets 07646f742e746564056e616d6573047465737400'],
]);

conform('RFC 2308', [
  ['§2.1', 'NXDOMAIN has the SOA', 'nobody.plain.test MX', 'NXDOMAIN aa', 'no answer', soa, 'no additional'],
  ['§2.2', 'NODATA has the SOA', 'host.plain.test MX', 'NOERROR aa', 'no answer', soa, 'no additional'],
  ['§2.2', 'NODATA at the apex too', 'plain.test A', 'NOERROR aa', 'no answer', soa],
  ['§3', 'its TTL is MINIMUM where that is less', 'nobody.plain.test A +tcp', 'NXDOMAIN aa', 'authority plain.test. 60 SOA …'],
  ['§3', 'its TTL is its own where that is less', 'host.inner.plain.test MX', 'NOERROR aa', 'authority inner.plain.test. 300 SOA …'],
  ['§4', 'MINIMUM is the TTL of what is not there', 'inner.plain.test SOA', 'NOERROR aa', 'answer inner.plain.test. 300 SOA ns-eu.inner.plain.test. hostmaster.inner.plain.test. 4294967295 7200 900 1209600 3600'],
  ['§2.1.1', 'a chain of aliases to nowhere has the SOA too', 'dangling.alias.test A', 'NXDOMAIN aa', 'answer dangling.alias.test. 3600 CNAME nobody.alias.test.', 'authority alias.test. 30 SOA …'],
  ['§5', 'a steered name without the family is NODATA', 'four.steer.test AAAA', 'NOERROR aa', 'no answer', 'authority steer.test. 30 SOA …'],
]);

conform('RFC 8020', [
  ['§2', 'below what is not there is nothing', 'x.nobody.plain.test A', 'NXDOMAIN aa', soa],
  ['§2', 'an empty non-terminal is there', 'b.c.plain.test A', 'NOERROR aa', 'no answer', soa],
  ['§2', 'and so is the one above it', 'c.plain.test A', 'NOERROR aa', 'no answer', soa],
  ['§2', 'beside what an empty non-terminal holds is nothing', 'x.c.plain.test A', 'NXDOMAIN aa', soa],
  ['§2', 'below a name with records is nothing', 'x.host.plain.test A', 'NXDOMAIN aa', soa],
  ['§2', 'the name at the end is there', 'a.b.c.plain.test A', 'NOERROR aa', 'answer a.b.c.plain.test. 600 A 192.0.2.4'],
]);

conform('RFC 8109', [
  ['§3.1', 'the name servers come with their addresses', 'plain.test NS', 'NOERROR aa', ...servers, 'additional ns-eu.plain.test. 86400 A 203.0.113.1', 'additional ns-eu.plain.test. 86400 AAAA 2001:db8:53::1', 'additional ns-us.plain.test. 86400 A 203.0.113.2'],
  ['§3.1', 'also to who takes more than 512 octets', 'plain.test NS +bufsize=1232', 'NOERROR aa', ...servers, 'opt 0 1232', 'additional ns-eu.plain.test. 86400 A 203.0.113.1', 'additional ns-eu.plain.test. 86400 AAAA 2001:db8:53::1', 'additional ns-us.plain.test. 86400 A 203.0.113.2'],
  ['§3.3', 'a name server’s address can be asked for', 'ns-us.plain.test A', 'NOERROR aa', 'answer ns-us.plain.test. 86400 A 203.0.113.2'],
  ['§3.1', 'we are no root', '. NS', 'REFUSED', 'no answer', 'no authority'],
]);

conform('RFC 4035', [
  ['§3.1.4.1', 'DS at a cut is the parent’s to say', 'signed.plain.test DS', 'NOERROR aa', 'answer signed.plain.test. 600 DS …', 'no authority'],
  ['§3.1.4.1', 'also that there is none', 'sub.plain.test DS', 'NOERROR aa', 'no answer', soa],
  ['§3.1.4', 'DS comes with the referral to who sets DO', 'x.signed.plain.test A +dnssec', 'NOERROR', 'no answer', 'authority signed.plain.test. 600 NS ns.elsewhere.test.', 'authority signed.plain.test. 600 DS …', 'opt 0 1232 do'],
  ['§3.1.4', 'and not to others', 'x.signed.plain.test A', 'NOERROR', 'authority signed.plain.test. 600 NS ns.elsewhere.test.'],
  ['§3.1.6', 'AD is clear where nothing was validated', 'host.plain.test A +adflag', 'NOERROR aa', ...hosts],
  ['§3.1.6', 'CD comes back as it was', 'host.plain.test A +cdflag', 'NOERROR aa', ...hosts],
]);

conform('RFC 1982', [
  ['§3', 'a serial is 32 bits without a sign', 'inner.plain.test SOA +tcp', 'NOERROR aa', 'answer … 300 SOA ns-eu.inner.plain.test. hostmaster.inner.plain.test. 4294967295 7200 900 1209600 3600'],
  ['§7', 'one made of a date is a number like any other', 'plain.test SOA', 'NOERROR aa', 'answer plain.test. 600 SOA …', 'octets 78c2765b'],
]);
