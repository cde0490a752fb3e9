// Packet → packet: every query is answered or dropped, and counted exactly once.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { outcomes } from '../../src/director/counters.ts';
import type { Clock } from '../../src/ports.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import {
  assertCountersSum,
  counted,
  createDnsStage,
  type DnsStage,
  packets,
  plainSnapshot,
} from '../support/dns-stage.ts';
import { anIp, anOverride, aRegion, aService, aSnapshot, downHealth } from '../support/fleet.ts';
import { buildQuery, type QueryShape } from '../support/query.ts';
import { readReply } from '../support/reply.ts';

const shipped = plainSnapshot(settingsOf(shippedText()));
const cookieKeys = () => [sipKey(new Uint8Array(16))];
const stageOf = (): DnsStage => createDnsStage(shipped, { cookieKeys });

describe('each outcome', () => {
  for (const [outcome, packet] of Object.entries(packets)) {
    // A demand for cookies and rates concern UDP alone, and not the zone that is shipped.
    if (packet === undefined || 'demandsCookie' in packet || 'ruling' in packet) continue;
    // The zone that is shipped has no secondaries.
    if ('isSecondary' in packet) continue;
    test(`${outcome} is counted once, over UDP and over TCP`, () => {
      for (const transport of ['udp', 'tcp'] as const) {
        const stage = stageOf();
        const reply = stage.send(packet.bytes, { ...packet.peer, transport });
        assert.equal(counted(stage.counters), `${outcome} 1`);
        assert.equal(stage.counters.received[transport], 1);
        assertCountersSum(stage.counters);
        assert.equal(reply === undefined, outcome.startsWith('dropped'));
      }
    });
  }

  const shapes: [string, QueryShape, string, string][] = [
    ['another class', { class: 3 }, 'REFUSED', 'refused'],
    ['any class', { class: 255 }, 'NOERROR', 'steered'],
    ['AXFR', { name: 'example.test', type: 'AXFR' }, 'REFUSED', 'refused'],
    ['IXFR', { name: 'example.test', type: 'IXFR' }, 'REFUSED', 'refused'],
    ['ANY', { type: 'ANY' }, 'NOERROR', 'static'],
    ['the type OPT in the question', { type: 'OPT' }, 'NOERROR', 'nodata'],
    ['the root', { name: '.' }, 'REFUSED', 'refused'],
    ['a wildcard', { name: 'a.b.dev.example.test' }, 'NOERROR', 'static'],
    ['an empty non-terminal', { name: '_tcp.example.test' }, 'NOERROR', 'nodata'],
    ['SOA', { name: 'example.test', type: 'SOA' }, 'NOERROR', 'static'],
  ];
  for (const [words, shape, rcode, outcome] of shapes) {
    test(`${words} ends in ${rcode}, counted as ${outcome}`, () => {
      const stage = stageOf();
      assert.equal(stage.ask(shape).rcode, rcode);
      assert.equal(counted(stage.counters), `${outcome} 1`);
    });
  }
});

describe('whatever comes', () => {
  test('any octets are counted once', () => {
    const stage = stageOf();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.nat(3), (bytes, port) => {
        stage.send(bytes, { port });
        assertCountersSum(stage.counters);
      }),
    );
    assert.equal(stage.counters.outcomes.servfail, 0);
  });

  test('good queries, also damaged ones, are counted once and answered so that it can be read', () => {
    const stage = stageOf();
    const names = ['www', 'api', 'mail', 'nobody', 'x.dev', '_tcp', 'docs', '@'];
    const damage = fc.tuple(fc.nat(70), fc.nat(255));
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(300),
        fc.constantFrom(undefined, '81.2.69.0/24', '2001:470::/56', '0.0.0.0/0'),
        fc.array(damage, { maxLength: 2 }),
        fc.constantFrom('udp', 'tcp'),
        (label, type, subnet, edits, transport) => {
          const name = label === '@' ? 'example.test' : `${label}.example.test`;
          const bytes = buildQuery({ name, type, ...(subnet === undefined ? {} : { subnet }) });
          for (const [at, octet] of edits) bytes[at % bytes.length] = octet;
          const reply = stage.send(bytes, { transport });
          assertCountersSum(stage.counters);
          if (reply !== undefined) assert.equal(readReply(reply).id, readId(bytes));
        },
      ),
      { numRuns: 500 },
    );
    assert.equal(stage.counters.outcomes.servfail, 0);
  });
});

function readId(bytes: Uint8Array): number {
  return ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
}

