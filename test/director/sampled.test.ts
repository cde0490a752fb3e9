// The sampled query log: off by default, a share of the queries, networks instead of people.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sampleQueries, tellAll } from '../../src/director/sampled.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import { createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { anIp } from '../support/fleet.ts';
import { createRecordLog } from '../support/record-log.ts';

const snapshot = plainSnapshot(settingsOf(shippedText()));

describe('a sampled query', () => {
  const log = createRecordLog();
  const stage = createDnsStage(snapshot, { onAnswer: sampleQueries(1, () => 0.999, log) });

  test('leaves a line with its answer, and with networks in place of addresses', () => {
    stage.ask(
      { name: 'WWW.example.test', subnet: '81.2.69.142/32' },
      { address: anIp('198.51.100.77') },
    );
    assert.deepEqual(log.lines, ['info query']);
    assert.deepEqual(log.fields[0], {
      name: 'www.example.test',
      type: 'A',
      transport: 'udp',
      asker: '198.51.100.0/24',
      subnet: '81.2.69.0/24',
      outcome: 'steered',
      regions: 'eu-west',
      ttl: 30,
      epoch: 1,
    });
  });

  test('of IPv6 leaves a /56', () => {
    const peer = { address: anIp('2001:470:1f0b:8512::53'), transport: 'tcp' } as const;
    stage.ask({ name: 'example.net', subnet: '2001:470:1f0b:85ff::/64' }, peer);
    const fields = log.fields.at(-1);
    assert.equal(fields?.['asker'], '2001:470:1f0b:8500::/56');
    assert.equal(fields?.['subnet'], '2001:470:1f0b:8500::/56');
    assert.equal(fields?.['outcome'], 'refused');
    assert.equal(fields?.['transport'], 'tcp');
    assert.equal(fields?.['regions'], undefined);
  });
});

test('a share of the queries is told, by chance', () => {
  const log = createRecordLog();
  const draws = [0.1, 0.25, 0.9, 0];
  const onAnswer = sampleQueries(0.25, () => draws.shift() ?? 1, log);
  const stage = createDnsStage(snapshot, { onAnswer });
  for (let i = 0; i < 4; i++) stage.ask({});
  assert.equal(log.lines.length, 2);
});

test('a share of 0 costs nothing: there is nobody to call', () => {
  assert.equal(
    sampleQueries(0, () => 0, createRecordLog()),
    undefined,
  );
});

test('two who want to know of a query are told one after the other, and one alone directly', () => {
  const told: string[] = [];
  const tell = (who: string) => () => void told.push(who);
  const [x, y] = [tell('x'), tell('y')];
  createDnsStage(snapshot, { onAnswer: tellAll(x, y) }).ask({});
  assert.deepEqual(told, ['x', 'y']);
  assert.equal(tellAll(x, undefined), x);
  assert.equal(tellAll(undefined, y), y);
  assert.equal(tellAll(undefined, undefined), undefined);
});
