import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readLatencyTable } from '../../src/config/latency-table.ts';
import { formatFault } from '../../src/model/fault.ts';

const known = new Set(['eu', 'us']);

function read(text: string, path = 'rtt.yaml'): ReturnType<typeof readLatencyTable> {
  return readLatencyTable({ path, text }, (id) => known.has(id));
}

function faults(text: string, path?: string): string[] {
  return read(text, path).faults.map(formatFault);
}

const yaml = `DE: { eu: 12, us: 95.5 }
US-CA: { us: 20 }
continent:EU: { eu: 30 }
AS64500: { eu: 8 }
192.0.2.0/24: { us: 3 }
"2001:db8::/32": { us: 4 }
`;

const csv = `# medians of May
Area, Region, ms
DE,eu,12
DE,us,95.5
US-CA,us,20

continent:EU,eu,30
AS64500,eu,8
192.0.2.0/24,us,3
2001:db8::/32,us,4
`;

describe('a table of latencies', () => {
  test('says the same in YAML and in CSV', () => {
    const { rows, faults: found } = read(yaml);
    assert.deepEqual(found, []);
    assert.deepEqual(rows, read(csv, 'rtt.csv').rows);
    assert.deepEqual(
      rows.map(({ area, ms }) => `${area} ${JSON.stringify(ms)}`),
      [
        'DE {"eu":12,"us":95.5}',
        'US-CA {"us":20}',
        'continent:EU {"eu":30}',
        'AS64500 {"eu":8}',
        '192.0.2.0/24 {"us":3}',
        '2001:db8::/32 {"us":4}',
      ],
    );
    assert.deepEqual(rows[0]?.countries, ['DE']);
    assert.deepEqual(rows[1]?.subdivisions, ['US-CA']);
    assert.deepEqual(rows[2]?.continents, ['EU']);
    assert.equal(rows[3]?.asn, 64_500);
    assert.deepEqual([rows[4]?.network?.length, rows[5]?.network?.length], [24, 32]);
  });

  test('tells every fault with its line', () => {
    assert.deepEqual(
      faults('DE: { eu: fast, mars: 3 }\nXX: { eu: 1 }\ncontinent:XX: { eu: 1 }\nUS: 3\n'),
      [
        'rtt.yaml:1:7: /DE/eu: got "fast", want milliseconds from 0 to 60000 (config.value)',
        'rtt.yaml:1:17: /DE/mars: there is no file regions/mars.yaml (config.reference)',
        'rtt.yaml:2:7: /XX/eu: XX is no country (ISO 3166-1) (config.value)',
        'rtt.yaml:3:17: /continent:XX/eu: XX is no continent: want AF, AN, AS, EU, NA, OC, SA (config.value)',
        'rtt.yaml:4:1: /US: got 3, want milliseconds by region (config.shape)',
      ],
    );
    const lines =
      'area,region,ms\nDE,eu,-1\nDE,eu\n10.0.0.1/8,eu,3\nAS0,eu,3\nde,eu,3\nDE,us,1\nDE,us,2\n';
    assert.deepEqual(faults(lines, 'rtt.csv'), [
      'rtt.csv:2:1: got "-1", want milliseconds from 0 to 60000 (config.value)',
      'rtt.csv:3:1: got "DE,eu", want area,region,ms (config.shape)',
      'rtt.csv:4:1: got "10.0.0.1/8", want a network (IPv6: at most /64), with no bit set beyond its length (config.value)',
      'rtt.csv:5:1: AS0 is no autonomous system (config.value)',
      'rtt.csv:6:1: got "de", want a country (DE), a subdivision (US-CA), continent:EU, AS64500 or a network (config.value)',
      'rtt.csv:8:1: has a figure from DE to us twice (config.value)',
    ]);
  });

  test('must say something, and say what its columns are', () => {
    assert.deepEqual(faults('{}\n'), ['rtt.yaml:1:1: has no figure (config.value)']);
    assert.deepEqual(faults('[1]\n'), [
      'rtt.yaml:1:1: want areas with milliseconds by region (config.shape)',
    ]);
    assert.match(faults('DE,eu,12\n', 'rtt.csv')[0] ?? '', /1:1: want the columns area,region,ms/);
    assert.match(faults('DE: [\n')[0] ?? '', /config\.syntax/);
  });

  test('is bounded', () => {
    const many = Array.from({ length: 20_001 }, (_, i) => `AS${i + 1},eu,3`);
    const [fault, ...others] = faults(['area,region,ms', ...many].join('\n'), 'rtt.csv');
    assert.match(fault ?? '', /^rtt\.csv:20002:1: is one area too many: want at most 20000/);
    assert.deepEqual(others, []);
  });

  test('whatever it says, it is read without an exception', () => {
    const words = fc.constantFrom(
      'DE',
      'AS1',
      'eu',
      '__proto__',
      '::/0',
      ',',
      ':',
      '{',
      '}',
      '\n',
      '3',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('a.csv', 'a.yaml'), (said, path) => {
        const table = read(said, path);
        assert.ok(table.rows.length > 0 || table.faults.length > 0);
      }),
    );
  });
});
