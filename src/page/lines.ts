// Lines over an axis: what was seen beside what was predicted, or several that go side by side.

import type { Tick } from './chart.ts';
import { html, type Markup } from './markup.ts';
import { anchorAt, clamp, percent } from './place.ts';

export interface Lines {
  /** What is seen, for who does not see it. */
  readonly summary: string;
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  readonly lines: readonly Line[];
}

export interface Line {
  readonly name: string;
  /** A broken line: what was predicted and not seen. */
  readonly isPredicted?: boolean;
  /** Places on both axes, 0 to 1. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** Lines beyond these look like the first again. */
const strokes = 6;

/** Stretches to any width, while text and lines keep their size. */
export function linesOf({ summary, x, y, lines }: Lines): Markup {
  const paths = lines.map(({ points, isPredicted }, i) => {
    const path = points.map((point) => `${place(point.x)} ${place(1 - point.y)}`).join('L');
    return path === '' ? html`` : html`<path class="${lookOf(i, isPredicted)}" d="M${path}"/>`;
  });
  const keys = lines.map(({ name, isPredicted }, i) => {
    return html`<li><svg width="30" height="14" aria-hidden="true"><path class="${lookOf(i, isPredicted)}" d="M0 7L30 7"/></svg> ${name}</li>`;
  });
  return html`<figure class="chart"><div class="plot"><svg width="100%" height="200" role="img" aria-label="${summary}">
${y.map(({ at, text }) => html`<line class="grid" x1="0" x2="100%" y1="${percent(1 - at)}" y2="${percent(1 - at)}"/><text class="tick" x="-8" y="${percent(1 - at)}" dy="4" text-anchor="end">${text}</text>`)}
<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">${paths}</svg>
${x.map(({ at, text }) => html`<line class="axis" x1="${percent(at)}" x2="${percent(at)}" y1="100%" y2="206"/><text class="tick" x="${percent(at)}" y="224" text-anchor="${anchorAt(at)}">${text}</text>`)}
</svg></div><figcaption><ul class="legend">${keys}</ul></figcaption></figure>
`;
}

/** So many moments from 0 on, at round distances: four to eight of them. */
export function roundTicks(most: number, textOf: (value: number) => string): Tick[] {
  const rough = Math.max(most, 1e-9) / 6;
  const scale = 10 ** Math.floor(Math.log10(rough));
  const distance = ([1, 2, 5, 10].find((each) => each * scale >= rough) ?? 10) * scale;
  const count = Math.floor(most / distance + 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => {
    return { at: (i * distance) / most, text: textOf(i * distance) };
  });
}

function lookOf(i: number, isPredicted = false): string {
  return `line s${i % strokes}${isPredicted ? ' guess' : ''}`;
}

function place(at: number): number {
  return Math.round(clamp(at) * 1000);
}
