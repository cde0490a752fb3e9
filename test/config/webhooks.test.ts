import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { hookEvents, urgentEvents } from '../../src/model/webhook.ts';
import { type ConfigText, faultsOf, mainText, settingsOf } from '../support/config.ts';

const secret = `whsec_${'A'.repeat(32)}`;

const main = (hook: string): ConfigText => ({ main: `${mainText}webhooks: [${hook}]\n` });

test('without the block nobody is told', () => {
  assert.deepEqual(settingsOf().webhooks, []);
});

test('what is left out has its default', () => {
  const text = main(`{ name: pager, url: "https://hooks.example/a?b", secrets: [${secret}] }`);
  assert.deepEqual(settingsOf(text).webhooks, [
    {
      name: 'pager',
      url: 'https://hooks.example/a?b',
      secrets: [secret],
      events: urgentEvents,
      from: 'all',
      retryFor: 86_400_000,
      networks: undefined,
    },
  ]);
});

test('address and secrets may be kept elsewhere', () => {
  const other = `whsec_${'B'.repeat(42)}==`;
  const text = main('{ name: pager, url: { env: HOOK }, secrets: [{ file: new }, { file: old }] }');
  const secrets = { new: { text: `${secret}\n` }, old: { text: other } };
  const [hook] = settingsOf({ ...text, env: { HOOK: 'http://h/x' }, secrets }).webhooks ?? [];
  assert.equal(hook?.url, 'http://h/x');
  assert.deepEqual(hook?.secrets, [secret, other]);
});

test('each director has its own: the fleet is alike all the same', () => {
  const text = main(`{ name: a, url: "http://h", secrets: [${secret}] }`);
  assert.equal(settingsOf(text).configuration, settingsOf().configuration);
});

describe('what cannot work is refused with what is wanted, and no secret is repeated', () => {
  const hook = (more: string): string =>
    `{ name: a, url: "http://h", secrets: [${secret}], ${more} }`;
  for (const [block, words] of [
    ['{ name: a, url: "http://h" }', '/webhooks/0/secrets: is missing'],
    ['{ name: a, url: "ftp://h", secrets: [x] }', 'want an http or https URL'],
    [`{ name: a, url: "http://u:hush@h", secrets: [${secret}] }`, 'without a user name'],
    ['{ name: a, url: "http://h", secrets: [hush] }', 'want whsec_ and the base64 of 24 to 64'],
    ['{ name: a, url: "http://h", secrets: [] }', 'want a list of one or two secrets'],
    [hook('events: [epoch]'), '/webhooks/0/events/0: got "epoch", want verdict, '],
    [hook('events: [drill, drill]'), 'names drill twice'],
    [hook('from: some'), 'want all or one'],
    [hook('retryFor: 1s'), 'want a time from 1m to 7d'],
    [hook('networks: [10.0.0.1/8]'), '/webhooks/0/networks/0'],
    [`${hook('from: all')}, ${hook('from: one')}`, 'names a twice'],
    [
      Array.from({ length: 17 }, (_, i) => hook('x: 1').replace('a,', `a${i},`)).join(),
      'at most 16',
    ],
  ] as const) {
    test(words, () => {
      const faults = faultsOf(main(block)).join('\n');
      assert.ok(faults.includes(words), faults);
      assert.doesNotMatch(faults, /hush/);
    });
  }
});

test('the manual names each event that may be told', () => {
  const read = (name: string): string =>
    readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  const row = /^\| `webhooks\[\]\.events` .*$/m.exec(read('configuration.md'))?.[0] ?? '';
  const told = /^\| `verdict` [^]*?The body is JSON/m.exec(read('webhooks.md'))?.[0] ?? '';
  for (const event of hookEvents) {
    assert.ok(row.includes(`\`${event}\``), event);
    assert.ok(told.includes(`\`${event}\``), event);
  }
});
