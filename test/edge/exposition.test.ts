// Prometheus's text format: what is printed is read, in whatever pieces it comes and whatever else stands there.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createExpositionReader, isAmount } from '../../src/edge/exposition.ts';
import type { LabelWish, MetricPlace } from '../../src/model/figure.ts';

const metric = (name: string, ...labels: LabelWish[]): MetricPlace => ({
  kind: 'metric',
  name,
  labels,
});
const is = (name: string, value: string): LabelWish => ({ name, value, isEqual: true });
const isNot = (name: string, value: string): LabelWish => ({ name, value, isEqual: false });

function sum(place: MetricPlace, ...pieces: string[]): number | undefined {
  const reader = createExpositionReader(place);
  for (const piece of pieces) reader.take(piece);
  return reader.sum();
}

interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** As an exporter would, with spaces where they may stand. */
function print({ name, labels, value }: Series, space: string): string {
  const inner = Object.entries(labels).map(([label, text]) => {
    const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${label}${space}=${space}"${escaped}"${space}`;
  });
  const braces = inner.length === 0 ? '' : `{${space}${inner.join(`,${space}`)}}`;
  return `${name}${braces} ${space}${value} ${space === '' ? '' : '1395066363000'}`;
}

const word = fc.constantFrom('a', 'ab', 'a_b', 'b', 'le');
const series = fc.record({
  name: fc.constantFrom('up', 'up_total', 'u', 'upper', 'a:up'),
  labels: fc.dictionary(
    word,
    fc.string({ unit: fc.constantFrom('"', '\\', '\n', '}', ',', 'x') }),
    {
      noNullPrototype: true,
      maxKeys: 3,
    },
  ),
  value: fc.nat(1_000_000),
});
const noise = fc.constantFrom('', '# HELP up {"', '# TYPE up gauge', '{', 'up{', 'up{a="', '# EOF');

test('what is printed is read again: the series that fit are added up, however the text is cut', () => {
  const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 });
  const asked = fc.record({
    name: fc.constantFrom('up', 'up_total', 'u'),
    wishes: fc.array(fc.tuple(word, fc.constantFrom('', 'x', '"', '\n'), fc.boolean()), {
      maxLength: 2,
    }),
  });
  fc.assert(
    fc.property(
      fc.array(series),
      fc.array(noise),
      fc.constantFrom('', ' ', '\t '),
      asked,
      cuts,
      (all, others, space, { name, wishes }, [first = 1, ...lengths]) => {
        const lines = [...others, ...all.map((each) => print(each, space)), ...others];
        const text = lines.join('\n');
        const pieces: string[] = [];
        let at = 0;
        while (at < text.length) {
          const length = lengths[pieces.length % Math.max(1, lengths.length)] ?? first;
          pieces.push(text.slice(at, at + length));
          at += length;
        }
        const labels = wishes.map(([label, value, isEqual]) => ({ name: label, value, isEqual }));
        const fitting = all.filter(
          (each) =>
            each.name === name &&
            labels.every(
              (wish) => ((each.labels[wish.name] ?? '') === wish.value) === wish.isEqual,
            ),
        );
        const wanted =
          fitting.length === 0 ? undefined : fitting.reduce((total, { value }) => total + value, 0);
        assert.equal(sum(metric(name, ...labels), ...pieces), wanted);
      },
    ),
  );
});

describe('a series', () => {
  test('is one of exactly this name', () => {
    assert.equal(sum(metric('up'), 'up 1\nupper 2\nup_total 4\nup:x 8\n up 16\nUP 32\n'), 1);
    assert.equal(sum(metric('down'), 'up 1\n'), undefined);
  });

  test('may have an exemplar, a moment, or no line break at its end', () => {
    assert.equal(
      sum(metric('a'), 'a 1.5e+03 1395066363000\na{b="c"} 2 # {x="y"} 0.5 1\na 3'),
      1505,
    );
  });

  test('has a label that is left out as an empty one', () => {
    const text = 'a{x="1"} 1\na 2\na{x=""} 4\n';
    assert.equal(sum(metric('a', is('x', '')), text), 6);
    assert.equal(sum(metric('a', isNot('x', '')), text), 1);
    assert.equal(sum(metric('a', isNot('x', '1')), text), 6);
  });

  test('of lines of Windows is read too', () => {
    assert.equal(sum(metric('a'), 'a 1\r\na 2\r\n'), 3);
  });
});

describe('what is no number of 0 or more', () => {
  for (const value of ['NaN', '+Inf', '-Inf', '-1', 'one', '', '0x10', '1_000', '1e9999', '{}']) {
    test(`such as ${value} makes the whole figure unknown`, () => {
      assert.equal(sum(metric('a'), `a 1\na{b="c"} ${value}\n`), undefined);
    });
  }

  test('is a sum beyond all numbers', () => {
    assert.equal(sum(metric('a'), 'a 1e308\n'.repeat(3)), undefined);
  });

  test('is told from numbers as exporters write them', () => {
    for (const text of ['0', '1', '+1', '1.', '.5', '1.5E-3', '1e+06']) assert.ok(isAmount(text));
    for (const text of ['', '.', '-0', '1e', 'e1', ' 1', '1 ']) assert.ok(!isAmount(text), text);
  });
});

describe('a hostile page', () => {
  const megabyte = 1024 * 1024;
  const pages: readonly [string, string, number | undefined][] = [
    ['one endless line', `a{b="${'x'.repeat(megabyte)}`, undefined],
    ['one endless line before a good one', `a{b="${'x'.repeat(megabyte)}"} 1\na 2\n`, 2],
    ['series without end', 'a 1\n'.repeat(megabyte / 4), megabyte / 4],
    ['labels without end', `a{${'b="c",'.repeat(2500)}} 1\n`.repeat(60), 60],
    ['quotes', `a{b=${'"'.repeat(16_000)}\n`.repeat(60), undefined],
    ['backslashes', `a{b="${'\\'.repeat(16_000)}\n`.repeat(60), undefined],
    ['braces', `a${'{'.repeat(16_000)}\n`.repeat(60), undefined],
    ['spaces', `a${' '.repeat(16_000)}\n`.repeat(60), undefined],
    ['digits', `a ${'9'.repeat(16_000)}\n`.repeat(60), undefined],
  ];
  for (const [what, text, wanted] of pages) {
    test(`of ${what} is read to its end, and kept no longer than a line`, () => {
      const pieces = Array.from({ length: Math.ceil(text.length / 16_384) }, (_, i) =>
        text.slice(i * 16_384, (i + 1) * 16_384),
      );
      assert.equal(sum(metric('a', isNot('b', 'y'), isNot('c', 'z')), ...pieces), wanted);
    });
  }
});
