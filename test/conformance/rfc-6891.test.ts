// biome-ignore-all format: a case is one line.
// RFC 6891, its options, and RFC 8906: what EDNS asks of a server, and what it must never drop.

import { message, optRecord, question } from '../support/query.ts';
import { conform } from './suite.ts';

const host = ['answer host.plain.test. 600 A 192.0.2.1', 'answer host.plain.test. 600 A 192.0.2.2'];
const withOpt = (...opts: Uint8Array[]): Uint8Array =>
  message({ counts: [1, 0, 0, opts.length], parts: [question({ name: 'host.plain.test' }), ...opts] });

conform('RFC 6891', [
  ['§6.1.1', 'who sends OPT gets OPT', 'host.plain.test A +edns', 'NOERROR aa', ...host, 'opt 0 1232'],
  ['§6.1.1', 'who sends none gets none', 'host.plain.test A', 'NOERROR aa', ...host, 'no opt'],
  ['§6.1.1', 'two OPT records are a format error', withOpt(optRecord(), optRecord()), 'FORMERR', 'opt 0 1232'],
  ['§6.1.1', 'OPT comes with a name error', 'nobody.plain.test A +edns', 'NXDOMAIN aa', 'opt 0 1232'],
  ['§6.1.1', 'and with a refusal', 'www.example.com A +edns', 'REFUSED', 'opt 0 1232'],
  ['§6.1.1', 'and with NOTIMP', 'host.plain.test A +edns +opcode=2', 'NOTIMP', 'opt 0 1232'],
  ['§6.1.2', 'the owner of OPT is the root', withOpt(Uint8Array.of(1, 0x61, 0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0)), 'FORMERR'],
  ['§6.1.2', 'an option that nobody knows is ignored', 'host.plain.test A +ednsopt=65001:abcdef', 'NOERROR aa', ...host, 'no option'],
  ['§6.1.2', 'also without data', 'host.plain.test A +ednsopt=65001', 'NOERROR aa', ...host, 'no option'],
  ['§6.1.2', 'also twice', 'host.plain.test A +ednsopt=65001:00 +ednsopt=65001:01', 'NOERROR aa', ...host, 'no option'],
  ['§6.1.2', 'also before one that is known', 'host.plain.test A +ednsopt=65001:00 +nsid', 'NOERROR aa', ...host, 'nsid conf-1', 'no option'],
  ['§6.1.2', 'an option beyond the end is a format error', withOpt(optRecord({ options: [Uint8Array.of(0xfd, 0xe9, 0, 9, 1, 2)] })), 'FORMERR', 'opt 0 1232'],
  ['§6.1.2', 'OPT in another section than additional is a format error', message({ counts: [1, 1, 0, 0], parts: [question(), optRecord()] }), 'FORMERR'],
  ['§6.1.3', 'version 1 is BADVERS, with the version that we speak', 'host.plain.test A +edns=1', 'BADVERS', 'no answer', 'opt 0 1232'],
  ['§6.1.3', 'so is version 255', 'host.plain.test A +edns=255', 'BADVERS', 'no answer', 'opt 0 1232'],
  ['§6.1.3', 'whatever its options say', 'host.plain.test A +edns=1 +ednsopt=8:ffff', 'BADVERS', 'no answer', 'no subnet'],
  ['§6.1.4', 'flags that nobody knows are ignored and not repeated', 'host.plain.test A +edns +ednsflags=0x4001', 'NOERROR aa', ...host, 'opt 0 1232'],
  ['§6.1.4', 'DO is repeated (RFC 3225 §3)', 'host.plain.test A +dnssec', 'NOERROR aa', ...host, 'opt 0 1232 do'],
  ['§6.2.3', 'a size below 512 means 512', 'middle.plain.test TXT +bufsize=100 +ignore', 'NOERROR aa tc', 'no answer', 'opt 0 1232'],
  ['§6.2.3', 'what fits into 512 is sent to such', 'host.plain.test A +bufsize=64', 'NOERROR aa', ...host, 'opt 0 1232'],
  ['§6.2.5', 'what the sender takes is sent', 'middle.plain.test TXT +bufsize=1232 +ignore', 'NOERROR aa', ...Array.from({ length: 5 }, (_, i) => `answer middle.plain.test. 600 TXT "0${i}${'m'.repeat(148)}"`), 'opt 0 1232'],
  ['§7', 'a truncated reply keeps OPT', 'big.plain.test TXT +bufsize=512 +ignore', 'NOERROR aa tc', 'no answer', 'opt 0 1232'],
]);

