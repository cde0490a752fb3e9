// Replies that are too long: what may be missing without a word, and what sets TC.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer, RRset } from '../../src/model/message.ts';
import { compileAnswer, reply } from '../../src/wire/encode.ts';
import { optionsFor } from '../../src/wire/options.ts';
import { answer, rrset } from '../support/answers.ts';
import { decoded } from '../support/outcome.ts';
import { buildQuery, type QueryShape } from '../support/query.ts';
import { type ReadReply, readReply } from '../support/reply.ts';

/** Header and question for `www.example.test`, then the OPT record. */
const questionSize = 12 + 18 + 4;
const optSize = 11;

/** A TXT record of `www.example.test` is its data and 13 octets more: pointer, header, length. */
const textOverhead = 12 + 1;

describe('a reply over UDP', () => {
  test('has at most 512 octets without EDNS (RFC 1035 §4.2.1)', () => {
    assertLimit({}, 512, questionSize);
  });

  test('has at most 512 octets for a sender that names less (RFC 6891 §6.2.3)', () => {
    assertLimit({ edns: { udpSize: 100 } }, 512, questionSize + optSize);
  });

  test('has at most what the sender takes', () => {
    assertLimit({ edns: { udpSize: 1000 } }, 1000, questionSize + optSize);
  });

  test('has at most 1232 octets, whatever the sender takes', () => {
    assertLimit({ edns: { udpSize: 4096 } }, 1232, questionSize + optSize);
  });

  test('counts the client subnet too', () => {
    assertLimit(
      { edns: { udpSize: 600 }, subnet: '192.0.2.0/24' },
      600,
      questionSize + optSize + 11,
    );
  });
});

describe('a truncated reply', () => {
  const long = answer({ rcode: 'NXDOMAIN', answers: [text(1000)], authority: [text(100)] });

  test('has header and question and keeps AA and the code', () => {
    const { read, size } = sent({}, long);
    assertTruncated(read);
    assert.equal(size, questionSize);
    assert.equal(read.flags.aa, true);
    assert.equal(read.rcode, 'NXDOMAIN');
    assert.equal(read.questions.length, 1);
  });

  test('keeps the OPT record with subnet and scope (RFC 6891 §7)', () => {
    const { read } = sent(
      { subnet: '192.0.2.0/24', edns: { wantsDnssec: true, udpSize: 512 } },
      long,
    );
    assertTruncated(read);
    assert.equal(read.edns?.do, true);
    assert.equal(read.edns?.subnet?.scope, 24);
  });

  test('has no more octets than its bound, whatever else was asked for', () => {
    const extras = optionsFor({ nsid: new Uint8Array(255) });
    const bytes = buildQuery({ edns: true });
    const compiled = compileAnswer(decoded(bytes).name, long);
    for (const [longest, hasMore] of [
      [questionSize + optSize + extras.length, true],
      [questionSize + optSize + extras.length - 1, false],
    ] as const) {
      const options = { transport: 'udp', longest, extras } as const;
      const out = reply(decoded(bytes), bytes, compiled, options);
      assert.ok(out.length <= longest, `${out.length} octets, want at most ${longest}`);
      const read = readReply(out);
      assertTruncated(read);
      assert.equal(read.edns?.options.length, hasMore ? 1 : 0);
    }
  });

  test('is what an explanation leads to that does not fit (RFC 8914 §3)', () => {
    const most = 512 - questionSize - optSize - textOverhead;
    const answers = [text(most)];
    const extendedError = { code: 0, text: 'why' };
    assert.equal(sent({ edns: { udpSize: 512 } }, answer({ answers })).read.flags.tc, false);
    const { read } = sent({ edns: { udpSize: 512 } }, answer({ answers, extendedError }));
    assertTruncated(read);
    assert.deepEqual(read.edns?.options, []);
  });
});

