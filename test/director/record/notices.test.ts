// Notices: what the log says of things that may move traffic is heard, and stands in the log as before.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hearLog, noticed } from '../../../src/director/record/notices.ts';
import type { NoticeChange } from '../../../src/model/refusal.ts';
import { createRecordLog } from '../../support/record-log.ts';
import { readSources } from '../../support/source.ts';

test('is heard also where it was said before anybody listened', () => {
  const inner = createRecordLog();
  const { log, onNotice } = hearLog(inner);
  const heard: NoticeChange[] = [];
  log.warn('config.last-good', { faults: 2, reason: 'x'.repeat(5000) });
  log.info('verdict.changed', { region: 'eu' });
  onNotice((notice) => void heard.push(notice));
  log.error('worker.died', { worker: 1, reason: 'oops', where: undefined });
  assert.deepEqual(inner.lines, [
    'warn config.last-good',
    'info verdict.changed',
    'error worker.died',
  ]);
  assert.deepEqual(heard, [
    {
      type: 'notice',
      what: 'config.last-good',
      level: 'warn',
      facts: { faults: 2, reason: 'x'.repeat(500) },
    },
    { type: 'notice', what: 'worker.died', level: 'error', facts: { worker: 1, reason: 'oops' } },
  ]);
});

test('everything that is heard is something that the program says', () => {
  const text = readSources('src')
    .filter(({ path }) => path !== 'src/director/record/notices.ts')
    .map((file) => file.text)
    .join('\n');
  for (const what of Object.keys(noticed)) assert.ok(text.includes(`'${what}'`), what);
});