conform('RFC 9715', [
  ['§3.1', 'no more than 1232 octets go out over UDP, whatever the sender takes', 'big.plain.test TXT +bufsize=4096 +ignore', 'NOERROR aa tc', 'no answer', 'opt 0 1232'],
  ['§3.1', 'no more than 1232 are asked for either', 'host.plain.test A +bufsize=65535', 'NOERROR aa', 'opt 0 1232'],
  ['§3.1', 'over TCP there is no such bound', 'big.plain.test TXT +bufsize=1232 +tcp', 'NOERROR aa', ...Array.from({ length: 8 }, (_, i) => `answer big.plain.test. 600 TXT "0${i}…`)],
]);

conform('RFC 5001', [
  ['§2.2', 'who asks for the name of the server gets it', 'host.plain.test A +nsid', 'NOERROR aa', 'nsid conf-1'],
  ['§2.2', 'who does not ask gets none', 'host.plain.test A +edns', 'NOERROR aa', 'no nsid'],
  ['§2.1', 'what stands in the question’s option is ignored', 'host.plain.test A +ednsopt=3:abcd', 'NOERROR aa', 'nsid conf-1'],
  ['§2.2', 'also with a refusal', 'www.example.com A +nsid', 'REFUSED', 'nsid conf-1'],
  ['§2.2', 'also with a name error', 'nobody.plain.test A +nsid', 'NXDOMAIN aa', 'nsid conf-1'],
]);

conform('RFC 5001 with another name', [
  ['§2.3', 'the name is what the operator says', 'host.plain.test A +nsid', 'NOERROR aa', 'nsid rack 7'],
], 'dns: { nsid: rack 7 }');

conform('RFC 5001 switched off', [
  ['§2.4', 'the operator may say nothing', 'host.plain.test A +nsid', 'NOERROR aa', 'no nsid', 'opt 0 1232'],
], 'dns: { nsid: false }');

conform('RFC 7828', [
  ['§3.3.2', 'over TCP who asks is told for how long it may be idle', 'host.plain.test A +keepalive +tcp', 'NOERROR aa', 'keepalive 100'],
  ['§3.3.2', 'over UDP the option means nothing', 'host.plain.test A +keepalive +ignore', 'NOERROR aa', 'no keepalive', 'opt 0 1232'],
  ['§3.3.2', 'who does not ask is not told', 'host.plain.test A +edns +tcp', 'NOERROR aa', 'no keepalive'],
]);

conform('RFC 7828 with another time', [
  ['§3.1', 'the time is in tenths of a second', 'host.plain.test A +keepalive +tcp', 'NOERROR aa', 'keepalive 6000'],
], 'dns: { tcpIdle: 10m }');

conform('RFC 7830', [
  ['§6', 'nothing is padded over UDP', 'host.plain.test A +padding=128 +ignore', 'NOERROR aa', 'no padding', 'opt 0 1232'],
  ['§6', 'nor over TCP', 'host.plain.test A +padding=128 +tcp', 'NOERROR aa', 'no padding', 'opt 0 1232'],
]);

conform('RFC 8906', [
  ['§8.1.1', 'a plain query', 'plain.test SOA', 'NOERROR aa', 'answer plain.test. 600 SOA …', 'no opt'],
  ['§8.1.2', 'an unknown type', 'plain.test TYPE1000', 'NOERROR aa', 'no answer', 'authority plain.test. 60 SOA …'],
  ['§8.1.3.1', 'CD', 'plain.test SOA +cdflag', 'NOERROR aa', 'answer …'],
  ['§8.1.3.1', 'AD', 'plain.test SOA +adflag', 'NOERROR aa', 'answer …'],
  ['§8.1.3.2', 'the reserved bit', 'plain.test SOA +zflag', 'NOERROR aa', 'answer …'],
  ['§8.1.3.3', 'recursion desired', 'plain.test SOA +recurse', 'NOERROR aa', 'answer …'],
  ['§8.1.4', 'an unknown opcode, header alone', message({ flags: 15 << 11, counts: [0, 0, 0, 0], parts: [] }), 'NOTIMP'],
  ['§8.1.5', 'TCP', 'plain.test SOA +tcp', 'NOERROR aa', 'answer …'],
  ['§8.2.1', 'EDNS alone', 'plain.test SOA +edns=0', 'NOERROR aa', 'answer …', 'opt 0 1232'],
  ['§8.2.2', 'EDNS version 1', 'plain.test SOA +edns=1', 'BADVERS', 'no answer', 'opt 0 1232'],
  ['§8.2.3', 'an unknown option', 'plain.test SOA +ednsopt=100', 'NOERROR aa', 'answer …', 'no option'],
  ['§8.2.4', 'an unknown flag', 'plain.test SOA +edns=0 +ednsflags=0x40', 'NOERROR aa', 'answer …', 'opt 0 1232'],
  ['§8.2.5', 'version 1 with an unknown flag', 'plain.test SOA +edns=1 +ednsflags=0x40', 'BADVERS', 'no answer', 'opt 0 1232'],
  ['§8.2.6', 'version 1 with an unknown option', 'plain.test SOA +edns=1 +ednsopt=100', 'BADVERS', 'no answer', 'no option'],
  ['§8.2.7', 'a reply that has to be truncated', 'big.plain.test TXT +bufsize=512 +dnssec +ignore', 'NOERROR aa tc', 'opt 0 1232 do'],
  ['§8.2.8', 'DO', 'plain.test SOA +dnssec', 'NOERROR aa', 'answer …', 'opt 0 1232 do'],
  ['§8.2.9', 'DO and version 1', 'plain.test SOA +edns=1 +dnssec', 'BADVERS', 'no answer', 'opt 0 1232 do'],
  ['§8.2.10', 'several options at once', 'plain.test SOA +cookie=0102030405060708 +nsid +ednsopt=9 +subnet=0.0.0.0/0', 'NOERROR aa', 'answer …', 'nsid conf-1', 'subnet 0.0.0.0/0/0', 'cookie 0102030405060708010000…', 'no option'],
  ['§3.1.2', 'type 0 gets a reply', 'plain.test TYPE0', 'NOERROR aa', 'no answer'],
  ['§3.1.2', 'so does the last type', 'plain.test TYPE65535', 'NOERROR aa', 'no answer'],
  ['§3.1.2', 'so do types that only questions have', 'plain.test TYPE254', 'NOERROR aa', 'no answer'],
  ['§3.1.2', 'a name error is one for every type', 'nobody.plain.test TYPE1000', 'NXDOMAIN aa'],
]);

