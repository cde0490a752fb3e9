// Scenarios: readable conversations with a fleet, each a text file beside this one.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { play } from './play.ts';

const folder = new URL('./', import.meta.url);

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const title = /^# (.+)$/m.exec(text)?.[1] ?? '';
  test(`${file}: ${title}`, async () => {
    assert.notEqual(title, '', 'the first line says what happens');
    await play(text);
  });
}

describe('the player itself', () => {
  const fails = [
    [
      'a wrong expectation',
      'ask www.example.test A from 192.0.2.53\nexpect us',
      /line 3: expect us/,
    ],
    ['a wrong TTL', 'ask www.example.test A from 192.0.2.53\nexpect eu ttl 99', /ttl 99/],
    ['a verb that nobody knows', 'dance', /line 2: dance\nnobody knows/],
    ['a time that is over', 'pass 5s\nat 2s', /that moment is over/],
    ['an override that cannot be', 'override drain mars for 1m by a because b', /region\.unknown/],
    ['a wrong verdict', 'verdict eu up', /line 2/],
    [
      'an explanation that says something else',
      'ask www.example.test A from 192.0.2.53\nwhy the moon',
      /line 3/,
    ],
  ] as const;
  for (const [words, lines, message] of fails) {
    test(`fails at ${words}`, async () => {
      await assert.rejects(play(`regions eu us\n${lines}\n`), message);
    });
  }
});
