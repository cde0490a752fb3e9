// A timeline: for each row when something began and when it was over.

import type { Tick } from './chart.ts';
import { html, type Markup } from './markup.ts';
import { anchorAt, percent } from './place.ts';

export interface Timeline {
  readonly caption: string;
  /** What is in the first and in the last column. */
  readonly head: readonly [what: string, when: string];
  readonly x: readonly Tick[];
  readonly rows: readonly TimelineRow[];
}

export interface TimelineRow {
  readonly what: string;
  /** Places on the axis, 0 to 1; undefined where it never happened. */
  readonly span: readonly [from: number, to: number] | undefined;
  /** The same in words. */
  readonly when: string;
}

/** A table as well: each row says in words what it shows. */
export function timelineOf({ caption, head, x, rows }: Timeline): Markup {
  const ticks = x.map(({ at, text }) => {
    return html`<text class="tick" x="${percent(at)}" y="16" text-anchor="${anchorAt(at)}">${text}</text>`;
  });
  const grid = x.map(({ at }) => {
    return html`<line class="grid" x1="${percent(at)}" x2="${percent(at)}" y1="0" y2="26"/>`;
  });
  const lines = rows.map(({ what, span, when }) => {
    const bar =
      span &&
      html`<rect class="span" x="${percent(span[0])}" y="7" width="${percent(span[1] - span[0])}" height="12" rx="2"/><circle class="dot" cx="${percent(span[0])}" cy="13" r="4"/><circle class="dot" cx="${percent(span[1])}" cy="13" r="4"/>`;
    return html`<tr><th scope="row" class="words">${what}</th><td class="bar"><svg width="100%" height="26" aria-hidden="true">${grid}${bar}</svg></td><td class="figure">${when}</td></tr>
`;
  });
  return html`<table class="bars timeline">
<caption>${caption}</caption>
<thead><tr><th scope="col" class="words">${head[0]}</th><td class="bar"><svg width="100%" height="22" aria-hidden="true">${ticks}</svg></td><th scope="col" class="figure">${head[1]}</th></tr></thead>
<tbody>
${lines}</tbody>
</table>
`;
}
