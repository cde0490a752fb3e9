// biome-ignore-all format: a case is one line.
// RFC 7871: client subnets, with every rule that resolvers hold servers to, and RFC 8914 for steering.

import type { Case } from './case.ts';
import { conform } from './suite.ts';

const eu = 'answer www.steer.test. 60 A 198.51.100.1';
const us = 'answer www.steer.test. 60 A 198.51.100.2';
const ap = 'answer www.steer.test. 60 A 198.51.100.3';

/** Options that cannot be: as `+ednsopt=8:` has them. */
const faulty: readonly (readonly [what: string, hex: string])[] = [
  ['a family that nobody knows', '00031800510203'],
  ['family 0', '00000000'],
  ['an address that is too short', '000118005102'],
  ['an address that is too long', '0001180051020300'],
  ['bits beyond the prefix', '0001140051020f'],
  ['a prefix longer than IPv4 has', '000121005102030000'],
  ['a prefix longer than IPv6 has', `00028100${'20'.repeat(17)}`],
  ['a scope in the query', '00011818510203'],
  ['no more than a family', '0001'],
  ['nothing at all', ''],
];

conform('RFC 7871', [
  ...faulty.map(([what, hex]): Case => ['§7.1.1', `${what} is a format error`, `www.steer.test A +ednsopt=8:${hex}`, 'FORMERR', 'no answer', 'no subnet', 'opt 0 1232']),
  ['§7.2.1', 'who sends none gets none', 'www.steer.test A +edns', 'NOERROR aa', eu, 'no subnet'],
  ['§7.2.1', 'the subnet decides, and the scope says how widely', 'www.steer.test A +subnet=81.2.3.0/24', 'NOERROR aa', eu, 'subnet 81.2.3.0/24/3'],
  ['§7.2.1', 'a client elsewhere gets another answer', 'www.steer.test A +subnet=9.200.3.0/24', 'NOERROR aa', us, 'subnet 9.200.3.0/24/9'],
  ['§7.2.1', 'a block inside a block has a scope of its own', 'www.steer.test A +subnet=9.1.2.0/24', 'NOERROR aa', ap, 'subnet 9.1.2.0/24/24'],
  ['§7.2.1', 'its neighbour’s scope does not reach into it', 'www.steer.test A +subnet=9.1.3.0/24', 'NOERROR aa', us, 'subnet 9.1.3.0/24/24'],
  ['§7.2.1', 'the scope may be longer than the source', 'www.steer.test A +subnet=9.1.0.0/16', 'NOERROR aa', us, 'subnet 9.1.0.0/16/23'],
  ['§11.1', 'it is never finer than /24', 'www.steer.test A +subnet=9.1.2.99/32', 'NOERROR aa', ap, 'subnet 9.1.2.99/32/24'],
  ['§7.2.1', 'IPv6 the same', 'www.steer.test A +subnet=2600:1:2:300::/56', 'NOERROR aa', ap, 'subnet 2600:1:2:300::/56/56'],
  ['§7.2.1', 'with the scope of the widest block', 'www.steer.test A +subnet=2a00:1::/48', 'NOERROR aa', eu, 'subnet 2a00:1::/48/5'],
  ['§6', 'an odd number of octets is whole', 'www.steer.test AAAA +subnet=2600:ffff:ff00::/40', 'NOERROR aa', 'answer www.steer.test. 60 AAAA 2001:db8:100::2', 'subnet 2600:ffff:ff00::/40/17'],
  ['§6', 'a prefix within an octet is whole', 'www.steer.test A +subnet=9.64.0.0/10', 'NOERROR aa', us, 'subnet 9.64.0.0/10/10'],
  ['§7.1.2', 'source length 0 asks not to be located: scope 0', 'www.steer.test A +subnet=0.0.0.0/0', 'NOERROR aa', eu, 'subnet 0.0.0.0/0/0'],
  ['§7.1.2', 'in IPv6 too', 'www.steer.test A +subnet=::/0', 'NOERROR aa', eu, 'subnet ::/0/0'],
  ['§7.4', 'a negative answer has scope 0', 'four.steer.test AAAA +subnet=81.2.3.0/24', 'NOERROR aa', 'no answer', 'subnet 81.2.3.0/24/0'],
  ['§7.4', 'so has a name error', 'nobody.steer.test A +subnet=81.2.3.0/24', 'NXDOMAIN aa', 'subnet 81.2.3.0/24/0'],
  ['§7.4', 'so has the lack of a type', 'deaf.steer.test TXT +subnet=81.2.3.0/24', 'NOERROR aa', 'no answer', 'subnet 81.2.3.0/24/0'],
  ['§7.2.1', 'what nobody steers has scope 0', 'host.plain.test A +subnet=9.200.3.0/24', 'NOERROR aa', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'so have records beside what is steered', 'www.steer.test TXT +subnet=9.200.3.0/24', 'NOERROR aa', 'answer www.steer.test. 3600 TXT "beside what is steered"', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'so has the SOA', 'steer.test SOA +subnet=9.200.3.0/24', 'NOERROR aa', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'so have the name servers', 'steer.test NS +subnet=9.200.3.0/24', 'NOERROR aa', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'so has a referral', 'www.sub.plain.test A +subnet=9.200.3.0/24', 'NOERROR', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'so has ANY', 'www.steer.test ANY +subnet=9.200.3.0/24', 'NOERROR aa', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'a refusal repeats the option too', 'www.example.com A +subnet=9.200.3.0/24', 'REFUSED', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'a service may be told to look at resolvers alone', 'deaf.steer.test A +subnet=9.200.3.0/24', 'NOERROR aa', 'answer deaf.steer.test. 30 A 198.51.100.1', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'so may a whole zone', 'www.deaf.test A +subnet=9.200.3.0/24', 'NOERROR aa', 'answer www.deaf.test. 30 A 198.51.100.1', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'but for a service that says otherwise', 'hears.deaf.test A +subnet=9.200.3.0/24', 'NOERROR aa', 'answer hears.deaf.test. 30 A 198.51.100.2', 'subnet 9.200.3.0/24/9'],
  ['§7.2.1', 'an alias to a steered name is not followed', 'tosteered.steer.test A +subnet=9.200.3.0/24', 'NOERROR aa', 'answer tosteered.steer.test. 3600 CNAME www.steer.test.', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'a steered alias is for the client', 'hosts.steer.test A +subnet=9.200.3.0/24', 'NOERROR aa', 'answer hosts.steer.test. 30 CNAME us.hosts.example.', 'subnet 9.200.3.0/24/9'],
  ['§7.2.1', 'a pick by network is at least as long as the network', 'spread.steer.test A +subnet=81.2.3.0/24', 'NOERROR aa', 'answer', 'subnet 81.2.3.0/24/20'],
  ['§11.2', 'a private subnet is answered by the resolver’s place', 'www.steer.test A +subnet=10.1.2.0/24', 'NOERROR aa', eu, 'subnet 10.1.2.0/24/8'],
  ['§11.2', 'so is loopback', 'www.steer.test A +subnet=127.0.0.0/24', 'NOERROR aa', eu, 'subnet 127.0.0.0/24/8'],
  ['§7.2.1', 'truncated over UDP, the option stays', 'big.plain.test TXT +subnet=9.200.3.0/24 +ignore', 'NOERROR aa tc', 'subnet 9.200.3.0/24/0'],
  ['§7.2.1', 'two client subnets are a format error', 'www.steer.test A +subnet=9.200.3.0/24 +ednsopt=8:00011800510203', 'FORMERR', 'no answer', 'no subnet'],
  ['§7.2.1', 'BADVERS repeats no option that it did not read', 'www.steer.test A +subnet=9.200.3.0/24 +edns=1', 'BADVERS', 'no subnet'],
]);

