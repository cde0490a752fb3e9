// What directors of a fleet must have alike: which settings count, and that only their meaning does.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mainText, regionText, settingsOf } from '../support/config.ts';

const main = `${mainText}health: { observers: [eu], settle: 5m }\n`;
const configurationOf = (text: string, region = regionText): string =>
  settingsOf({ main: text, regions: { eu: region } }).configuration;
const running = configurationOf(main);

test('directors on the same settings have the same 12 digits', () => {
  assert.match(running, /^[0-9a-f]{12}$/);
  assert.equal(configurationOf(main), running);
});

describe('what is each director’s own does not count', () => {
  const lines = [
    'listen: { dns: ["127.0.0.1:5301"], http: "127.0.0.1:1" }',
    'state: elsewhere',
    'gossip: { boards: ["redis://one"], secrets: ["a secret of some length"] }',
    'geo: { mmdb: /var/lib/own.mmdb }',
    'http: { requestsPerSecond: 7 }',
    'log: { level: debug }',
  ];
  for (const line of lines) {
    test(line, () => assert.equal(configurationOf(`${main}${line}\n`), running));
  }

  test('nor its name and place', () => {
    assert.equal(configurationOf(main.replace('id: a, region: eu', 'id: b, region: us')), running);
  });

  test('nor how many probes it makes at once, nor what stands in its environment', () => {
    assert.equal(configurationOf(main.replace('settle', 'probesInFlight: 7, settle')), running);
    const env = { MERIDIAN_HTTP: '127.0.0.1:2', MERIDIAN_SECRETS: 'another secret of some length' };
    assert.equal(settingsOf({ main, env }).configuration, running);
  });
});

describe('what answers follow from counts', () => {
  const changes: Readonly<Record<string, readonly [string, string]>> = {
    'a service': [main.replace('name: www', 'name: web'), regionText],
    'a zone': [main.replace('example.test', 'example.net'), regionText],
    'who observes': [main.replace('observers: [eu]', 'observers: [eu, us]'), regionText],
    'how long answers settle': [main.replace('5m', '6m'), regionText],
    'an address of a region': [main, regionText.replace('192.0.2.10', '192.0.2.11')],
    'a probe': [main, `${regionText}probe: { tcp: "192.0.2.1:80" }\n`],
  };
  for (const [what, [text, region]] of Object.entries(changes)) {
    test(what, () => assert.notEqual(configurationOf(text, region), running));
  }

  test('the id of a region, and which region has what', () => {
    const other = regionText.replace('192.0.2.10', '192.0.2.11');
    const of = (regions: Record<string, string>): string =>
      settingsOf({ main, regions }).configuration;
    assert.notEqual(of({ eu: regionText, us: other }), of({ eu: other, us: regionText }));
    assert.notEqual(of({ eu: regionText, us: other }), of({ eu: regionText, ap: other }));
    assert.equal(of({ us: other, eu: regionText }), of({ eu: regionText, us: other }));
  });
});

test('how a value is written does not count', () => {
  const [first = '', ...others] = regionText.trim().split('\n');
  assert.equal(configurationOf(main, `# Dublin\n${[...others, first].join('\n')}\n`), running);
  assert.equal(configurationOf(main.replace('observers: [eu]', '"observers": ["eu"]')), running);
  assert.equal(configurationOf(main, regionText.replace('53.3', '53.30')), running);
});
