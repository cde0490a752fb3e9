// Lines of query logs: what each format says, and that no line, whoever wrote it, does harm.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type Line,
  readBind,
  readCsv,
  readDnstap,
  readJson,
  type ReadLine,
} from '../../../src/cli/clients/query-log.ts';
import { formatRow } from '../../../src/model/client-row.ts';

const wordsOf = (line: Line): string => (typeof line === 'string' ? line : formatRow(line));

function reads(read: ReadLine, cases: Readonly<Record<string, string>>): void {
  for (const [line, words] of Object.entries(cases)) {
    test(`${line.slice(0, 150) || 'nothing'} is ${words}`, () => {
      assert.equal(wordsOf(read(line)), words);
    });
  }
}

const byResolver = '198.51.100.0/24,1,www.example.test,resolver';
const bySubnet = '203.0.113.0/24,1,www.example.test,subnet';

describe('BIND', () => {
  const of = (rest: string): string =>
    `28-Nov-2026 10:00:00.123 queries: info: client @0x7f5c2c0a1b68 198.51.100.7#53 (www.example.test): query: ${rest}`;
  reads(readBind, {
    [of('www.example.test IN A +E(0)K (192.0.2.1)')]: byResolver,
    [of('WWW.example.TEST IN AAAA -E(0) (192.0.2.1) [ECS 203.0.113.0/24/0]')]: bySubnet,
    [of('www.example.test IN A -E(0) (192.0.2.1) [ECS 0.0.0.0/0/0]')]: byResolver,
    [of('www.example.test IN A -E(0) (192.0.2.1) [ECS 2a00:1450:4000:12ff::/64/0]')]:
      '2a00:1450:4000:1200::/56,1,www.example.test,subnet',
    'client 2a00:1450:4000:12ff::53#4242 (www.example.test): view internal: query: www.example.test IN HTTPS + (::1)':
      '2a00:1450:4000:1200::/56,1,www.example.test,resolver',
    'client @0x1 fe80::1%eth0#53 (www.example.test): query: www.example.test IN A + (::1)':
      'fe80::/56,1,www.example.test,resolver',
    [of('www.example.test IN MX + (192.0.2.1)')]: 'other',
    '28-Nov-2026 10:00:00.123 general: info: zone example.test/IN: loaded serial 7': 'other',
    '': 'other',
    [of('www.example.test IN A -E(0) (192.0.2.1) [ECS 203.0.113.9/24/0]')]: 'bad',
    [of('www.example.test IN A -E(0) (192.0.2.1) [ECS ')]: 'bad',
    [of('')]: 'bad',
    'client @0x1 nobody#53 (a.test): query: a.test IN A + (::1)': 'bad',
    'client @0x1 198.51.100.7 (a.test): query: a.test IN A + (::1)': 'bad',
    'query: a.test IN A': 'bad',
  });
});

describe('our own query log', () => {
  const of = (rest: object): string =>
    JSON.stringify({ level: 'info', event: 'query', name: 'www.example.test', type: 'A', ...rest });
  const asker = '198.51.100.0/24';
  reads(readJson, {
    [of({ asker, outcome: 'steered' })]: byResolver,
    [of({ asker, subnet: '203.0.113.0/24', outcome: 'steered' })]: bySubnet,
    [of({ asker, subnet: '0.0.0.0/0' })]: byResolver,
    [of({ asker, outcome: 'nxdomain' })]: 'other',
    '{"event":"config.reloaded"}': 'other',
    '': 'other',
    [of({ outcome: 'steered' })]: 'bad',
    [of({ asker: 7 })]: 'bad',
    [of({ asker, subnet: ['203.0.113.0/24'] })]: 'bad',
    [of({ asker, subnet: 'somewhere' })]: 'bad',
    [of({ asker, name: 'a b' })]: 'bad',
    '{': 'bad',
    null: 'bad',
    '[]': 'other',
  });
});

describe('CSV', () => {
  reads(readCsv, {
    '203.0.113.0/24,1,www.example.test,subnet': bySubnet,
    '203.0.113.77,12': '203.0.113.0/24,12,,subnet',
    'network,weight,name,by': 'other',
    'Address,Count': 'other',
    '# 203.0.113.0/24,1': 'other',
    ' ': 'other',
    'somewhere,3': 'bad',
    '203.0.113.0/24;3': 'bad',
  });
});

describe('dnstap as text', () => {
  const stamp = '28-Nov-2026 12:00:00.000';
  reads(readDnstap, {
    [`${stamp} AQ 198.51.100.7:53124 -> 192.0.2.1:53 UDP 40b www.example.test/IN/A`]: byResolver,
    [`${stamp} CQ 198.51.100.7:53124 -> 192.0.2.1:53 TCP 40b WWW.example.test/IN/AAAA`]: byResolver,
    [`${stamp} AQ [2a00:1450:4000:12ff::1]:53 -> [::1]:53 UDP 40b www.example.test/IN/A`]:
      '2a00:1450:4000:1200::/56,1,www.example.test,resolver',
    [`${stamp} AQ 2a00:1450:4000:12ff::1:53 -> ::1:53 UDP 40b a.test/IN/A`]:
      '2a00:1450:4000:1200::/56,1,a.test,resolver',
    '12:00:00.000000 AQ 198.51.100.7 UDP 40b "www.example.test." IN A': byResolver,
    [`${stamp} AR 198.51.100.7:53124 <- 192.0.2.1:53 UDP 56b www.example.test/IN/A`]: 'other',
    [`${stamp} RQ 192.0.2.1:53124 -> 192.0.2.9:53 UDP 40b www.example.test/IN/A`]: 'other',
    '12:00:00.000000 AQ 198.51.100.7 UDP 40b "www.example.test." IN TXT': 'other',
    '': 'other',
    [`${stamp} AQ`]: 'bad',
    [`${stamp} AQ 198.51.100.7:53 -> 192.0.2.1:53 UDP 40b www.example.test`]: 'bad',
    'some other words': 'bad',
  });
});

describe('whatever a line holds', () => {
  const parts = fc.array(
    fc.oneof(
      fc.constantFrom(
        'client ',
        ': query: ',
        ' [ECS ',
        ']',
        '#',
        '/',
        '"',
        'AQ ',
        ' IN A',
        '{"event":"query"',
        ',',
      ),
      fc.string({ maxLength: 8 }),
    ),
    { maxLength: 12 },
  );
  for (const [name, read] of Object.entries({ readBind, readJson, readCsv, readDnstap })) {
    test(`${name} reads or refuses it`, () => {
      fc.assert(fc.property(parts, (pieces) => void read(pieces.join(''))));
    });
  }
});
