// The names we own: which node a name finds, by itself, by a wildcard, or not at all.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  findName,
  hostAddresses,
  indexInSlices,
  indexZones,
  type ZoneIndex,
} from '../../src/authority/zone.ts';
import { typeName } from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import { nameOf, rrset } from '../support/answers.ts';
import { regionText, settingsOf, zoneText } from '../support/config.ts';

function indexOf(records: readonly string[], services: readonly string[] = []): ZoneIndex {
  return indexZones(settingsOf({ main: zoneText({ records, services }) }));
}

/** What a name finds: `node A TXT`, `wildcard A`, `service …`, `missing in <zone>`, `outside`. */
function find(index: ZoneIndex, name: string): string {
  const found = findName(index, nameOf(name));
  if (found.kind === 'outside') return 'outside';
  if (found.kind === 'missing') return `missing in ${formatName(found.zone.apex)}`;
  if (found.kind === 'delegated') return `delegated in ${formatName(found.cut.zone.apex)}`;
  if (found.kind === 'renamed') return `renamed in ${formatName(found.node.zone.apex)}`;
  const { node, isWildcard } = found;
  const types = [...node.sets.keys()].map(typeName);
  const service = node.service === undefined ? [] : ['service'];
  return [isWildcard ? 'wildcard' : 'node', ...service, ...types].join(' ');
}

const txt = (name: string): string => `{ name: "${name}", type: TXT, data: x }`;

describe('a name finds', () => {
  const index = indexOf([txt('mail'), txt('a.b.c')], ['{ name: www, regions: [eu] }']);
  const cases = [
    ['its own records', 'mail.example.test', 'node TXT'],
    ['the apex with SOA and NS', 'example.test', 'node SOA NS'],
    ["a director's addresses", 'ns-eu.example.test', 'node A'],
    ['its service', 'www.example.test', 'node service'],
    ['an empty non-terminal', 'b.c.example.test', 'node'],
    ['another one above it', 'c.example.test', 'node'],
    ['nothing beside what is there', 'd.example.test', 'missing in example.test'],
    ['nothing below what is there', 'x.mail.example.test', 'missing in example.test'],
    ['nothing below an empty non-terminal', 'x.b.c.example.test', 'missing in example.test'],
    ['nobody outside', 'example.net', 'outside'],
    ['nobody above', 'test', 'outside'],
    ['nobody at the root', '.', 'outside'],
    ['nobody where only letters agree', 'badexample.test', 'outside'],
  ] as const;
  for (const [words, name, expected] of cases) {
    test(`${words}: ${name}`, () => assert.equal(find(index, name), expected));
  }
});

// RFC 4592 §2.2.1, with what its zone says of SRV and MX cut down to TXT.
describe('wildcards of RFC 4592 §2.2.1', () => {
  const index = indexOf([
    txt('*'),
    '{ name: "*", type: MX, data: "10 host1" }',
    txt('sub.*'),
    '{ name: host1, type: A, data: 192.0.2.1 }',
    '{ name: _ssh._tcp.host1, type: SRV, data: "0 0 22 host1" }',
    '{ name: _ssh._tcp.host2, type: SRV, data: "0 0 22 host1" }',
  ]);
  const cases = [
    ['host3.example.test', 'wildcard TXT MX'],
    ['foo.bar.example.test', 'wildcard TXT MX'],
    ['host1.example.test', 'node A'],
    ['sub.*.example.test', 'node TXT'],
    ['_telnet._tcp.host1.example.test', 'missing in example.test'],
    ['host2.example.test', 'node'],
    ['a.host2.example.test', 'missing in example.test'],
    ['*.example.test', 'node TXT MX'],
    ['ghost.*.example.test', 'missing in example.test'],
    ['a.b.ghost.*.example.test', 'missing in example.test'],
  ] as const;
  for (const [name, expected] of cases) {
    test(`${name}: ${expected}`, () => assert.equal(find(index, name), expected));
  }
});

test('a wildcard covers nothing above itself, and the nearest one wins', () => {
  const index = indexOf([txt('*.a'), '{ name: "*", type: MX, data: "0 ." }']);
  assert.equal(find(index, 'x.a.example.test'), 'wildcard TXT');
  assert.equal(find(index, 'a.example.test'), 'node');
  assert.equal(find(index, 'b.example.test'), 'wildcard MX');
});