conform('RFC 8914', [
  ['§4.1', 'an answer of last resort says that it is one', 'dead.steer.test A +edns', 'NOERROR aa', 'answer dead.steer.test. 10 A 198.51.100.6', 'ede 0 no region is alive: answered by geography alone'],
  ['§2', 'but not to who speaks no EDNS', 'dead.steer.test A', 'NOERROR aa', 'answer dead.steer.test. 10 A 198.51.100.6', 'no opt'],
  ['§4.1', 'what an operator took away says so', 'drained.steer.test A +edns', 'NOERROR aa', 'no answer', 'ede 0 every region is withheld by an override'],
  ['§4.1', 'what is left after a drain needs no word', 'partly.steer.test A +edns', 'NOERROR aa', 'answer partly.steer.test. 10 A 198.51.100.2', 'no ede'],
  ['§4.21', 'a refusal says whose zone it is not', 'www.example.com A +edns', 'REFUSED', 'ede 20 not a zone of this server'],
  ['§2', 'an ordinary answer has nothing to explain', 'www.steer.test A +edns', 'NOERROR aa', 'no ede'],
  ['§2', 'nor has a name error', 'nobody.plain.test A +edns', 'NXDOMAIN aa', 'no ede'],
]);

conform('RFC 8914 with too few votes', [
  ['§4.4', 'a verdict that is kept for want of votes says so', 'www.steer.test A +edns', 'NOERROR aa', 'answer www.steer.test. 5 A 198.51.100.1', 'ede 3 too few fresh votes: an old verdict is kept'],
], 'health: { settle: 0s, observers: [eu, us, ap], return: { hold: 0s, stage: 0s } }');

conform('TXT _explain', [
  ['docs/configuration.md', 'who may know is told why', '_explain.www.steer.test TXT +tcp', 'NOERROR aa', 'answer'],
  ['docs/configuration.md', 'for the client subnet, within its scope', '_explain.www.steer.test TXT +subnet=9.200.3.0/24', 'NOERROR aa', 'answer', 'subnet 9.200.3.0/24/9'],
  ['docs/configuration.md', 'below what nobody steers there is no such name', '_explain.host.plain.test TXT', 'NXDOMAIN aa', 'no answer'],
  ['docs/configuration.md', 'another type is no question why', '_explain.www.steer.test A', 'NXDOMAIN aa', 'no answer'],
]);

conform('TXT _explain for others', [
  ['docs/configuration.md', 'who may not know is refused', '_explain.www.steer.test TXT', 'REFUSED', 'no answer', 'no authority'],
  ['docs/configuration.md', 'with its subnet repeated', '_explain.www.steer.test TXT +subnet=9.200.3.0/24', 'REFUSED', 'no answer', 'subnet 9.200.3.0/24/0'],
  ['docs/configuration.md', 'the name itself is answered as ever', 'www.steer.test A', 'NOERROR aa', eu],
], 'dns: { explainTo: [203.0.113.0/24] }');
