// What a secondary is given: static records as they are, and for steered names something that lives.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { transferSets } from '../../src/authority/transfer.ts';
import { indexZones } from '../../src/authority/zone.ts';
import { typeName } from '../../src/model/message.ts';
import { formatName } from '../../src/model/name.ts';
import { type ConfigText, regionText, settingsOf, zoneText } from '../support/config.ts';

const us = regionText
  .replace('192.0.2.10', '192.0.2.20')
  .replace('1::10', '1::20')
  .replace(/nameserver.*\n/, '');

/** One line for each record of the zone, in order, without SOA and the zone's own name servers. */
function given(text: ConfigText, zone = 0): string[] {
  const settings = settingsOf(text);
  const chosen = settings.zones[zone];
  assert.ok(chosen);
  const sets = [...transferSets(chosen, settings, indexZones(settings))];
  assert.equal(sets[0], chosen.soa);
  assert.equal(sets.at(-1), chosen.soa);
  const rest = sets.slice(1, -1).filter(({ name }) => name !== chosen.apex);
  return rest
    .filter(({ name }) => formatName(name) !== `ns-eu.${formatName(chosen.apex)}`)
    .flatMap(({ name, type, ttl, data }) =>
      data.map((each) => `${formatName(name)} ${ttl} ${typeName(type)} ${each.text}`),
    );
}

function withServices(...services: string[]): ConfigText {
  return { main: zoneText({ services }), regions: { eu: regionText, us } };
}

describe('a steered name becomes', () => {
  test('the addresses of all its regions, in their configured order, with the short TTL', () => {
    assert.deepEqual(given(withServices('{ name: www, regions: [us, eu], ttl: { short: 7s } }')), [
      'www.example.test 7 A 192.0.2.20',
      'www.example.test 7 A 192.0.2.10',
      'www.example.test 7 AAAA 2001:db8:1::20',
      'www.example.test 7 AAAA 2001:db8:1::10',
    ]);
  });

  test('the first host, where it answers with a CNAME', () => {
    const text = withServices('{ name: www, regions: [us, eu], answers: cname }');
    const host = (region: string): string => `${region}.lb.example.net`;
    const regions = {
      eu: `${regionText}cname: ${host('eu')}\n`,
      us: `${us}cname: ${host('us')}\n`,
    };
    assert.deepEqual(
      given({ ...text, regions }).map((line) => line.replace(/ \d+ /, ' ')),
      ['www.example.test CNAME us.lb.example.net.'],
    );
  });

  test('records with the same addresses as hints', () => {
    const lines = given(withServices("{ name: www, regions: [us], https: ['1 . alpn=h2'] }"));
    assert.match(
      lines.at(-1) ?? '',
      /HTTPS 1 \. alpn="h2" ipv4hint=192.0.2.20 ipv6hint=2001:db8:1::20/,
    );
  });

  test('nothing of regions that stand back, while there are others', () => {
    const main = zoneText({ services: ['{ name: www, regions: [eu, us] }'] });
    const back = `${us}weight: 0\n`;
    const addresses = (regions: Record<string, string>): string[] =>
      given({ main, regions }).filter((line) => / A /.test(line));
    assert.equal(addresses({ eu: regionText, us: back }).length, 1);
    assert.equal(addresses({ eu: `${regionText}weight: 0\n`, us: back }).length, 2);
  });

  test('no more than sixteen regions', () => {
    const ids = Array.from({ length: 20 }, (_, i) => `r${i}`);
    const main = zoneText({ services: [`{ name: www, regions: [${ids.join(', ')}] }`] });
    const others = ids.map((id, i) => [id, us.replace('192.0.2.20', `192.0.2.${i + 1}`)]);
    const regions = { eu: regionText, ...Object.fromEntries(others) };
    assert.equal(given({ main, regions }).filter((line) => / A /.test(line)).length, 16);
  });
});

test('static records go as they are, delegations with their glue', () => {
  const records = [
    '{ name: lab, type: NS, data: ns.lab }',
    '{ name: ns.lab, type: A, data: 192.0.2.99 }',
    '{ name: "*.dev", type: TXT, ttl: 5s, data: \'"a"\' }',
  ];
  assert.deepEqual(given({ main: zoneText({ records }) }), [
    'lab.example.test 3600 NS ns.lab.example.test.',
    'ns.lab.example.test 3600 A 192.0.2.99',
    '*.dev.example.test 5 TXT "a"',
  ]);
});

test('a zone of ours below it is delegated, and none further down', () => {
  const main = `${zoneText({})}  - name: sub.example.test
  - name: deep.er.sub.example.test
`;
  assert.deepEqual(given({ main }), [
    'sub.example.test 86400 NS ns-eu.sub.example.test.',
    'ns-eu.sub.example.test 86400 A 198.51.100.53',
  ]);
  assert.deepEqual(given({ main }, 1), [
    'deep.er.sub.example.test 86400 NS ns-eu.deep.er.sub.example.test.',
    'ns-eu.deep.er.sub.example.test 86400 A 198.51.100.53',
  ]);
  assert.deepEqual(given({ main }, 2), []);
});
