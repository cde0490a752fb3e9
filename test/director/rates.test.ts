// Rates by DNS: who is limited, who is free, and how every query is counted.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRule } from '../../src/director/rates.ts';
import type { RateLimits } from '../../src/model/dns-settings.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import { assertCountersSum, counted, createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { aPrefix } from '../support/fleet.ts';
import { fromHex } from '../support/hex.ts';
import { buildQuery, option, type QueryShape } from '../support/query.ts';
import { readReply } from '../support/reply.ts';

const shipped = settingsOf(shippedText());

function stageWith(rates: Partial<RateLimits> = {}, amplification = 20) {
  const limits = { perSecond: 3, slip: 2, isDryRun: false, exempt: [], ...rates };
  const dns = { ...shipped.dns, rates: limits, amplification };
  // The counters are the stage's own, and the rule wants to count in the same ones.
  const stage: ReturnType<typeof createDnsStage> = createDnsStage(
    plainSnapshot({ ...shipped, dns }),
    { rule: (...asked) => rule(...asked), cookieKeys: () => [sipKey(new Uint8Array(16))] },
  );
  const rule = createRule(stage.counters, 1);
  return stage;
}

type Stage = ReturnType<typeof stageWith>;

function askTimes(
  stage: Stage,
  count: number,
  shape: QueryShape = {},
  transport: 'udp' | 'tcp' = 'udp',
) {
  for (let i = 0; i < count; i++) stage.send(buildQuery(shape), { transport });
}

describe('an address that asks too often', () => {
  test('gets its rate, then silence and every second time word to come over TCP', () => {
    const stage = stageWith();
    askTimes(stage, 7);
    assert.equal(counted(stage.counters), 'steered 3, dropped-rate 2, slipped 2');
    assertCountersSum(stage.counters);
  });

  test('is told to come over TCP by a reply without records, with TC set (RFC 2181 §9)', () => {
    const stage = stageWith({ slip: 1 });
    askTimes(stage, 3);
    const { flags, rcode, answers } = stage.ask({});
    assert.deepEqual([flags.tc, rcode, answers.length], [true, 'NOERROR', 0]);
  });

  test('has a rate of its own for names that are not there, and for errors', () => {
    const stage = stageWith({ slip: 0 });
    askTimes(stage, 5);
    askTimes(stage, 5, { name: 'nobody.example.test' });
    askTimes(stage, 5, { name: 'example.net' });
    for (let i = 0; i < 5; i++) stage.send(Uint8Array.from([...buildQuery(), 0]));
    assert.equal(counted(stage.counters), 'steered 3, nxdomain 3, refused 3, dropped-rate 11');
    assertCountersSum(stage.counters);
  });
});

describe('nobody is limited', () => {
  test('over TCP', () => {
    const stage = stageWith();
    askTimes(stage, 20, {}, 'tcp');
    assert.equal(counted(stage.counters), 'steered 20');
  });

  test('who shows a good cookie (RFC 7873 §1.1)', () => {
    const stage = stageWith();
    const { edns } = stage.ask({ edns: { options: [option(10, [1, 2, 3, 4, 5, 6, 7, 8])] } });
    const cookie = option(10, [...fromHex(edns?.optionData[0] ?? '')]);
    askTimes(stage, 20, { edns: { options: [cookie] } });
    assert.equal(counted(stage.counters), 'steered 21');
  });

  test('in an exempt network', () => {
    const stage = stageWith({ exempt: [aPrefix('0.0.0.0/0')] });
    askTimes(stage, 20);
    assert.equal(counted(stage.counters), 'steered 20');
  });

  test('in a dry run, which counts whom it would have limited', () => {
    const stage = stageWith({ isDryRun: true });
    askTimes(stage, 20);
    assert.equal(counted(stage.counters), 'steered 20');
    assert.equal(stage.counters.wouldLimit, 17);
  });
});

describe('amplification', () => {
  const shape = { name: 'example.test', type: 'MX', edns: true } as const;

  test('is bounded for those who show no cookie, by a truncated answer', () => {
    assert.equal(stageWith({}, 2).ask(shape).flags.tc, false);
    const { flags, answers } = stageWith({}, 1).ask(shape);
    assert.deepEqual([flags.tc, answers.length], [true, 0]);
  });

  test('is not bounded over TCP', () => {
    const reply = stageWith({}, 1).send(buildQuery(shape), { transport: 'tcp' });
    assert.ok(reply);
    assert.equal(readReply(reply).flags.tc, false);
  });
});
