// Replies: what is copied from the query, what comes from the answer, and what stays zero.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Answer } from '../../src/model/message.ts';
import { decodeQuery } from '../../src/wire/decode.ts';
import { compileAnswer, errorReply, refusal, reply } from '../../src/wire/encode.ts';
import { answer, noSuchAnswer, rrset, soaSet } from '../support/answers.ts';
import { fromHex, toHex } from '../support/hex.ts';
import { decoded } from '../support/outcome.ts';
import { buildQuery, message, optRecord, type QueryShape, question } from '../support/query.ts';
import { type ReadReply, readReply } from '../support/reply.ts';

const twoAddresses = answer({
  answers: [rrset('www.example.test', 'A', 30, '192.0.2.10', '192.0.2.20')],
});

describe('reply, octet by octet', () => {
  test('two addresses for a client of 203.0.113.0/24, true for its /20', () => {
    const bytes = fromHex(`
      be ef 01 10 00 01 00 00 00 00 00 01
      03 57 77 77 07 65 78 61 6d 70 6c 65 04 74 65 53 74 00 00 01 00 01   ; Www.example.teSt A IN
      00 00 29 10 00 00 00 80 00 00 0b 00 08 00 07 00 01 18 00 cb 00 71
    `);
    const extendedError = { code: 3, text: 'kept' };
    const compiled = compileAnswer(decoded(bytes).name, { ...twoAddresses, extendedError });
    const out = reply(decoded(bytes), bytes, compiled, { transport: 'udp', scope: 20 });
    const expected = fromHex(`
      be ef
      85 10                                 ; QR, AA, RD; CD
      00 01 00 02 00 00 00 01
      03 57 77 77 07 65 78 61 6d 70 6c 65 04 74 65 53 74 00 00 01 00 01
      c0 0c 00 01 00 01 00 00 00 1e 00 04 c0 00 02 0a
      c0 0c 00 01 00 01 00 00 00 1e 00 04 c0 00 02 14
      00 00 29 04 d0 00 00 80 00 00 15      ; OPT: 1232 octets, version 0, DO
      00 08 00 07 00 01 18 14 cb 00 71      ; client subnet, now with its scope
      00 0f 00 06 00 03 6b 65 70 74         ; extended error
    `);
    assert.equal(toHex(out), toHex(expected));
  });

  test('no such name: the apex is a pointer into the question, names in data are whole', () => {
    const bytes = buildQuery({ name: 'no.example.test' });
    const compiled = compileAnswer(decoded(bytes).name, noSuchAnswer);
    const out = reply(decoded(bytes), bytes, compiled, { transport: 'udp', scope: undefined });
    const expected = fromHex(`
      12 34 84 03 00 01 00 00 00 01 00 00
      02 6e 6f 07 65 78 61 6d 70 6c 65 04 74 65 73 74 00 00 01 00 01
      c0 0f 00 06 00 01 00 00 00 1e 00 2e                       ; SOA of the name at octet 15
      02 6e 73 07 65 78 61 6d 70 6c 65 04 74 65 73 74 00        ; ns.example.test.
      02 68 6d 04 74 65 73 74 00                                ; hm.test.
      00 00 00 01 00 00 00 02 00 00 00 03 00 00 00 04 00 00 00 05
    `);
    assert.equal(toHex(out), toHex(expected));
  });

  test('an EDNS version nobody speaks: BADVERS takes eight bits of OPT (RFC 6891 §6.1.3)', () => {
    const bytes = buildQuery({ edns: { version: 1, wantsDnssec: true } });
    const malformed = decodeQuery(bytes);
    assert.ok('kind' in malformed && malformed.kind === 'refused');
    const expected = fromHex(`
      12 34 80 00 00 01 00 00 00 00 00 01
      03 77 77 77 07 65 78 61 6d 70 6c 65 04 74 65 73 74 00 00 01 00 01
      00 00 29 04 d0 01 00 80 00 00 00                          ; extended RCODE 1, version 0
    `);
    assert.equal(toHex(errorReply(bytes, malformed)), toHex(expected));
  });
});

