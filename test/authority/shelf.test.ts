// Names of a master file are found as those of the main file are, however many there are.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerStatic } from '../../src/authority/answer.ts';
import type { Node } from '../../src/authority/node.ts';
import { findName, indexZones, type ZoneIndex } from '../../src/authority/zone.ts';
import { formatName } from '../../src/model/name.ts';
import { nameOf } from '../support/answers.ts';
import { regionText, settingsOf } from '../support/config.ts';
import { linesOf } from '../support/master.ts';

const soa = 'ns-eu.example.test. hostmaster.example.test. 7 7200 900 1209600 30';
const head = `$TTL 1h\n@ SOA ${soa}\n@ 1d NS ns-eu\n`;
const services = '    services: [{ name: www, regions: [eu] }, { name: a.deep, regions: [eu] }]\n';

function indexOf(
  records: readonly (readonly [string, string, string])[],
  isFiled: boolean,
): ZoneIndex {
  const blocks = records.map(([name, type, data]) => ({ name, type, data }));
  const lines = records.map((record) => record.join(' ')).join('\n');
  const own = isFiled ? 'file: a.zone' : `serial: 7\n    records: ${JSON.stringify(blocks)}`;
  const inner = '  - { name: inner.example.test, nameservers: [ns.a.] }\n';
  const main = `director: { id: a, region: eu }\nzones:\n  - name: example.test\n    ${own}\n${services}${inner}`;
  const masters = { 'a.zone': head + lines };
  return indexZones(settingsOf({ main, masters, regions: { eu: regionText } }));
}

/** What is found, and what is said. */
function ask(index: ZoneIndex, name: string, type: number): string[] {
  const found = findName(index, nameOf(name));
  const zone = found.kind === 'node' ? formatName(found.node.zone.apex) : '';
  const answer = answerStatic(index, found, nameOf(name), type, true);
  return [
    `${found.kind} ${zone} ${answer.rcode} ${answer.isAuthoritative}`,
    ...[answer.answers, answer.authority, answer.additional].map((sets) =>
      linesOf(sets).join('; '),
    ),
  ];
}

const possible = [
  ['mail', 'A', '192.0.2.1'],
  ['mail', 'AAAA', '::1'],
  ['@', 'MX', '10 mail'],
  ['*', 'TXT', 'any'],
  ['*.deep', 'TXT', 'deep'],
  ['x.y.z', 'TXT', 'x'],
  ['c', 'CNAME', 'mail'],
  ['c2', 'CNAME', 'www'],
  ['lab', 'NS', 'ns.lab'],
  ['ns.lab', 'A', '192.0.2.2'],
  ['d', 'DNAME', 'mail'],
  ['www', 'TXT', 'steered'],
] as const;

test('a file and the main file with the same records answer alike', () => {
  const below =
    '@ mail www a.deep b.deep deep x.y.z q.y.z y.z z c c2 lab ns.lab q.lab d q.d none ns-eu inner q.inner';
  const names = below.split(' ').map((name) => `${name}.example.test`.replace('@.', ''));
  fc.assert(
    fc.property(fc.subarray([...possible]), (some) => {
      // A delegation needs its glue, which cannot stand alone here.
      const records = some.filter(([name]) => !name.endsWith('lab') || some.length > 5);
      if (records.some(([name]) => name === 'lab') !== records.some(([name]) => name === 'ns.lab'))
        return;
      const [filed, main] = [indexOf(records, true), indexOf(records, false)];
      for (const name of [...names, 'test', 'example.net']) {
        for (const type of [1, 2, 6, 15, 16, 43]) {
          assert.deepEqual(ask(filed, name, type), ask(main, name, type), `${name} ${type}`);
        }
      }
    }),
    { numRuns: 30 },
  );
});

test('a flood of names keeps no more than a bounded number of them', () => {
  const records = Array.from({ length: 16_500 }, (_, i) => [`h${i}`, 'A', '192.0.2.1'] as const);
  const index = indexOf(records, true);
  const keptOf = (i: number): unknown => {
    const [, found] = [1, 2].map(() => findName(index, nameOf(`h${i}.example.test`)));
    return found?.kind === 'node' && !found.node.isPassing ? found.node : assert.fail();
  };
  const first = keptOf(0);
  assert.equal(keptOf(0), first, 'so that its compiled answers are found again');
  for (let i = 1; i < 16_500; i++) keptOf(i);
  assert.notEqual(keptOf(0), first);
});

test('a name that is asked for again is kept, however many are asked for once meanwhile', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
  const index = indexOf(
    [...names, 'mail'].map((name) => [name, 'A', '192.0.2.1'] as const),
    true,
  );
  const nodeOf = (name: string): Node | undefined => {
    const found = findName(index, nameOf(`${name}.example.test`));
    return found.kind === 'node' ? found.node : undefined;
  };
  assert.equal(nodeOf('mail')?.isPassing, true);
  const kept = nodeOf('mail');
  assert.equal(kept?.isPassing, false);
  for (const name of names) assert.equal(nodeOf(name)?.isPassing, true, name);
  assert.equal(nodeOf('mail'), kept);
});
