// The globe with regions on it: who may be among the nearest to a point, found without measuring to all.

import type { Coordinates } from '../model/place.ts';
import type { Region, RegionId } from '../model/region.ts';

/** Where some regions are, as unit vectors from the middle of the earth. */
interface Sphere {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Positions of regions whose distance a bias bends: only measuring tells how near they count. */
  readonly bent: readonly number[];
}

const radians = Math.PI / 180;

/** Fewer are measured sooner than sorted out. */
const few = 16;

/**
 * Cosines of the angle between two points that differ by less than this may be one distance: it is far
 * more than rounding can make of it, and 9 m next to the point, where it is coarsest.
 */
const doubt = 1e-12;

export class Globe {
  readonly #regions: ReadonlyMap<RegionId, Region>;
  readonly #spheres = new WeakMap<readonly RegionId[], Sphere>();

  constructor(regions: ReadonlyMap<RegionId, Region>) {
    this.#regions = regions;
  }

  /** In their order, those that may be among the `count` nearest: all of these, and perhaps some more. */
  nearest(
    ids: readonly RegionId[],
    { latitude, longitude }: Coordinates,
    count: number,
  ): readonly RegionId[] {
    if (ids.length <= few || ids.length <= count) return ids;
    const { x, y, z, bent } = this.#sphereOf(ids);
    const [px, py, pz] = vectorOf(latitude, longitude);
    const cosines = new Float64Array(ids.length);
    // The greatest so far, falling.
    const best = new Float64Array(count).fill(-2);
    for (let i = 0; i < cosines.length; i++) {
      const cosine = px * (x[i] as number) + py * (y[i] as number) + pz * (z[i] as number);
      cosines[i] = cosine;
      if (!(cosine > (best[count - 1] as number))) continue;
      let at = count - 1;
      for (; at > 0 && (best[at - 1] as number) < cosine; at--) best[at] = best[at - 1] as number;
      best[at] = cosine;
    }
    const least = (best[count - 1] as number) - doubt;
    const found: number[] = [...bent];
    for (let i = 0; i < cosines.length; i++) if ((cosines[i] as number) >= least) found.push(i);
    if (bent.length > 0) found.sort((one, other) => one - other);
    return found.map((i) => ids[i] as RegionId);
  }

  #sphereOf(ids: readonly RegionId[]): Sphere {
    const known = this.#spheres.get(ids);
    if (known !== undefined) return known;
    const [x, y, z] = [0, 1, 2].map(() => new Float64Array(ids.length)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    const bent: number[] = [];
    for (const [i, id] of ids.entries()) {
      const region = this.#regions.get(id);
      // Not a number is never among the greatest.
      const { latitude, longitude } = region?.coordinates ?? nowhere;
      if (region !== undefined && region.bias !== 0) {
        bent.push(i);
        x[i] = Number.NaN;
        continue;
      }
      [x[i], y[i], z[i]] = vectorOf(latitude, longitude);
    }
    const sphere = { x, y, z, bent };
    this.#spheres.set(ids, sphere);
    return sphere;
  }
}

const nowhere: Coordinates = { latitude: Number.NaN, longitude: Number.NaN };

function vectorOf(latitude: number, longitude: number): [number, number, number] {
  const [lat, lon] = [latitude * radians, longitude * radians];
  const flat = Math.cos(lat);
  return [flat * Math.cos(lon), flat * Math.sin(lon), Math.sin(lat)];
}
