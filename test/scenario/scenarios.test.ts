// Every scenario as one test, and the promise that the README names every sentence.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { runScenario } from './run.ts';
import { sentences } from './sentences.ts';

const folder = new URL('./', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const scenarios = readdirSync(new URL('conversations/', folder)).filter((name) =>
  name.endsWith('.txt'),
);

describe('scenarios', () => {
  for (const name of scenarios) {
    const text = read(`conversations/${name}`);
    const title = /^# (.+)$/m.exec(text)?.[1] ?? name;
    test(title, () => runScenario(`test/scenario/${name}`, text));
  }
});

test('a line that is not understood is named by its file and number', async () => {
  await assert.rejects(runScenario('some.txt', '# A title\n\npass some time\n'), {
    message: 'some.txt:3: pass some time\nnot understood: pass some time',
  });
});

test('an answer that nobody looks at is a mistake', async () => {
  const text = 'fleet three\nask www from berlin\n';
  await assert.rejects(
    runScenario('some.txt', text),
    /at its end\nthe last answer was not checked/,
  );
});

test('an answer that differs is told with its reasons', async () => {
  const text = 'fleet three\npass 5s\nask www from berlin of eu-1\nexpect us\n';
  await assert.rejects(
    runScenario('some.txt', text),
    /some.txt:4: expect us\nanswer; eu-1 answered: NOERROR eu ttl 10[\s\S]*nearest +eu \d+ km/,
  );
});

test('the README names every sentence', () => {
  const block = /```\n([\s\S]*?)```/.exec(read('README.md'))?.[1] ?? '';
  const forms = block.split('\n').filter((line) => line !== '');
  assert.deepEqual(forms, Object.keys(sentences));
});
