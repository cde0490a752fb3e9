import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableFilesIn } from '../../src/config/latency-files.ts';
import { latenciesIn } from '../../src/steering/steps/latency.ts';
import { faultsOf, settingsOf, zoneText } from '../support/config.ts';

const policy = (step: string): string =>
  `${zoneText({ services: ['{ name: www, regions: [eu], policy: measured }'] })}policies: { measured: [${step}, nearest] }\n`;
const main = policy('{ latency: { file: tables/rtt.csv, withinMs: 5 } }');
const csv = 'area,region,ms\nDE,eu,12\n';

function found(text: string): string[] {
  return tableFilesIn({ path: 'meridian.yaml', text });
}

test('tables are found wherever a policy stands, each once', () => {
  const own = '{ name: www, regions: [eu], policy: [{ latency: { file: b.yaml } }] }';
  const again = '{ name: api, regions: [eu], policy: [{ latency: { file: a.csv } }] }';
  const text = `${zoneText({ services: [own, again] })}policies: { x: [{ latency: { file: a.csv } }] }\n`;
  assert.deepEqual(found(text), ['a.csv', 'b.yaml']);
  assert.deepEqual(found('zones: [{ latency: [] }, latency]\n'), []);
  const readyMade = zoneText({ services: ['{ name: www, regions: [eu], policy: latency }'] });
  assert.deepEqual(found(readyMade), ['latencies.yaml']);
  assert.deepEqual(found('director: { file: x }\n'), []);
});

test('a policy has the rows of its table', () => {
  const settings = settingsOf({ main, tables: { 'tables/rtt.csv': { text: csv } } });
  const [service] = settings.services.values();
  assert.deepEqual(latenciesIn(service?.steps ?? []), [
    { area: 'DE', countries: ['DE'], ms: { eu: 12 } },
  ]);
  assert.deepEqual(settings.tableFiles, ['tables/rtt.csv']);
});

test('directors with another table have another configuration', () => {
  const of = (text: string): string =>
    settingsOf({ main, tables: { 'tables/rtt.csv': { text } } }).configuration;
  assert.equal(of(csv), of(`# the same\n${csv}`));
  assert.notEqual(of(csv), of(csv.replace('12', '13')));
});

test('a table that cannot be read is refused where it is named, a faulty one where it is so', () => {
  const reason = { reason: 'no such file' };
  assert.deepEqual(faultsOf({ main, tables: { 'tables/rtt.csv': reason } }), [
    'meridian.yaml:6:37: /policies/measured/0/latency/file: cannot read tables/rtt.csv: no such file (config.value)',
  ]);
  const faulty = { text: `${csv}DE,mars,3\n` };
  assert.deepEqual(faultsOf({ main, tables: { 'tables/rtt.csv': faulty } }), [
    'tables/rtt.csv:3:1: there is no file regions/mars.yaml (config.reference)',
  ]);
});

test('autonomous systems of a table need the database', () => {
  const tables = { 'tables/rtt.csv': { text: `${csv}AS64500,eu,3\n` } };
  assert.match(faultsOf({ main, tables })[0] ?? '', /latency\/file: needs geo\.asn/);
  settingsOf({ main: `${main}geo: { asn: asn.mmdb }\n`, tables });
});
