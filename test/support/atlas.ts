// A tiny atlas from a list of networks and where they are.

import { type Atlas, packCountry } from '../../src/model/atlas.ts';
import type { Prefix } from '../../src/model/ip.ts';
import { LabelBuilder, type Labels } from '../../src/model/labels.ts';
import { boundsOf, RangeBuilder, type Ranges } from '../../src/model/ranges.ts';
import { share } from '../../src/model/shared.ts';
import { aPrefix, noon } from './fleet.ts';

/** What the atlas of a test says of a network. */
export interface Entry {
  readonly prefix: string;
  readonly country?: string;
  readonly lat: number;
  readonly lon: number;
  readonly radius?: number;
  readonly subdivision?: string;
  readonly city?: string;
}

/** To which autonomous system a network belongs. */
export interface System {
  readonly prefix: string;
  readonly asn: number;
}

/** A tiny atlas; where networks overlap the longest is believed, of equal ones the first. */
export function anAtlas(entries: readonly Entry[], systems?: readonly System[]): Atlas {
  const layers = entries.map(({ prefix }, i) => ({ prefix: aPrefix(prefix), value: i + 1 }));
  const asns = systems?.map(({ prefix, asn }) => ({ prefix: aPrefix(prefix), value: asn }));
  const column = (read: (entry: Entry) => number): number[] => [0, ...entries.map(read)];
  return {
    source: 'test data',
    dataDate: noon,
    attribution: 'made up',
    ranges: { v4: rangesOf(4, layers), v6: rangesOf(6, layers) },
    size: entries.length + 1,
    countries: share(Uint16Array.from(column(({ country = '' }) => packCountry(country)))),
    latitudes: share(Int32Array.from(column(({ lat }) => Math.round(lat * 10_000)))),
    longitudes: share(Int32Array.from(column(({ lon }) => Math.round(lon * 10_000)))),
    radii: share(Uint16Array.from(column(({ radius = 20 }) => radius))),
    labels: labelsOf(entries),
    ...(asns && { asns: { v4: rangesOf(4, asns), v6: rangesOf(6, asns) } }),
  };
}

/** The labels of places 1, 2 and so on. */
export function labelsOf(entries: readonly Pick<Entry, 'subdivision' | 'city'>[]): Labels {
  const builder = new LabelBuilder();
  for (const { subdivision = '', city = '' } of entries) {
    builder.add(Buffer.from(subdivision), Buffer.from(city));
  }
  return builder.finish(share(Uint32Array.from({ length: entries.length + 1 }, (_, i) => i)));
}

/** Asks at every edge which layer is the longest there: slow, and too simple to be wrong. */
function rangesOf(
  family: 4 | 6,
  layers: readonly { readonly prefix: Prefix; readonly value: number }[],
): Ranges {
  const spans = layers.flatMap(({ prefix, value }, position) => {
    if (prefix.ip.family !== family) return [];
    const { first, last } = boundsOf(prefix);
    const ends = { first: wide(first), last: wide(last) };
    return [{ value, position, length: prefix.length, ...ends }];
  });
  const edges = spans.flatMap(({ first, last }) => [
    first,
    family === 4 ? last + (1n << 32n) : last + 1n,
  ]);
  const builder = new RangeBuilder(family);
  for (const edge of edges.sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))) {
    if (edge >= 1n << 64n) continue;
    const inside = spans.filter(({ first, last }) => first <= edge && edge <= last);
    const best = inside.sort((x, y) => y.length - x.length || x.position - y.position)[0];
    builder.append(Number(edge >> 32n), Number(edge & 0xffffffffn), best?.value ?? 0);
  }
  return builder.finish();
}

/** The top 64 bits of an address as one number. */
function wide([high, low]: readonly [number, number]): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
