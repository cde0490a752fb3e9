// Explanations by DNS: told to whom the configuration names, for the client that the query names.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsOf, shippedText } from '../support/config.ts';
import { createDnsStage, plainSnapshot } from '../support/dns-stage.ts';
import { anIp } from '../support/fleet.ts';

const snapshot = plainSnapshot(settingsOf(shippedText()));
const here = { address: anIp('127.0.0.1') };
const question = { name: '_explain.www.example.test', type: 'TXT' } as const;

test('whoever is allowed reads the explanation line by line, and nobody caches it', () => {
  const { rcode, answers } = createDnsStage(snapshot).ask(
    { ...question, subnet: '198.51.100.0/24' },
    { ...here, transport: 'tcp' },
  );
  const [record] = answers;
  assert.deepEqual([rcode, answers.length, record?.ttl], ['NOERROR', 1, 0]);
  assert.match(record?.data ?? '', /^"www\.example\.test → |^"www\.example\.test \\226/);
  assert.match(record?.data ?? '', /198\.51\.100\.0\/24/);
  assert.match(record?.data ?? '', /"TTL {4}\d+ s, because/);
});

test('others are refused', () => {
  assert.equal(createDnsStage(snapshot).ask(question).rcode, 'REFUSED');
});

test('a name that nobody steers has no explanation', () => {
  const stage = createDnsStage(snapshot);
  const ask = (name: string) => stage.ask({ ...question, name }, here).rcode;
  assert.equal(ask('_explain.mail.example.test'), 'NXDOMAIN');
  assert.equal(ask('_explain.example.net'), 'REFUSED');
  assert.equal(ask('_explainx.www.example.test'), 'NXDOMAIN');
});