describe('reply', () => {
  test('repeats id, RD and CD as they came, and clears RA and AD (RFC 4035 §3.1.6)', () => {
    for (const set of [true, false]) {
      const shape = { id: 0xa5a5, recursionDesired: set, checkingDisabled: set };
      const { id, flags } = replied(shape, twoAddresses);
      assert.equal(id, 0xa5a5);
      assert.deepEqual(flags, {
        qr: true,
        aa: true,
        tc: false,
        rd: set,
        ra: false,
        ad: false,
        cd: set,
      });
    }
  });

  test('clears AD even when the query asks for it (RFC 4035 §3.1.6)', () => {
    const bytes = message({ flags: 0x20, counts: [1, 0, 0, 0], parts: [question()] });
    assert.equal(readReply(refusal(decoded(bytes), bytes, 'REFUSED')).flags.ad, false);
  });

  test('sets AA only for an authoritative answer', () => {
    assert.equal(replied({}, { ...twoAddresses, isAuthoritative: false }).flags.aa, false);
  });

  test('keeps the case of the question (draft-vixie-dnsext-dns0x20)', () => {
    const { questions, answers } = replied({ name: 'wWw.ExAmPlE.tEsT' }, twoAddresses);
    assert.deepEqual(questions, [{ name: 'wWw.ExAmPlE.tEsT', type: 'A' }]);
    assert.equal(answers[0]?.name, 'wWw.ExAmPlE.tEsT.');
  });

  test('has an OPT record exactly when the query had one (RFC 6891 §6.1.1)', () => {
    assert.equal(replied({}, twoAddresses).edns, undefined);
    const { edns } = replied({ edns: { udpSize: 4096 } }, twoAddresses);
    const expected = {
      udpSize: 1232,
      version: 0,
      do: false,
      subnet: undefined,
      ede: undefined,
      options: [],
      optionData: [],
    };
    assert.deepEqual(edns, expected);
  });

  test('copies the DO bit (RFC 3225 §3)', () => {
    assert.equal(replied({ edns: { wantsDnssec: true } }, twoAddresses).edns?.do, true);
  });

  test('explains itself only to those who speak EDNS (RFC 8914 §3)', () => {
    const extendedError = { code: 0, text: 'no region is alive' };
    const given = { ...twoAddresses, extendedError };
    assert.deepEqual(replied({ edns: true }, given).edns?.ede, extendedError);
    assert.equal(replied({}, given).edns, undefined);
  });

  test('leaves the datagram and the compiled answer as they were', () => {
    const bytes = buildQuery({ subnet: '203.0.113.0/24' });
    const before = toHex(bytes);
    const query = decoded(bytes);
    const compiled = compileAnswer(query.name, twoAddresses);
    const first = reply(query, bytes, compiled, { transport: 'udp', scope: 24 });
    reply(query, bytes, compiled, { transport: 'udp', scope: 16 });
    assert.equal(toHex(bytes), before);
    assert.equal(readReply(first).edns?.subnet?.scope, 24);
  });

  test('carries every kind of record so that dns2 reads what was written', () => {
    const sets = [
      rrset('www.example.test', 'A', 30, '192.0.2.1'),
      rrset('www.example.test', 'AAAA', 31, '2001:db8::1', '::', '::ffff:102:304'),
      rrset('www.example.test', 'NS', 32, 'ns-1.example.test.', 'ns.other.test.'),
      rrset('alias.example.test', 'CNAME', 33, 'www.example.test.'),
      rrset('1.2.0.192.in-addr.arpa', 'PTR', 34, 'www.example.test.'),
      rrset('example.test', 'MX', 35, '10 mail.example.test.', '65535 a.b.'),
      rrset('example.test', 'TXT', 0x7fffffff, '"v=spf1 mx -all"', '"a" "" "q\\"b\\\\"'),
      rrset('example.test', 'CAA', 0, '0 issue "ca.example.net"', '128 iodef "mailto:a@b.test"'),
      rrset('_sip._tcp.example.test', 'SRV', 36, '10 60 5060 sip.example.test.'),
      soaSet,
    ];
    const { answers, authority, additional } = replied(
      { edns: true },
      answer({ answers: sets.slice(0, 4), authority: sets.slice(4, 7), additional: sets.slice(7) }),
    );
    const written = sets.flatMap((set) => set.data.map(({ text }) => [set.ttl, text]));
    const read = [...answers, ...authority, ...additional];
    assert.deepEqual(
      read.map(({ ttl, data }) => [ttl, data]),
      written,
    );
  });
});

