// Files as YAML: where faults point, and that no text whatever makes the checker throw.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkShape, readDocument } from '../../src/config/document.ts';
import { mainShape } from '../../src/config/shape.ts';
import { formatFault } from '../../src/model/fault.ts';
import { checkText, faultsOf, mainText, shippedText } from '../support/config.ts';

describe('a fault points', () => {
  const document = readDocument({
    path: 'f.yaml',
    text: 'a:\n  b: [1, { c: 2 }]\n  "7": x\n? long\n: value\n',
  }).document;
  const cases = [
    ['the file', [], '1:1'],
    ['a key', ['a'], '1:1'],
    ['a key inside a block', ['a', 'b'], '2:3'],
    ['an entry of a list', ['a', 'b', 0], '2:7'],
    ['a key inside an entry', ['a', 'b', 1, 'c'], '2:12'],
    ['a key that looks like a number', ['a', '7'], '3:3'],
    ['a key on a line of its own', ['long'], '4:3'],
    ['the block, where a key is missing', ['a', 'b', 1, 'd'], '2:10'],
    ['the nearest block, where more is missing', ['x', 'y', 'z'], '1:1'],
    ['the entry, where something is wanted below a word', ['a', 'b', 0, 'c'], '2:7'],
  ] as const;
  for (const [words, at, expected] of cases) {
    test(`at ${words}`, () => {
      const { position } = document.fault('config.value', at, '');
      assert.equal(`${position?.line}:${position?.column}`, expected);
      assert.equal(position?.file, 'f.yaml');
    });
  }
});

test('a fault of the whole file points at its first setting, behind comments', () => {
  const { document } = readDocument({ path: 'f.yaml', text: '# one\n\na: 1\n' });
  assert.equal(document.fault('config.shape', ['b'], '').position?.line, 3);
});

describe('what is no configuration', () => {
  const cases = [
    ['an empty file', '', '1:1: got nothing, want a block of settings (config.shape)'],
    ['comments alone', '# a\n# b\n', '1:1: got nothing, want a block of settings (config.shape)'],
    ['a word', 'hello', '1:1: got "hello", want a block of settings (config.shape)'],
    ['a list', '- a\n', '1:1: got a list, want a block of settings (config.shape)'],
    ['tabs', 'director:\n\tid: a\n', '2:1: Tabs are not allowed as indentation (config.syntax)'],
    ['a key twice', `${mainText}zones: []\n`, '6:1: Map keys must be unique (config.syntax)'],
    [
      'two documents',
      `${mainText}---\n${mainText}`,
      '6:1: Source contains multiple documents; please use YAML.parseAllDocuments() (config.syntax)',
    ],
    [
      'an alias of nothing',
      'a: *b\n',
      '1:1: Unresolved alias (the anchor must be set before the alias): b (config.syntax)',
    ],
  ] as const;
  for (const [words, main, expected] of cases) {
    test(words, () => {
      assert.equal(faultsOf({ main })[0], `meridian.yaml:${expected}`);
    });
  }
});

