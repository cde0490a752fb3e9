// Bars: for each row of a table one bar of what was and one of what will be.

import { html, type Markup } from './markup.ts';
import { type Look, noLook } from './palette.ts';
import { percent } from './place.ts';
import { keyOf } from './table.ts';

export interface Bars {
  readonly caption: string;
  /** What is in the first column, and over the figures. */
  readonly head: readonly [name: string, before: string, after: string];
  readonly rows: readonly BarRow[];
  /** Where the row's bound is on the way from 0 to the longest bar, such as a capacity. */
  readonly bound?: { readonly at: number; readonly words: string } | undefined;
}

export interface BarRow {
  readonly name: string;
  readonly look: Look | undefined;
  /** Shares of the longest possible bar, 0 to 1. */
  readonly before: number;
  readonly after: number;
  /** The same in words. */
  readonly figures: readonly [before: string, after: string];
  /** Worth a warning, in words beside the figure. */
  readonly warning?: string | undefined;
}

/** The table is the chart: without its pictures it says the same. */
export function barsOf({ caption, head, rows, bound }: Bars): Markup {
  const [name, before, after] = head;
  const note = bound && html`<p class="note">The line marks ${bound.words}.</p>`;
  return html`<table class="bars">
<caption>${caption}</caption>
<thead><tr><th scope="col" class="words">${name}</th><td></td><th scope="col" class="figure">${before}</th><th scope="col" class="figure">${after}</th></tr></thead>
<tbody>
${rows.map((row) => rowOf(row, bound?.at))}</tbody>
</table>
${note}`;
}

function rowOf(
  { name, look = noLook, before, after, figures, warning }: BarRow,
  bound: number | undefined,
): Markup {
  const line =
    bound === undefined
      ? undefined
      : html`<line class="bound" x1="${percent(bound)}" x2="${percent(bound)}" y1="0" y2="26"/>`;
  const alarm = warning === undefined ? undefined : html`<em class="warning">${warning}</em>`;
  return html`<tr><th scope="row" class="words">${keyOf(look, name)}${alarm}</th><td class="bar"><svg width="100%" height="26" aria-hidden="true"><rect class="before" y="3" width="${percent(before)}" height="7"/><rect class="after ${look.colour}" y="11" width="${percent(after)}" height="12"/>${line}</svg></td><td class="figure">${figures[0]}</td><td class="figure">${figures[1]}</td></tr>
`;
}
