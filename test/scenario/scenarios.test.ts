// Every scenario as one test; and that a scenario cannot go wrong unnoticed.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { runScenario } from './run.ts';
import { sentences } from './sentences.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const scenarios = readdirSync(new URL('./', import.meta.url)).filter((name) =>
  name.endsWith('.txt'),
);

describe('scenarios', () => {
  for (const name of scenarios) {
    const text = read(name);
    const title = /^# (.+)\n/.exec(text)?.[1];
    test(title ?? name, async () => {
      assert.ok(title, 'the first line says what happens');
      await runScenario(`test/scenario/${name}`, text);
    });
  }
});

describe('a scenario fails', () => {
  const mistakes: Readonly<Record<string, readonly [string, RegExp]>> = {
    'at a sentence that nobody understands, by its file and line': [
      'pass some time',
      /^x\.txt:2: pass some time\nnot understood/,
    ],
    'at an answer that differs, with the reasons for it': [
      'pass 5s\nask www from berlin of eu-1\nexpect us',
      /^x\.txt:4: expect us\nanswer: eu-1 answered NOERROR eu ttl 10 [\s\S]*nearest +eu \d+ km/,
    ],
    'at another TTL': ['pass 5s\nask www from berlin\nexpect eu ttl 99', /:4: .*\nttl: /],
    'at another scope': ['pass 5s\nask www from berlin\nexpect eu scope 32', /:4: .*\nscope: /],
    'at another status': ['pass 5s\nask www\nexpect NXDOMAIN', /:4: .*\nstatus, answer: /],
    'at an error that is not expected': ['board one dies\nask www\nexpect eu', /:4: .*\nnote: /],
    'at an error that does not come': [
      'pass 5s\nask www\nexpect eu saying "no region is alive"',
      /:4: .*\nnote: /,
    ],
    'at another reason': [
      'ask www from berlin\nexpect eu saying "kept"\nbecause "the moon"',
      /:4: .*\nnot the reason/,
    ],
    'at answers that moved': [
      'pass 5s\nfollow www from berlin\noverride drain eu for 1m by a because b at eu-1\npass 2s\nmoved 0 times',
      /:6: moved 0 times\n\w+-1 changed its answer 1 times/,
    ],
    'at another verdict': [
      'pass 5s\ndirector eu-1 reports region eu down',
      /:3: [\s\S]*'up false'[\s\S]*'down false'/,
    ],
    'at an override that cannot be': [
      'override drain mars for 1m by a because b at eu-1',
      /:2: .*\n.*region\.unknown/,
    ],
    'at a fleet that cannot be': [
      'service api over eu mars by nearest\npass 1s',
      /:3: .*\n.*regions\/mars\.yaml/,
    ],
    'when an answer is not looked at': [
      'ask www from berlin',
      /at its end\nthe last answer was not checked/,
    ],
    'when nobody is asked': ['pass 1s', /at its end\nnobody was asked/],
  };
  for (const [when, [lines, message]] of Object.entries(mistakes)) {
    test(when, async () => {
      const failing = runScenario('x.txt', `fleet three\n${lines}\n`);
      await assert.rejects(failing, (error: Error) => {
        assert.match(error.message, message);
        return true;
      });
    });
  }
});

test('the README names every sentence', () => {
  const block = /```\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
  const forms = block.split('\n').filter((line) => line !== '');
  assert.deepEqual(forms, Object.keys(sentences));
});
