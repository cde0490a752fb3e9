import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { barsOf } from '../../src/page/bars.ts';
import { chartOf } from '../../src/page/chart.ts';
import { documentOf } from '../../src/page/document.ts';
import { html, type Markup } from '../../src/page/markup.ts';
import { anchorAt, clamp, percent } from '../../src/page/place.ts';
import { looksOf } from '../../src/page/palette.ts';
import { tableOf } from '../../src/page/table.ts';
import { timelineOf } from '../../src/page/timeline.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64');

const page = documentOf(
  {
    title: 'A <title>',
    lead: 'What it is.',
    cards: [{ figure: '1 %', words: 'of all' }],
    sections: [{ heading: 'One', words: 'Seen here.', parts: [html`<p>part</p>`] }],
    foot: 'Made today.',
  },
  digest,
);

describe('a document', () => {
  test('says its language, title, headings and schemes, with all text escaped', () => {
    assert.match(page, /^<!doctype html>\n<html lang="en">/);
    assert.match(page, /<title>A &lt;title&gt;<\/title>/);
    assert.match(page, /<h1>A &lt;title&gt;<\/h1>[\s\S]*<h2>One<\/h2>/);
    assert.match(page, /<meta name="color-scheme" content="light dark">/);
    assert.match(page, /<a href="#part-0">One<\/a>[\s\S]*<section id="part-0">/);
  });

  test('its policy allows its own style sheet alone, and nothing to be fetched or run', () => {
    const [, sheet = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    assert.match(policy.replaceAll('&#39;', "'"), /^default-src 'none'; style-src 'sha256-/);
    assert.ok(policy.includes(digest(sheet)));
    assert.doesNotMatch(page, /<script|<link|<img|<iframe| style=| on\w+=|https?:/);
  });
});

const evil = '<img src=x onerror=alert(1)>"';

function hasNoMarkupOf(markup: Markup): void {
  assert.doesNotMatch(markup.html, /<img/);
}

test('a table names its rows and columns, and says what it holds', () => {
  const rows = [['eu', 1, evil]];
  const { html: text } = tableOf({ caption: 'Shares', head: ['Region', 'share', evil], rows });
  assert.match(text, /<caption>Shares<\/caption>/);
  assert.match(text, /<th scope="col" class="words">Region<\/th><th scope="col" class="figure">/);
  assert.match(text, /<th scope="row" class="words">eu<\/th><td class="figure">1<\/td>/);
  hasNoMarkupOf({ html: text });
});

test('bars are in proportion, and say in words what they show', () => {
  const row = { name: evil, look: looksOf(['a']).get('a'), figures: ['50 %', '110 %'] as const };
  const bars = barsOf({
    caption: 'Load',
    head: ['Region', 'before', 'after'],
    rows: [{ ...row, before: 0.5, after: 1.1, warning: 'over capacity' }],
    bound: { at: 0.9, words: 'capacity' },
  });
  assert.match(bars.html, /class="before" y="3" width="50.00%"/);
  assert.match(bars.html, /class="after c0" y="11" width="100.00%"/);
  assert.match(bars.html, /class="bound" x1="90.00%"/);
  assert.match(bars.html, /over capacity[\s\S]*50 %[\s\S]*110 %[\s\S]*The line marks capacity/);
  hasNoMarkupOf(bars);
});

test('layers of a chart lie on one another', () => {
  const points = (height: number) => [0, 1].map((x) => ({ x, height }));
  const chart = chartOf({
    summary: evil,
    x: [{ at: 0, text: '0' }],
    y: [{ at: 1, text: '100 %' }],
    layers: [
      { name: 'low', points: points(0.25) },
      { name: 'high', points: points(0.5) },
    ],
    marks: [{ at: 0.5, text: evil }],
  });
  assert.match(chart.html, /l0" d="M0 750L1000 750L1000 1000L0 1000z"/);
  assert.match(chart.html, /l1" d="M0 250L1000 250L1000 750L0 750z"/);
  assert.match(chart.html, /class="edge" d="M0 250L1000 250"/);
  hasNoMarkupOf(chart);
});

test('a timeline draws spans, and none for what never happened', () => {
  const timeline = timelineOf({
    caption: 'Drill',
    head: ['What', 'When'],
    x: [{ at: 1, text: '10 s' }],
    rows: [
      { what: evil, span: [0.2, 0.5], when: '2 s – 5 s' },
      { what: 'returns', span: undefined, when: 'never' },
    ],
  });
  assert.equal(timeline.html.match(/class="span"/g)?.length, 1);
  assert.match(timeline.html, /class="span" x="20.00%" y="7" width="30.00%"/);
  assert.match(timeline.html, /never/);
  hasNoMarkupOf(timeline);
});

test('places outside of an axis are drawn at its edge', () => {
  assert.deepEqual([-1, 0.5, 7, Number.NaN, Number.POSITIVE_INFINITY].map(percent), [
    '0.00%',
    '50.00%',
    '100.00%',
    '0.00%',
    '100.00%',
  ]);
  assert.equal(clamp(0.25), 0.25);
  assert.deepEqual([0, 0.5, 1].map(anchorAt), ['start', 'middle', 'end']);
});
