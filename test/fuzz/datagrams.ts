// Datagrams into the whole of `respond`: decode, guard, look up, decide, answer, encode.

import assert from 'node:assert/strict';
import { createRule } from '../../src/director/rates.ts';
import { millis } from '../../src/model/time.ts';
import { decodeQuery } from '../../src/wire/decode.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import { createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { noon } from '../support/fleet.ts';
import { type ReadReply, readReply } from '../support/reply.ts';
import { below, pick } from './mutate.ts';
import type { Target } from './targets.ts';

const transports = ['udp', 'udp', 'udp', 'tcp', 'tls', 'https'] as const;

/** What a message that is none may be told. */
const refusals = ['FORMERR', 'NOTIMP', 'BADVERS'];

export function createDatagrams(
  corpus: readonly Uint8Array[],
  words: readonly Uint8Array[],
): Target {
  let now = noon as number;
  const clock = { ...createFakeClock(noon), now: () => millis(now) };
  const keys = [sipKey(new Uint8Array(16).fill(7))];
  const options = { clock, cookieKeys: () => keys };
  const stage = createDnsStage(plainSnapshot(settingsOf(shippedText())), options);
  const guarded = createDnsStage(stage.view.snapshot, {
    ...options,
    rule: createRule(stage.counters, 1),
  });
  return {
    name: 'datagrams',
    from: 'strangers',
    corpus,
    words,
    inputs: 20_000,
    longest: 65_507,
    feed(input, random) {
      now += 1;
      const transport = pick(random, transports);
      const address = { family: 4, a: below(random, 2 ** 32) | 0, b: 0, c: 0, d: 0 } as const;
      const door = random() < 0.5 ? stage : guarded;
      const reply = door.send(input, { transport, address, port: below(random, 65_536) });
      assert.equal(door.counters.outcomes.servfail, 0, 'a mistake of ours');
      if (reply === undefined) return 'silence';
      assert.ok(transport !== 'udp' || reply.length <= 1232, `${reply.length} octets over UDP`);
      return judge(input, readReply(reply));
    },
  };
}

/** Whoever is told more than that its message is none must have sent one: dns2 reads it too. */
function judge(input: Uint8Array, reply: ReadReply): string {
  assert.ok(reply.flags.qr);
  assert.equal(reply.id, Buffer.from(input).readUInt16BE(0));
  const isRefused = 'kind' in decodeQuery(input);
  assert.equal(isRefused, refusals.includes(reply.rcode), reply.rcode);
  if (isRefused) {
    assert.equal(reply.answers.length + reply.authority.length, 0);
    return reply.rcode;
  }
  const query = readReply(input);
  // RFC 7873 §5.4: whoever shows a cookie may ask nothing else, and is told nothing else.
  const isBare = query.questions.length === 0 && query.edns?.options.includes(10) === true;
  if (isBare) assert.equal(reply.answers.length + reply.authority.length, 0);
  else assert.equal(query.questions.length, 1);
  assert.equal(query.flags.qr, false);
  assert.equal(query.answers.length + query.authority.length + query.additional.length, 0);
  assert.deepEqual(reply.questions, query.questions);
  assert.equal(reply.edns === undefined, query.edns === undefined);
  return reply.rcode;
}
