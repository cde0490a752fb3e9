import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  type DomainName,
  formatName,
  isAtOrBelow,
  labelsOf,
  lowerName,
  parentOf,
  parseName,
  rootName,
  wildcardBelow,
} from '../../src/model/name.ts';

function named(text: string): DomainName {
  const name = parseName(text);
  assert.ok(name !== undefined, text);
  return name;
}

/** Labels of any octets, some of them near the largest size, at most 255 octets in all. */
const label = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.uint8Array({ minLength: 62, maxLength: 63 }),
    fc.constantFrom('www', 'a.b', '*', '@', '\\', '\\065', 'EXAMPLE', '1').map(Buffer.from),
  )
  .map((octets) => Buffer.from(octets).toString('latin1'));
const anyName = fc
  .array(label, { maxLength: 6 })
  .map((labels) => labels.map((each) => String.fromCharCode(each.length) + each).join(''))
  .filter((wire) => wire.length < 255)
  .map((wire) => lowerName(`${wire}\0`));

describe('reading a name', () => {
  test('gives its wire form, in lower case', () => {
    assert.equal(named('www.Example.TEST.'), '\x03www\x07example\x04test\0');
    assert.equal(named('www.example.test'), '\x03www\x07example\x04test\0');
    assert.equal(named('.'), rootName);
  });

  test('completes a name without a final dot by its origin, and `@` is the origin', () => {
    const origin = named('example.test');
    assert.equal(parseName('www', origin), named('www.example.test'));
    assert.equal(parseName('www.', origin), named('www'));
    assert.equal(parseName('@', origin), origin);
    assert.equal(parseName('@'), rootName);
  });

  test('reads escapes (RFC 1035 §5.1)', () => {
    assert.equal(named('a\\.b.test'), '\x03a.b\x04test\0');
    assert.equal(named('\\065bc'), '\x03abc\0');
    assert.equal(named('\\000\\255'), '\x02\0\xff\0');
    assert.equal(named('a\\ b'), '\x03a b\0');
    assert.equal(named('\\\\'), '\x01\\\0');
    assert.equal(named('\\@'), '\x01@\0');
    assert.equal(named('a\\..'), '\x02a.\0');
  });

  for (const text of [
    '',
    '..',
    '.a',
    'a..b',
    'a b',
    'a\tb',
    'é',
    'ſ',
    'a\\',
    '\\25',
    '\\256',
    '\\999',
    '\\1a',
    '\\é',
    '\\\n',
    '\x7f',
  ]) {
    test(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseName(text), undefined));
  }

  test('takes labels up to 63 octets and names up to 255', () => {
    const longest = 'a'.repeat(63);
    assert.ok(parseName(longest));
    assert.equal(parseName(`${longest}a`), undefined);
    assert.equal(parseName(`${longest}a.test`), undefined);
    const full = `${longest}.${longest}.${longest}.${'a'.repeat(61)}`;
    assert.equal(named(full).length, 255);
    assert.equal(parseName(`${full}a`), undefined);
    assert.equal(parseName('a', named(full)), undefined);
    assert.equal(parseName(Array(127).fill('\\000').join('.'))?.length, 255);
    assert.equal(parseName(Array(128).fill('a').join('.')), undefined);
  });

  test('never throws, and what it takes has sizes that a name may have', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z.\\0-9]*$/)), (text) => {
        const name = parseName(text);
        if (name === undefined) return;
        assert.ok(name.length <= 255);
        for (const each of labelsOf(name)) assert.ok(each.length >= 1 && each.length <= 63);
      }),
    );
  });
});

describe('writing a name', () => {
  test('reads back the same, whatever octets it has', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        assert.equal(parseName(formatName(name)), name);
        assert.equal(parseName(`${formatName(name)}${name === rootName ? '' : '.'}`), name);
      }),
    );
  });

  test('is printable ASCII without blanks', () => {
    fc.assert(fc.property(anyName, (name) => assert.match(formatName(name), /^[!-~]+$/)));
  });

  test('leaves ordinary names as people write them', () => {
    for (const text of ['www.example.test', '_sip._tcp.example', '*.dev', 'a-b', '.']) {
      assert.equal(formatName(named(text)), text);
    }
    assert.equal(formatName(named('a\\.b\\;\\007')), 'a\\.b\\;\\007');
  });
});

describe('names as trees', () => {
  test('labels are those the name was made of', () => {
    assert.deepEqual(labelsOf(named('a\\.b.example.test')), ['a.b', 'example', 'test']);
    assert.deepEqual(labelsOf(rootName), []);
  });

  test('each parent has one label less, up to the root, which has none', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        let left = labelsOf(name);
        for (let at = parentOf(name); at !== undefined; at = parentOf(at)) {
          assert.deepEqual(labelsOf(at), left.slice(1));
          left = left.slice(1);
        }
        assert.deepEqual(left, []);
      }),
    );
  });

  test('a name is at or below another when its last labels are the other one', () => {
    fc.assert(
      fc.property(anyName, anyName, fc.nat(6), fc.boolean(), (name, other, drop, isOwn) => {
        let own = name;
        for (let i = 0; i < drop; i++) own = parentOf(own) ?? own;
        const ancestor = isOwn ? own : other;
        const [labels, ending] = [labelsOf(name), labelsOf(ancestor)];
        const isSame =
          ending.length <= labels.length &&
          ending.every((each, i) => each === labels[labels.length - ending.length + i]);
        assert.equal(isAtOrBelow(name, ancestor), isSame);
      }),
    );
  });

  test('an ending that cuts a label in two is no ancestor', () => {
    assert.ok(!isAtOrBelow(named('notexample.test'), named('example.test')));
    // The label holds what looks like the wire form of the ancestor.
    assert.ok(!isAtOrBelow(named('a\\007example.test'), named('example.test')));
    assert.ok(!isAtOrBelow(named('test'), named('example.test')));
    assert.ok(isAtOrBelow(named('example.test'), named('example.test')));
    assert.ok(isAtOrBelow(named('a.b.example.test'), named('example.test')));
    assert.ok(isAtOrBelow(named('a'), rootName));
  });

  test('a wildcard stands below a name unless it would be too long', () => {
    assert.equal(wildcardBelow(named('example.test')), named('*.example.test'));
    assert.equal(wildcardBelow(rootName), named('*'));
    const longest = 'a'.repeat(63);
    const room = `${longest}.${longest}.${longest}.`;
    assert.equal(wildcardBelow(named(`${room}${'a'.repeat(59)}`))?.length, 255);
    assert.equal(wildcardBelow(named(`${room}${'a'.repeat(60)}`)), undefined);
  });
});

test('lower case touches ASCII letters alone', () => {
  assert.equal(lowerName('\x03AbZ\x02\xc0\xde\0'), '\x03abz\x02\xc0\xde\0');
});
