// Places on an axis, as SVG takes them: parts of a width or a height that only the browser knows.

/** 0 to 1 as `0.00%` to `100.00%`; what lies outside is drawn at the edge. */
export function percent(place: number): string {
  return `${(clamp(place) * 100).toFixed(2)}%`;
}

/** What is no number is drawn at the beginning. */
export function clamp(place: number): number {
  return Number.isNaN(place) ? 0 : Math.max(0, Math.min(1, place));
}

/** Text at an edge stands inside of it. */
export function anchorAt(place: number): 'start' | 'middle' | 'end' {
  return place > 0.97 ? 'end' : place < 0.03 ? 'start' : 'middle';
}
