// The page of a drill: its words for an auditor, and what people wrote is text wherever it stands.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DrillReport } from '../../../src/model/drill.ts';
import { drillPage } from '../../../src/page/drill/page.ts';
import { aDrillReport, wholeDrillReport } from '../../support/drill-report.ts';

const page = (report: DrillReport): string => drillPage(report, 'made by a test', () => 'digest');

describe('the page of a drill', () => {
  test('begins with what came of it, in plain words', () => {
    const text = page(wholeDrillReport);
    assert.match(text, /<h1>Drill of eu-west: passed<\/h1>/);
    assert.match(text, /The loss of eu-west was rehearsed .* every objective was met\./);
    assert.match(text, /40\.0 % of its capacity|61\.0 % of its capacity/);
  });

  test('says of one that has just ended that figures are on their way', () => {
    const fresh = page({ ...wholeDrillReport, isMet: null });
    assert.match(fresh, /Drill of eu-west: done/);
    assert.match(fresh, /What was measured last is on its way\./);
    assert.doesNotMatch(fresh, /not yet/);
  });

  test('says why one was aborted, and which of one under way is not known yet', () => {
    const abort = { code: 'verdict', message: 'us-east went from up to down' } as const;
    const aborted = page({ ...wholeDrillReport, phase: 'aborted', isMet: false, abort });
    assert.match(aborted, /Drill of eu-west: aborted/);
    assert.match(aborted, /It ended early: us-east went from up to down \(verdict\)\./);
    const early = page({ ...aDrillReport, phase: 'preparing', steps: [], directors: [] });
    assert.match(early, /Drill of eu-west: under way/);
    assert.match(early, /Nobody was moved\./);
  });

  test('tells of each director, also of one that was silent', () => {
    const text = page(aDrillReport);
    assert.match(text, /<strong>1 of 2<\/strong> <span>directors told what they measured/);
    assert.match(text, /d2<\/th><td class="figure">told nothing of it/);
  });

  test('lists each judgement of each safety rule, with its moment and its figures', () => {
    const text = page(wholeDrillReport);
    assert.match(text, /<h2>What the safety rules said<\/h2>/);
    for (const before of ['the drill as a whole', 'the short TTL', 'step 1']) {
      const row = `minRegions</th><td class="words">${before}</td><td class="figure">12:00:00</td><td class="words">allowed</td><td class="words">the fleet has 2 whole regions of 3`;
      assert.ok(text.includes(row), row);
    }
    assert.doesNotMatch(
      page({ ...wholeDrillReport, judgements: [] }),
      /What the safety rules said/,
    );
  });

  test('lets nothing run and nothing be fetched, and escapes what people wrote', () => {
    const sly = `</style><script>alert(1)</script>"'><img src=x onerror=alert(1)>\u202e`;
    const text = page({
      ...wholeDrillReport,
      actor: sly,
      reason: sly,
      id: sly,
      director: sly,
      region: sly,
      service: sly,
      rules: [sly],
      judgements: wholeDrillReport.judgements.map((each) => ({
        ...each,
        rule: sly,
        figures: sly,
      })),
      abort: { code: 'asked', message: sly },
      others: wholeDrillReport.others.map((each) => ({ ...each, region: sly })),
      directors: wholeDrillReport.directors.map((each) => ({ ...each, director: sly })),
      numbers: wholeDrillReport.numbers.map((each) => ({ ...each, number: sly, reason: sly })),
    });
    assert.doesNotMatch(text, /<script|<img|\u202e/);
    assert.equal(text.match(/<\/style>/g)?.length, 1);
    assert.doesNotMatch(text, /(?:href|src)="(?!#)/);
    assert.match(text, /default-src &#39;none&#39;/);
  });
});
