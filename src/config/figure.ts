// Places where an answer tells a figure of load, as people write them.

import { type FigurePlace, type FigureSource, isCounter, type LabelWish } from '../model/figure.ts';
import type { ConfigPath } from './document.ts';
import { isFieldName } from './probe-http.ts';
import type { LoadSourceFile } from './region-shape.ts';
import type { ValueReader } from './values.ts';

const kinds = ['answerHeader', 'json', 'metric'] as const;

/** Undefined where it cannot be read. `capacity` are the requests of a second that fill the region. */
export function readFigure(
  source: LoadSourceFile,
  at: ConfigPath,
  capacity: number | undefined,
  reader: ValueReader,
): FigureSource | undefined {
  const [kind, ...others] = kinds.filter((each) => source[each] !== undefined);
  if (kind === undefined || others.length > 0) {
    reader.refuse(at, `want exactly one of ${kinds.join(', ')}`);
    return undefined;
  }
  const place = readers[kind](source[kind] ?? '');
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

/** A string says what is wrong. */
const readers: Readonly<Record<(typeof kinds)[number], (text: string) => FigurePlace | string>> = {
  answerHeader: (text) =>
    isFieldName(text)
      ? { kind: 'header', name: text.toLowerCase() }
      : 'cannot stand in an HTTP header',
  json: (text) => {
    const path = text.split('.');
    return path.length > 16 || path.includes('')
      ? `got "${text}", want at most 16 keys with dots between them`
      : { kind: 'json', path };
  },
  metric: readMetric,
};

/** As many labels as a selector may name. */
const mostLabels = 16;

/** A metric's name, and behind it in braces what its labels must be (`=`) or must not be (`!=`). */
function readMetric(text: string): FigurePlace | string {
  const wrong = `got "${text}", want a metric's name, with labels such as {proxy="web", state!="idle"}`;
  const [, name, inner] = /^\s*([A-Za-z_:][\w:]*)\s*(?:\{(.*)\})?\s*$/s.exec(text) ?? [];
  if (name === undefined) return wrong;
  const labels: LabelWish[] = [];
  let rest = inner?.trim() ?? '';
  while (rest !== '') {
    const match = /^([A-Za-z_]\w*)\s*(!?=)\s*"((?:[^"\\]|\\[\\"n])*)"\s*(?:,\s*|$)/.exec(rest);
    const [whole, label, sign, value] = match ?? [];
    if (whole === undefined || label === undefined || value === undefined) return wrong;
    if (labels.length === mostLabels) return `names more than ${mostLabels} labels`;
    const said = value.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
    labels.push({ name: label, value: said, isEqual: sign === '=' });
    rest = rest.slice(whole.length);
  }
  return { kind: 'metric', name, labels };
}
