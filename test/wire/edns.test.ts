// The OPT record of a query: what is read, what is ignored, what is refused.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeQuery } from '../../src/wire/decode.ts';
import { extendedErrorOption } from '../../src/wire/edns.ts';
import { decoded, outcome } from '../support/outcome.ts';
import {
  type EdnsShape,
  buildQuery,
  message,
  option,
  optRecord,
  question,
} from '../support/query.ts';

describe('the OPT record', () => {
  test('tells the UDP size, and less than 512 means 512 (RFC 6891 §6.2.3)', () => {
    for (const [sent, read] of [
      [0, 512],
      [511, 512],
      [512, 512],
      [1400, 1400],
      [65_535, 65_535],
    ] as const) {
      assert.equal(decoded(buildQuery({ edns: { udpSize: sent } })).edns?.udpSize, read);
    }
  });

  test('tells whether DNSSEC records are wanted (RFC 3225 §3)', () => {
    assert.equal(decoded(buildQuery({ edns: { wantsDnssec: true } })).edns?.wantsDnssec, true);
    assert.equal(decoded(buildQuery({ edns: true })).edns?.wantsDnssec, false);
  });

  test('may have options nobody knows, also empty ones (RFC 6891 §6.1.2)', () => {
    const options = [option(65_001, []), option(10, [1, 2, 3, 4, 5, 6, 7, 8]), option(12, [0, 0])];
    const { edns } = decoded(buildQuery({ edns: { options } }));
    assert.equal(edns?.subnet, undefined);
  });

  test('may have unknown flags set (RFC 6891 §6.1.4)', () => {
    const opt = optRecord();
    opt.set([0x7f, 0xff], 7);
    const bytes = withOpt(opt);
    assert.equal(decoded(bytes).edns?.wantsDnssec, false);
  });

  test('may have an extended RCODE, which says nothing in a query', () => {
    const opt = optRecord();
    opt[5] = 0xff;
    assert.equal(outcome(withOpt(opt)), 'query');
  });
});

describe('an OPT record gets FORMERR with an OPT record (RFC 6891 §7)', () => {
  const opt = (shape: EdnsShape = {}): Uint8Array => optRecord(shape);
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['when there are two of them (RFC 6891 §6.1.1)', withOpt(opt(), opt())],
    ['when its owner is not the root (RFC 6891 §6.1.2)', withOpt(Uint8Array.of(1, 97, ...opt()))],
    ['when its owner is a pointer', withOpt(Uint8Array.of(0xc0, 12, ...opt().subarray(1)))],
    ['when its data ends behind the message', withOpt(cut(opt({ options: [option(10, [1])] }), 1))],
    ['when an option ends behind it', withOpt(opt({ options: [Uint8Array.of(0, 10, 0, 5, 1)] }))],
    [
      'when an option lies behind its data',
      withOpt(Uint8Array.of(...opt(), ...option(65_001, []))),
    ],
    ['when an option has half a header', withOpt(opt({ options: [Uint8Array.of(0, 10, 0)] }))],
  ];
  for (const [when, bytes] of cases) {
    test(when, () => assert.equal(outcome(bytes), 'FORMERR, question, opt'));
  }

  test('with the DO bit still known, so that the reply can repeat it', () => {
    const result = decodeQuery(withOpt(opt({ wantsDnssec: true }), opt()));
    assert.ok('kind' in result && result.kind === 'refused');
    assert.equal(result.edns?.wantsDnssec, true);
    assert.equal(result.edns?.subnet, undefined);
  });

  test('but is not found where it is cut off itself', () => {
    assert.equal(outcome(withOpt(cut(opt(), 1))), 'FORMERR, question');
  });

  test('and is found behind records and questions that nobody reads', () => {
    const a = Uint8Array.of(0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4);
    const answered = message({ counts: [1, 1, 0, 1], parts: [question(), a, opt()] });
    assert.equal(outcome(answered), 'FORMERR, question, opt');
    const doubled = message({ counts: [2, 0, 0, 1], parts: [question(), question(), opt()] });
    assert.equal(outcome(doubled), 'FORMERR, opt');
    assert.equal(outcome(message({ counts: [0, 0, 0, 1], parts: [opt()] })), 'FORMERR, opt');
  });
});

describe('EDNS beyond version 0 gets BADVERS (RFC 6891 §6.1.3)', () => {
  for (const version of [1, 2, 255]) {
    test(`such as version ${version}`, () => {
      assert.equal(outcome(buildQuery({ edns: { version } })), 'BADVERS, question, opt');
    });
  }

  test('even where its options look malformed: their form is that version’s own', () => {
    const bytes = buildQuery({ edns: { version: 1, options: [Uint8Array.of(1, 2, 3)] } });
    assert.equal(outcome(bytes), 'BADVERS, question, opt');
  });
});

describe('extendedErrorOption', () => {
  test('writes code and text (RFC 8914 §2)', () => {
    const octets = extendedErrorOption({ code: 3, text: 'alt – kept' });
    assert.equal(Buffer.from(octets).toString('latin1'), '\0\x0f\0\x0e\0\x03alt \xe2\x80\x93 kept');
  });

  test('is nothing without an error', () => {
    assert.equal(extendedErrorOption(undefined).length, 0);
  });

  test('cuts long text between characters', () => {
    const octets = extendedErrorOption({ code: 0, text: `x${'é'.repeat(300)}` });
    assert.equal(octets.length, 6 + 199);
    assert.equal(Buffer.from(octets.subarray(6)).toString(), `x${'é'.repeat(99)}`);
  });
});

/** The usual question, followed by these records. */
function withOpt(...records: readonly Uint8Array[]): Uint8Array {
  return message({ counts: [1, 0, 0, records.length], parts: [question(), ...records] });
}

function cut(bytes: Uint8Array, octets: number): Uint8Array {
  return bytes.subarray(0, bytes.length - octets);
}
