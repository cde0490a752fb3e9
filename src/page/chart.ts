// Charts over an axis: shares that lie on one another, and moments that are marked.

import { html, type Markup } from './markup.ts';
import { anchorAt, clamp, percent } from './place.ts';

/** A place on an axis, 0 to 1, and what is written there. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

export interface Chart {
  /** What is seen, for who does not see it. */
  readonly summary: string;
  readonly x: readonly Tick[];
  readonly y: readonly Tick[];
  /** The lowest first; each lies on the ones before it. */
  readonly layers: readonly Layer[];
  /** Vertical lines with words at their top. */
  readonly marks: readonly Tick[];
}

export interface Layer {
  readonly name: string;
  /** Places of the layer's own height, at the same places along the axis in every layer. */
  readonly points: readonly { readonly x: number; readonly height: number }[];
}

/** Layers beyond these look like the first again. */
const fills = 4;

/** Drawn so that it stretches to any width while text and lines keep their size. */
export function chartOf({ summary, x, y, layers, marks }: Chart): Markup {
  const tops = layers[0]?.points.map(() => 0) ?? [];
  const areas = layers.map(({ points }, i) => {
    const below = points.map(({ x: at }, k) => pointOf(at, tops[k] ?? 0));
    for (const [k, { height }] of points.entries()) tops[k] = (tops[k] ?? 0) + height;
    const above = points.map(({ x: at }, k) => pointOf(at, tops[k] ?? 0));
    return html`<path class="layer l${i % fills}" d="M${above.join('L')}L${below.toReversed().join('L')}z"/>`;
  });
  const top = (layers[0]?.points ?? []).map(({ x: at }, k) => pointOf(at, tops[k] ?? 0));
  const keys = layers.map(({ name }, i) => {
    return html`<li><svg width="20" height="14" aria-hidden="true"><rect class="layer l${i % fills}" width="20" height="14"/></svg> ${name}</li>`;
  });
  return html`<figure class="chart"><div class="plot"><svg width="100%" height="240" role="img" aria-label="${summary}">
${y.map(({ at, text }) => html`<line class="grid" x1="0" x2="100%" y1="${percent(1 - at)}" y2="${percent(1 - at)}"/><text class="tick" x="-8" y="${percent(1 - at)}" dy="4" text-anchor="end">${text}</text>`)}
<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" height="100%">${areas}<path class="edge" d="M${top.join('L')}"/></svg>
${x.map(tickOf)}
${marks.map((mark, i) => markOf(mark, i % 2 === 0 ? -8 : -23))}
</svg></div><figcaption><ul class="legend">${keys}</ul></figcaption></figure>
`;
}

function tickOf({ at, text }: Tick): Markup {
  return html`<line class="axis" x1="${percent(at)}" x2="${percent(at)}" y1="100%" y2="246"/><text class="tick" x="${percent(at)}" y="264" text-anchor="${anchorAt(at)}">${text}</text>`;
}

/** Words of neighbours stand at two heights, and to the left of a mark that is near the right end. */
function markOf({ at, text }: Tick, y: number): Markup {
  const anchor = at > 0.7 ? 'end' : at < 0.05 ? 'start' : 'middle';
  return html`<line class="mark" x1="${percent(at)}" x2="${percent(at)}" y1="${y + 4}" y2="100%"/><text class="name" x="${percent(at)}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}

function pointOf(x: number, y: number): string {
  return `${Math.round(clamp(x) * 1000)} ${Math.round((1 - clamp(y)) * 1000)}`;
}
