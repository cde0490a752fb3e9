// The one-counted-outcome law: each query ends in exactly one outcome, and each outcome can happen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomes } from '../../src/director/counters.ts';
import { sipKey } from '../../src/wire/siphash.ts';
import { settingsOf, shippedText } from '../support/config.ts';
import {
  assertCountersSum,
  counted,
  createDnsStage,
  packets,
  plainSnapshot,
  resolver,
} from '../support/dns-stage.ts';
import { readSources } from '../support/source.ts';

const settings = settingsOf(shippedText());
const { dns } = settings;
const demanding = { ...dns, cookies: { ...dns.cookies, isRequired: true } };
const secondaries = [{ address: resolver.address, port: 53, key: undefined }];
const served = { ...settings, zones: settings.zones.map((zone) => ({ ...zone, secondaries })) };
const cookieKeys = () => [sipKey(new Uint8Array(16))];

for (const outcome of outcomes) {
  test(`${outcome} is reached by a packet, which is counted as nothing else`, () => {
    const packet = packets[outcome];
    // A mistake of ours is the one outcome that no packet alone can bring about.
    const mistake = (): never => {
      throw new Error('a mistake');
    };
    const snapshot = plainSnapshot(
      packet?.demandsCookie === true ? { ...served, dns: demanding } : served,
    );
    const onAnswer = packet === undefined ? mistake : undefined;
    const rule = () => packet?.ruling ?? 'send';
    const stage = createDnsStage(snapshot, { onAnswer, cookieKeys, rule });
    const { bytes, peer } = packet ?? packets.static ?? assert.fail();
    stage.send(bytes, peer);
    assert.equal(counted(stage.counters), `${outcome} 1`);
    assertCountersSum(stage.counters);
  });
}

test('queries are counted in one file only', () => {
  const counting = readSources('src').filter(({ text }) =>
    /\.outcomes\b[^;]*\+\+|\breceived\b[^;]*\+\+/.test(text),
  );
  assert.deepEqual(
    counting.map(({ path }) => path),
    ['src/director/respond.ts'],
  );
});
