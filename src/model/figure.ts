// Figures of load: where the answer to a probe tells one, and what it told.

/**
 * `load` is a share of capacity, `connections` are those open now, `requests` are those of a second; a
 * `number` is any other, which says nothing of a region's load.
 */
export type FigureKind = 'load' | 'connections' | 'requests' | 'number';

/** One figure, and the place in an answer where it stands. */
export interface FigureSource {
  readonly as: FigureKind;
  /** What a figure is divided by, since it says `full` where others say 1. */
  readonly full: number;
  readonly place: FigurePlace;
}

export type FigurePlace =
  /** A field of the answer's header; the name in lower case. */
  | { readonly kind: 'header'; readonly name: string }
  /** A value of a JSON body: the keys that lead there, numbers for places in arrays. */
  | { readonly kind: 'json'; readonly path: readonly string[] }
  | MetricPlace;

/** Series of a page in Prometheus's text format, of which all that fit are added up. */
export interface MetricPlace {
  readonly kind: 'metric';
  readonly name: string;
  readonly labels: readonly LabelWish[];
}

export interface LabelWish {
  readonly name: string;
  readonly value: string;
  /** Whether the label must have this value, or must not; a label that is not there is empty. */
  readonly isEqual: boolean;
}

/** A figure as an answer told it. */
export interface Figure {
  readonly as: FigureKind;
  readonly value: number;
  /** True where it only ever grows: then what it grows by in a second is meant. */
  readonly isCounter: boolean;
}

/** By the convention of OpenMetrics, that is how names of counters end. */
export function isCounter(place: FigurePlace): boolean {
  return place.kind === 'metric' && place.name.endsWith('_total');
}