describe('a mistake of ours', () => {
  const broken: Clock = {
    now: () => {
      throw new Error('no time');
    },
    sleep: () => Promise.resolve(),
  };

  test('costs one SERVFAIL, is logged once, and the process goes on', () => {
    const stage = createDnsStage(shipped, { clock: broken });
    const reply = stage.ask({ subnet: '81.2.69.0/24', recursionDesired: true });
    assert.equal(reply.rcode, 'SERVFAIL');
    assert.equal(reply.flags.rd, true);
    assert.equal(reply.edns?.subnet?.scope, 0);
    assert.deepEqual(stage.log.lines, ['error query.failed']);
    assert.deepEqual(stage.log.fields, [{ reason: 'Error: no time' }]);
    stage.ask({});
    assert.equal(counted(stage.counters), 'servfail 2');
    assertCountersSum(stage.counters);
    assert.equal(stage.log.lines.length, 1);
  });

  test('in whoever is told of answers is counted once all the same', () => {
    const stage = createDnsStage(shipped, {
      onAnswer: () => {
        throw new Error('no room');
      },
    });
    assert.equal(stage.ask({}).rcode, 'SERVFAIL');
    assert.equal(stage.ask({ name: 'example.net' }).rcode, 'SERVFAIL');
    assert.equal(counted(stage.counters), 'servfail 2');
    assertCountersSum(stage.counters);
    assert.equal(stage.counters.chosen.size, 0);
  });
});

describe('beside the outcome is counted', () => {
  test('each query with a client subnet', () => {
    const stage = stageOf();
    stage.ask({ subnet: '81.2.69.0/24' });
    stage.ask({ name: 'example.net', subnet: '0.0.0.0/0' });
    stage.ask({ edns: true });
    assert.equal(stage.counters.withSubnet, 2);
  });

  test('the first region of each steered answer, and those that name what is down', () => {
    const regions = [aRegion('ash'), aRegion('elm')];
    const service = aService({ regions, steps: [{ kind: 'take', count: 2 }] });
    const parts = { regions, services: [service] };
    const stage = createDnsStage(aSnapshot(parts));
    stage.ask({});
    stage.ask({ type: 'AAAA' });
    assert.deepEqual([...stage.counters.chosen], [['ash', 2]]);
    assert.equal(stage.counters.failedOpen, 0);
    const dead = aSnapshot({ ...parts, health: { ash: downHealth(), elm: downHealth() } });
    const failing = createDnsStage(dead);
    failing.ask({});
    assert.equal(failing.counters.failedOpen, 1);
    assert.equal(failing.counters.belowFloor, 0);
    const floor = { least: 2, unit: 'regions', below: 'keep' } as const;
    const floored = aService({ regions, steps: [{ kind: 'alive', floor }] });
    const low = createDnsStage(
      aSnapshot({ regions, services: [floored], health: { ash: downHealth() } }),
    );
    low.ask({});
    assert.deepEqual([low.counters.belowFloor, low.counters.failedOpen], [1, 0]);
    const last = (answer: unknown): DnsStage => {
      const steps = [{ kind: 'last-resort', answer }];
      const health = { ash: downHealth(), elm: downHealth() };
      return createDnsStage(
        aSnapshot({ regions, services: [aService({ regions, steps })], health }),
      );
    };
    const closed = last('nodata');
    closed.ask({});
    assert.deepEqual([closed.counters.failedClosed, closed.counters.failedOpen], [1, 0]);
    assert.equal(counted(closed.counters), 'nodata 1');
    const standIn = last([anIp('192.0.2.9')]);
    standIn.ask({});
    assert.deepEqual([standIn.counters.stoodIn, standIn.counters.failedOpen], [1, 0]);
    assert.equal(counted(standIn.counters), 'steered 1');
    const drained = createDnsStage(
      aSnapshot({ ...parts, overrides: [anOverride('ash'), anOverride('elm')] }),
    );
    drained.ask({});
    assert.equal(counted(drained.counters), 'nodata 1');
    assert.equal(drained.counters.chosen.size, 0);
  });
});

test('every outcome but a mistake of ours has a packet that leads to it', () => {
  assert.deepEqual(Object.keys(packets), [...outcomes]);
});

test('a query from nobody is dropped whatever it says, even nothing', () => {
  const stage = stageOf();
  for (const bytes of [new Uint8Array(0), buildQuery(), buildQuery({ opcode: 4 })]) {
    assert.equal(stage.send(bytes, { port: 0, address: anIp('127.255.255.255') }), undefined);
  }
  assert.equal(counted(stage.counters), 'dropped-source 3');
});
