// The report of a drill as Markdown: each judgement in a row, and what people wrote makes no markup.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownOf } from '../../../src/page/drill/markdown.ts';
import { aDrillReport, wholeDrillReport } from '../../support/drill-report.ts';

test('each judgement of each safety rule is a row, with its moment and its figures', () => {
  const lines = markdownOf(wholeDrillReport);
  const figures = 'the fleet has 2 whole regions of 3, and 1 must serve';
  for (const before of ['the drill as a whole', 'the short TTL', 'step 1']) {
    const row = `| minRegions | ${before} | 12:00:00Z | allowed | ${figures} |`;
    assert.ok(lines.includes(row), row);
  }
});

test('a rule that refused stands out, and names of people in its figures stay text', () => {
  const [judged] = aDrillReport.judgements;
  assert.ok(judged);
  const refused = { ...judged, step: 2, isAllowed: false, figures: 'drained by <b>|bob' };
  const lines = markdownOf({ ...aDrillReport, judgements: [refused] });
  const row = '| minRegions | step 2 | 12:00:00Z | REFUSED | drained by \\<b\\>\\|bob |';
  assert.ok(lines.includes(row), lines.join('\n'));
});

test('without rules there is no table of them', () => {
  const lines = markdownOf({ ...aDrillReport, rules: [], judgements: [] });
  assert.ok(lines.some((line) => line.includes('safety rules: none are configured')));
  assert.ok(!lines.some((line) => line.startsWith('| Safety rule |')));
});

test('whoever reads it in a terminal is shown controls, and obeys none', () => {
  const nasty = '\u001B[2J\u009B\u202Ex';
  const abort = { code: 'verdict', message: `a${nasty}` } as const;
  const others = aDrillReport.others.map((each) => ({ ...each, region: `b\n${nasty}` }));
  const lines = markdownOf({ ...wholeDrillReport, reason: `c${nasty}`, abort, others });
  for (const line of lines) assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u);
  assert.ok(lines.some((line) => line.includes(String.raw`a\u{1b}\[2J\u{9b}\u{202e}x`)));
});