describe('hostile files', () => {
  const lines = (count: number, line: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => line(i)).join('\n');
  const cases: [string, string][] = [
    ['deep lists', '['.repeat(20_000)],
    ['deep blocks in braces', '{a: '.repeat(20_000)],
    ['deep blocks by indentation', lines(2000, (i) => `${' '.repeat(i)}a:`)],
    [
      'a bomb of aliases',
      `a0: &a0 [x]\n${lines(9, (i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`)}`,
    ],
    ['a block that holds itself', 'director: &a { id: *a, region: *a }\nzones: [*a]\n'],
    [
      'keys that objects have anyway',
      `${mainText}__proto__: { x: 1 }\nconstructor: 1\ntoString: 2\n`,
    ],
    [
      'a prototype in place of settings',
      '__proto__: { director: { id: a, region: eu }, zones: [] }\n',
    ],
    [
      'numbers beyond all bounds',
      `${mainText}http: { requestsPerSecond: 1e999 }\nlog: { sampleQueries: .nan }\n`,
    ],
    ['keys that are blocks', `${mainText}? { a: b }\n: c\n? [d]\n: e\n`],
    ['merge keys', `${mainText}log: { <<: { level: info } }\n`],
    ['tags', 'director: !x { id: !!binary aGk=, region: !!set { a } }\nzones: !!omap [a: 1]\n'],
    ['control characters', '\0\x01\x02\x7f\x80\ufeff'],
    ['lone surrogates', `${mainText}log: { level: "\ud800" }\n`],
    ['a very long word', `${mainText}state: ${'x'.repeat(100_000)}\n`],
    ['more than fits', `${mainText}${'#'.repeat(16 << 20)}`],
  ];
  for (const [words, main] of cases) {
    test(`${words} are refused with a place`, () => {
      const checked = checkText({ main });
      assert.ok(!checked.ok);
      for (const { position } of checked.faults) assert.ok((position?.line ?? 0) >= 1);
    });
  }

  test('numbers that are none are called by their names', () => {
    const main = `${mainText}http: { requestsPerSecond: 1e999 }\nlog: { sampleQueries: .nan }\n`;
    assert.deepEqual(faultsOf({ main }), [
      'meridian.yaml:6:9: /http/requestsPerSecond: got Infinity, want a number from 1 to 1000000 (config.shape)',
      'meridian.yaml:7:8: /log/sampleQueries: got NaN, want a share from 0 to 1 (config.shape)',
    ]);
  });

  test('a nest too deep for the parser is told in few words', () => {
    const faults = faultsOf({ main: '['.repeat(20_000) });
    assert.ok(faults.length < 5, `${faults.length} faults`);
    assert.match(faults[0] ?? '', /is nested too deeply \(config\.syntax\)$/);
  });

  test('no prototype is touched', () => {
    checkText({ main: `${mainText}__proto__: { polluted: 1 }\n` });
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });

  test('any text at all ends in settings or in faults', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (main) => {
        const checked = checkText({ main, regions: { eu: main } });
        assert.ok(!checked.ok && checked.faults.length > 0);
        for (const fault of checked.faults) assert.ok(formatFault(fault).length > 0);
      }),
    );
  });

  test('and so does the shipped configuration with pieces cut out, doubled or replaced', () => {
    const { main, regions } = shippedText();
    const piece = fc.constantFrom(
      '',
      ' ',
      '\n',
      ':',
      '- ',
      '{',
      ']',
      '"',
      '*a',
      '&a ',
      '__proto__: 1',
      'null',
      '-1',
      '1e400',
      '\t',
      '#',
      '@',
      '*',
      '\\',
      '0s',
      '9999999d',
      '%',
    );
    const edit = fc.tuple(fc.nat(main.length), fc.nat(40), piece);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let text = main;
        let eu = regions['eu-west'] ?? '';
        for (const [at, length, words] of edits) {
          text = text.slice(0, at) + words + text.slice(at + length);
          eu = eu.slice(0, at % 200) + words + eu.slice((at % 200) + length);
        }
        const checked = checkText({ main: text, regions: { ...regions, 'eu-west': eu } });
        if (checked.ok) return;
        const longest = Math.max(text.split('\n').length, eu.split('\n').length);
        for (const fault of checked.faults) {
          const line = fault.position?.line ?? 0;
          assert.ok(line >= 1 && line <= longest, formatFault(fault));
        }
        assert.ok(checked.faults.length > 0);
      }),
      { numRuns: 150 },
    );
  });
});

test('every fault of a block is told, however many there are', () => {
  const strangers = Array.from({ length: 40 }, (_, i) => `stranger${i}: 1\n`).join('');
  assert.equal(faultsOf({ main: mainText + strangers }).length, 40);
});

test('a value of the right shape comes back as it is', () => {
  const { document } = readDocument({ path: 'f.yaml', text: mainText });
  const checked = checkShape(document, mainShape);
  assert.equal(checked.value, document.value);
  assert.deepEqual(checked.faults, []);
});
