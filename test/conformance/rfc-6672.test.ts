// biome-ignore-all format: a case is one line.
// RFC 6604 and RFC 6672: what redirections say, and DNAME.

import { conform } from './suite.ts';

const dname = 'answer old.alias.test. 120 DNAME new.alias.test.';

conform('RFC 6604', [
  ['§2.1', 'AA speaks of the first owner', 'away.alias.test AAAA', 'NOERROR aa', 'answer away.alias.test. 3600 CNAME www.example.com.'],
  ['§2.1', 'also where the chain ends in a referral', 'handed.alias.test A', 'NOERROR aa', 'answer handed.alias.test. 3600 CNAME www.cut.alias.test.', 'authority cut.alias.test. 3600 NS ns.cut.alias.test.', 'additional ns.cut.alias.test. 3600 A 192.0.2.53'],
  ['§3', 'the code is that of the last name', 'dangling.alias.test TXT', 'NXDOMAIN aa', 'answer dangling.alias.test. 3600 CNAME nobody.alias.test.'],
  ['§3', 'also behind a DNAME', 'nobody.old.alias.test A', 'NXDOMAIN aa', dname, 'answer nobody.old.alias.test. 120 CNAME nobody.new.alias.test.'],
  ['§3', 'it is no error that the last name lacks the type', 'one.alias.test TXT', 'NOERROR aa', 'answer one.alias.test. 3600 CNAME end.alias.test.'],
]);

conform('RFC 6672', [
  ['§3.1', 'what is below is renamed, with a CNAME of equal TTL', 'host.old.alias.test A', 'NOERROR aa', dname, 'answer host.old.alias.test. 120 CNAME host.new.alias.test.', 'answer host.new.alias.test. 3600 A 192.0.2.7'],
  ['§2.2', 'names of several labels keep them all', 'a.b.old.alias.test A', 'NXDOMAIN aa', dname, 'answer a.b.old.alias.test. 120 CNAME a.b.new.alias.test.'],
  ['§2.3', 'the owner itself is not renamed', 'old.alias.test TXT', 'NOERROR aa', 'answer old.alias.test. 3600 TXT "the owner stays"'],
  ['§2.3', 'and lacks what it lacks', 'old.alias.test A', 'NOERROR aa', 'no answer', 'authority alias.test. 30 SOA …'],
  ['§2.3', 'DNAME can be asked for', 'old.alias.test DNAME', 'NOERROR aa', dname],
  ['§3.2', 'the search goes on behind it, also to a CNAME', 'chain.old.alias.test A', 'NOERROR aa', dname, 'answer chain.old.alias.test. 120 CNAME chain.new.alias.test.', 'answer chain.new.alias.test. 3600 CNAME end.alias.test.', 'answer end.alias.test. 3600 A 192.0.2.1'],
  ['§3.2', 'a CNAME may lead to it', 'toold.alias.test A', 'NOERROR aa', 'answer toold.alias.test. 3600 CNAME host.old.alias.test.', dname, 'answer host.old.alias.test. 120 CNAME host.new.alias.test.', 'answer host.new.alias.test. 3600 A 192.0.2.7'],
  ['§3.1', 'it may lead out of the zone', 'x.far.alias.test A', 'NOERROR aa', 'answer far.alias.test. 3600 DNAME example.com.', 'answer x.far.alias.test. 3600 CNAME x.example.com.'],
  ['§3.1', 'also into another zone of ours', 'host.off.alias.test A', 'NOERROR aa', 'answer off.alias.test. 3600 DNAME plain.test.', 'answer host.off.alias.test. 3600 CNAME host.plain.test.'],
  ['§2.2', 'a name that grows too long is YXDOMAIN with the DNAME alone', `${'h'.repeat(60)}.grow.alias.test A`, 'YXDOMAIN aa', 'answer grow.alias.test. 3600 DNAME …', 'no authority'],
  ['§2.2', 'one that just fits is renamed', `${'h'.repeat(44)}.grow.alias.test A +tcp`, 'NXDOMAIN aa', 'answer grow.alias.test. 3600 DNAME …', `answer ${'h'.repeat(44)}.grow.alias.test. 3600 CNAME …`],
  ['§5.3.1', 'the CNAME comes to who knows DNAME as well', 'host.old.alias.test A +dnssec', 'NOERROR aa', dname, 'answer host.old.alias.test. 120 CNAME host.new.alias.test.', 'answer host.new.alias.test. 3600 A 192.0.2.7'],
  ['§2.4', 'a question for CNAME below it gets both', 'host.old.alias.test CNAME', 'NOERROR aa', dname, 'answer host.old.alias.test. 120 CNAME host.new.alias.test.'],
  ['§3.1', 'letters keep the case that was asked for', 'HOST.old.alias.test CNAME', 'NOERROR aa', dname, 'answer …'],
]);