describe('refusal', () => {
  test('repeats the question under its code, without AA', () => {
    for (const rcode of ['REFUSED', 'SERVFAIL'] as const) {
      const bytes = buildQuery({ recursionDesired: true });
      const read = readReply(refusal(decoded(bytes), bytes, rcode));
      assert.equal(read.rcode, rcode);
      assert.equal(read.flags.aa, false);
      assert.equal(read.flags.rd, true);
      assert.deepEqual(read.questions, [{ name: 'www.example.test', type: 'A' }]);
      assert.equal(read.edns, undefined);
    }
  });

  test('fits into 512 octets even with the longest name, subnet and explanation', () => {
    const name = Array<string>(127).fill('a').join('.');
    const bytes = buildQuery({ name, subnet: '2001:db8::1/128' });
    const out = refusal(decoded(bytes), bytes, 'REFUSED', { code: 20, text: 'x'.repeat(1000) });
    assert.ok(out.length <= 512, `${out.length} octets`);
    assert.equal(readReply(out).edns?.ede?.text, 'x'.repeat(200));
  });
});

describe('errorReply', () => {
  test('repeats opcode, RD and a question that was readable', () => {
    const read = refused(buildQuery({ opcode: 4, recursionDesired: true }));
    assert.equal(read.rcode, 'NOTIMP');
    assert.equal(read.opcode, 4);
    assert.equal(read.flags.rd, true);
    assert.equal(read.questions.length, 1);
    assert.equal(read.edns, undefined);
  });

  test('is a header alone where no question was readable', () => {
    const read = refused(message({ counts: [0, 0, 0, 0], parts: [] }));
    assert.equal(read.rcode, 'FORMERR');
    assert.deepEqual(read.questions, []);
  });

  test('has an OPT record with the DO bit of the query, but none of its options', () => {
    const opt = optRecord({ wantsDnssec: true });
    const read = refused(message({ counts: [1, 0, 0, 2], parts: [question(), opt, opt] }));
    assert.equal(read.rcode, 'FORMERR');
    assert.equal(read.edns?.do, true);
    assert.deepEqual(read.edns?.options, []);
  });

  test('says BADVERS in words that dns2 understands too', () => {
    assert.equal(refused(buildQuery({ edns: { version: 9 } })).rcode, 'BADVERS');
  });
});

test('compiling for any name gives replies that read back', () => {
  const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(label, { maxLength: 10 }), (labels) => {
      const name = Uint8Array.from([...labels.flatMap((octets) => [octets.length, ...octets]), 0]);
      const owner = decoded(buildQuery({ name })).name;
      const set = { ...rrset('x', 'A', 1, '192.0.2.1', '192.0.2.2'), name: owner };
      const read = replied({ name }, answer({ answers: [set], authority: [soaSet] }));
      assert.equal(read.answers.length, 2);
      assert.equal(read.authority[0]?.name, 'example.test.');
    }),
  );
});

function replied(shape: QueryShape, given: Answer): ReadReply {
  const bytes = buildQuery(shape);
  const query = decoded(bytes);
  const compiled = compileAnswer(query.name, given);
  return readReply(reply(query, bytes, compiled, { transport: 'tcp', scope: undefined }));
}

function refused(bytes: Uint8Array): ReadReply {
  const malformed = decodeQuery(bytes);
  assert.ok('kind' in malformed && malformed.kind === 'refused');
  return readReply(errorReply(bytes, malformed));
}