conform('RFC 8482', [
  ['§4.2', 'ANY gets one HINFO record that says so', 'host.plain.test ANY', 'NOERROR aa', 'answer host.plain.test. 3600 HINFO "RFC8482" ""'],
  ['§4.2', 'over TCP as well', 'host.plain.test ANY +tcp', 'NOERROR aa', 'answer host.plain.test. 3600 HINFO "RFC8482" ""'],
  ['§4.2', 'at the apex as well', 'plain.test ANY', 'NOERROR aa', 'answer plain.test. 3600 HINFO "RFC8482" ""'],
  ['§4.2', 'at a steered name as well', 'deaf.steer.test ANY', 'NOERROR aa', 'answer deaf.steer.test. 3600 HINFO "RFC8482" ""'],
  ['§4.1', 'an alias says its CNAME', 'one.alias.test ANY', 'NOERROR aa', 'answer one.alias.test. 3600 CNAME end.alias.test.'],
  ['§4.2', 'where there is nothing it is a name error', 'nobody.plain.test ANY', 'NXDOMAIN aa', 'no answer'],
  ['§4.2', 'an empty non-terminal has nothing', 'c.plain.test ANY', 'NOERROR aa', 'no answer'],
  ['§4.2', 'a wildcard answers in the name that was asked for', 'host3.wild.test ANY', 'NOERROR aa', 'answer host3.wild.test. 3600 HINFO "RFC8482" ""'],
  ['§4.2', 'below a cut is a referral all the same', 'www.sub.plain.test ANY', 'NOERROR', 'no answer', 'authority'],
]);

conform('RFC 4892', [
  ['§3', 'nothing is said of the version unless the operator does', 'version.bind TXT CH', 'REFUSED', 'no answer'],
  ['§3', 'nor of the server', 'id.server TXT CH', 'REFUSED', 'no answer'],
  ['§3', 'nor by the older names', 'hostname.bind TXT CH', 'REFUSED', 'no answer'],
]);

conform('RFC 4892 switched on', [
  ['§3', 'the version is what the operator says', 'version.bind TXT CH', 'NOERROR aa', 'answer version.bind. 0 TXT "none of your business"'],
  ['§3', 'also by its other name', 'version.server TXT CH', 'NOERROR aa', 'answer version.server. 0 TXT "none of your business"'],
  ['§3', 'so is the server', 'id.server TXT CH', 'NOERROR aa', 'answer id.server. 0 TXT "rack-7"'],
  ['§3', 'also by its other name, in any case', 'HostName.Bind TXT CH', 'NOERROR aa', 'answer HostName.Bind. 0 TXT "rack-7"'],
  ['§3', 'other names in CHAOS are refused', 'authors.bind TXT CH', 'REFUSED', 'no answer'],
  ['§3', 'other types too', 'version.bind A CH', 'REFUSED', 'no answer'],
  ['§3', 'in class IN there is no such name', 'version.bind TXT', 'REFUSED', 'no answer'],
], 'dns: { version: none of your business, id: rack-7 }');
