// From places on the globe to places on a map: the Equal Earth projection.

import type { Coordinates } from '../model/place.ts';

/** The map's sides, in the units that it is drawn in. */
export const mapSize = { width: 2000, height: 860 } as const;

/** Where hardly anybody lives is left out. */
const bounds = { south: -56, north: 76 } as const;

const radians = Math.PI / 180;

/** Šavrič, Patterson and Jenny, The Equal Earth map projection, 2018. */
const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];

/**
 * Areas keep their size against each other, so that many clients do not look like few. In the units of
 * `mapSize`, from the north-west corner; what lies beyond its edges is drawn at them.
 */
export function project({ latitude, longitude }: Coordinates): {
  readonly x: number;
  readonly y: number;
} {
  const at = Math.max(bounds.south, Math.min(bounds.north, latitude));
  const [top, bottom] = [northing(bounds.north), northing(bounds.south)];
  const widest = easting(180, 0);
  const x = (easting(longitude, at) / widest + 1) / 2;
  const y = (top - northing(at)) / (top - bottom);
  return { x: x * mapSize.width, y: y * mapSize.height };
}

function parametric(latitude: number): number {
  return Math.asin((Math.sqrt(3) / 2) * Math.sin(latitude * radians));
}

function northing(latitude: number): number {
  const t = parametric(latitude);
  return t * (a1 + a2 * t ** 2 + a3 * t ** 6 + a4 * t ** 8);
}

function easting(longitude: number, latitude: number): number {
  const t = parametric(latitude);
  const stretch = 3 * (9 * a4 * t ** 8 + 7 * a3 * t ** 6 + 3 * a2 * t ** 2 + a1);
  return (2 * Math.sqrt(3) * longitude * radians * Math.cos(t)) / stretch;
}