test('a wildcard may be a service', () => {
  const index = indexOf([], ['{ name: "*.app", regions: [eu] }']);
  assert.equal(find(index, 'x.y.app.example.test'), 'wildcard service');
  assert.equal(find(index, 'app.example.test'), 'node');
});

test('names of 255 octets are looked up like any other', () => {
  const long = `${'a'.repeat(63)}.`.repeat(3);
  const index = indexOf([txt('*')]);
  const deep = `${'b'.repeat(255 - 3 * 64 - 15)}.${long}example.test`;
  assert.equal(nameOf(deep).length, 255);
  assert.equal(find(index, deep), 'wildcard TXT');
});

describe('a zone inside a zone', () => {
  const main = `director: { id: a, region: eu }
zones:
  - name: eu.example.test
    records:
      - { name: mail, type: TXT, data: inner }
  - name: example.test
    records:
      - { name: "*", type: MX, data: "0 ." }
      - { name: mail, type: TXT, data: outer }
`;
  const index = indexZones(settingsOf({ main }));
  const cases = [
    ['eu.example.test', 'node SOA NS'],
    ['mail.eu.example.test', 'node TXT'],
    ['x.eu.example.test', 'missing in eu.example.test'],
    ['ns-eu.eu.example.test', 'node A'],
    ['us.example.test', 'wildcard MX'],
    ['mail.example.test', 'node TXT'],
  ] as const;
  for (const [name, expected] of cases) {
    test(`${name}: ${expected}`, () => assert.equal(find(index, name), expected));
  }
});

test('several zones stand side by side', () => {
  const main = `director: { id: a, region: eu }
zones:
  - { name: example.test }
  - { name: example.net, records: [{ name: "@", type: TXT, data: x }] }
`;
  const index = indexZones(settingsOf({ main }));
  assert.equal(find(index, 'example.net'), 'node SOA NS TXT');
  assert.equal(find(index, 'a.example.test'), 'missing in example.test');
});

test('the addresses of a host are its A and AAAA sets, if it has any', () => {
  const nameserver = 'nameserver: { ipv4: [198.51.100.53], ipv6: ["2001:db8::53"] }';
  const regions = { eu: regionText.replace(/nameserver.*/, nameserver) };
  const index = indexZones(settingsOf({ main: zoneText({ records: [txt('mail')] }), regions }));
  const addresses = (name: string): string[] =>
    hostAddresses(index, rrset('example.test', 'NS', 30, name)).flatMap(({ data }) =>
      data.map(({ text }) => text),
    );
  assert.deepEqual(addresses('ns-eu.example.test'), ['198.51.100.53', '2001:db8::53']);
  assert.deepEqual(addresses('mail.example.test'), []);
  assert.deepEqual(addresses('nobody.example.net'), []);
});

describe('below a delegation nothing is found but the delegation', () => {
  const index = indexOf([
    '{ name: lab, type: NS, data: ns.a.lab }',
    '{ name: ns.a.lab, type: A, data: 192.0.2.1 }',
    '{ name: old, type: DNAME, data: new }',
    txt('*'),
  ]);
  const cases = [
    ['lab.example.test', 'delegated in example.test'],
    ['ns.a.lab.example.test', 'delegated in example.test'],
    ['x.lab.example.test', 'delegated in example.test'],
    ['x.ns.a.lab.example.test', 'delegated in example.test'],
    ['old.example.test', 'node DNAME'],
    ['x.y.old.example.test', 'renamed in example.test'],
    ['xold.example.test', 'wildcard TXT'],
  ] as const;
  for (const [name, expected] of cases) {
    test(`${name}: ${expected}`, () => assert.equal(find(index, name), expected));
  }
});

test('an index of many names is made in slices, and is the same', () => {
  const services = Array.from({ length: 1000 }, (_, i) => `{ name: s${i}, regions: [eu] }`);
  const settings = settingsOf({ main: zoneText({ records: [txt('mail')], services }) });
  const slices = indexInSlices(settings);
  let pauses = 0;
  for (;;) {
    const step = slices.next();
    if (step.done === true) {
      assert.deepEqual(step.value.nodes, indexZones(settings).nodes);
      break;
    }
    pauses++;
  }
  assert.ok(pauses >= 8, `${pauses} pauses`);
});
