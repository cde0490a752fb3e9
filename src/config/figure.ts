// Figures of load that an answer tells: their places, and what may be counted there.

import { type FigureSource, isCounter } from '../model/figure.ts';
import { placeKinds, readPlace } from '../model/figure-place.ts';
import type { ConfigPath } from './document.ts';
import type { LoadSourceFile } from './region-shape.ts';
import type { ValueReader } from './values.ts';

/** Undefined where it cannot be read. `capacity` are the requests of a second that fill the region. */
export function readFigure(
  source: LoadSourceFile,
  at: ConfigPath,
  capacity: number | undefined,
  reader: ValueReader,
): FigureSource | undefined {
  const [kind, ...others] = placeKinds.filter((each) => source[each] !== undefined);
  if (kind === undefined || others.length > 0) {
    reader.refuse(at, `want exactly one of ${placeKinds.join(', ')}`);
    return undefined;
  }
  const place = readPlace(kind, source[kind] ?? '');
  if (typeof place === 'string') {
    reader.refuse([...at, kind], place);
    return undefined;
  }
  const { as, full = 1 } = source;
  if (isCounter(place) && as !== 'requests') {
    reader.refuse([...at, 'metric'], 'is a counter, from which requests alone can be read');
  }
  if (as === 'requests' && capacity === undefined) {
    reader.refuse([...at, 'as'], 'needs load.capacity: what number of requests fills the region');
  }
  if (as !== 'load' && source.full !== undefined) {
    reader.refuse([...at, 'full'], 'means something for load only');
  }
  return { as, full, place };
}
