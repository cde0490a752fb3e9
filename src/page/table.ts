// Tables: figures as a browser, a screen reader and a spreadsheet take them.

import { type Content, html, type Markup } from './markup.ts';
import { type Look, outlineOf } from './palette.ts';

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of each names the row. */
  readonly rows: readonly (readonly Content[])[];
  /** Columns of words; all others hold figures, and stand to the right. */
  readonly words?: readonly number[];
}

export function tableOf({ caption, head, rows, words = [0] }: Table): Markup {
  const kind = (column: number): string => (words.includes(column) ? 'words' : 'figure');
  const heads = head.map((each, i) => html`<th scope="col" class="${kind(i)}">${each}</th>`);
  const lines = rows.map((row) => {
    const cells = row.map((cell, i) =>
      i === 0
        ? html`<th scope="row" class="${kind(i)}">${cell}</th>`
        : html`<td class="${kind(i)}">${cell}</td>`,
    );
    return html`<tr>${cells}</tr>
`;
  });
  return html`<div class="wide" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${lines}</tbody>
</table></div>
`;
}

/** What is looked at only by who wants to. */
export function foldedOf(summary: string, ...parts: readonly Markup[]): Markup {
  return html`<details><summary>${summary}</summary>
${parts}</details>
`;
}

/** A region's letter, mark and name: what stands for it in keys and tables. */
export function keyOf(look: Look, name: string, more = ''): Markup {
  const note = more === '' ? undefined : html` <small>${more}</small>`;
  return html`<span class="key">${badgeOf(look)}<span>${name}${note}</span></span>`;
}

/** Its letter and mark on the ground of the maps, so that it looks as it does there. */
function badgeOf({ colour, shape, letter }: Look): Markup {
  return html`<svg class="badge" width="40" height="22" aria-hidden="true"><rect class="ground" width="40" height="22" rx="4"/><text class="ink" x="12" y="16" text-anchor="middle">${letter}</text><path class="${colour}" d="${outlineOf(shape, 29, 11, 5)}"/></svg>`;
}