describe('additional sets', () => {
  const answers = [rrset('www.example.test', 'MX', 60, '1 a.example.test.', '2 b.example.test.')];
  const additional = ['a', 'b', 'c', 'd'].map((host, i) => many(`${host}.example.test`, 8 + i));

  test('are left out from the last on, whole and without TC (RFC 2181 §9)', () => {
    for (const [udpSize, kept] of [
      [1232, 8 + 9 + 10 + 11],
      [600, 8 + 9 + 10],
      [520, 8 + 9],
    ] as const) {
      const { read, size } = sent({ edns: { udpSize } }, answer({ answers, additional }));
      assert.equal(read.flags.tc, false);
      assert.equal(read.answers.length, 2);
      assert.equal(read.additional.length, kept);
      assert.ok(size <= udpSize);
    }
  });

  test('are all left out before the answer is', () => {
    const { read } = sent({}, answer({ answers: [text(400)], additional }));
    assert.equal(read.flags.tc, false);
    assert.equal(read.additional.length, 0);
    assert.ok(read.answers.length > 0);
  });

  test('beside name servers are no glue in an authoritative answer', () => {
    const authority = [rrset('example.test', 'NS', 60, 'a.example.test.')];
    const { read } = sent({}, answer({ answers: [text(300)], authority, additional }));
    assert.equal(read.flags.tc, false);
    assert.equal(read.authority.length, 1);
    assert.equal(read.additional.length, 8);
  });

  test('of a referral are glue: if one does not fit, TC says so (RFC 9471 §3.1)', () => {
    const authority = [rrset('example.test', 'NS', 60, 'a.example.test.', 'd.example.test.')];
    const referral = answer({ isAuthoritative: false, authority, additional });
    assertTruncated(sent({ edns: { udpSize: 600 } }, referral).read);
    const { read } = sent({ edns: { udpSize: 1232 } }, referral);
    assert.equal(read.flags.tc, false);
    assert.equal(read.additional.length, 38);
    assert.equal(read.flags.aa, false);
  });
});

describe('a reply over TCP', () => {
  test('takes all of 65,535 octets (RFC 1035 §4.2.2)', () => {
    assertLimit({}, 65_535, questionSize, 'tcp');
    assertLimit({ edns: { udpSize: 512 } }, 65_535, questionSize + optSize, 'tcp');
  });
});

/** The largest answer that fits goes out whole; one octet more is truncated. */
function assertLimit(
  shape: QueryShape,
  limit: number,
  fixed: number,
  transport: 'udp' | 'tcp' = 'udp',
): void {
  const most = limit - fixed - textOverhead;
  const { size, read } = sent(shape, answer({ answers: [text(most)] }), transport);
  assert.equal(size, limit);
  assert.equal(read.flags.tc, false);
  assert.equal(read.answers.length, 1);
  assertTruncated(sent(shape, answer({ answers: [text(most + 1)] }), transport).read);
}

function sent(
  shape: QueryShape,
  given: Answer,
  transport: 'udp' | 'tcp' = 'udp',
): { readonly read: ReadReply; readonly size: number } {
  const bytes = buildQuery(shape);
  const query = decoded(bytes);
  const out = reply(query, bytes, compileAnswer(query.name, given), { transport, scope: 24 });
  return { read: readReply(out), size: out.length };
}

function assertTruncated(read: ReadReply): void {
  assert.equal(read.flags.tc, true);
  assert.deepEqual([read.answers, read.authority, read.additional], [[], [], []]);
}

/** One TXT record of `www.example.test` whose strings take exactly `octets` beside the first's length. */
function text(octets: number): RRset {
  const strings = Math.ceil((octets + 1) / 256);
  return rrset('www.example.test', 'TXT', 60, 'x'.repeat(octets + 1 - strings));
}

function many(owner: string, count: number): RRset {
  return rrset(owner, 'A', 60, ...Array.from({ length: count }, (_, i) => `192.0.2.${i}`));
}
