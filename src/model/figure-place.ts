// Places where an answer tells a figure, as people write them.

import type { FigurePlace, LabelWish } from './figure.ts';
import { isFieldName } from './http-field.ts';

/** What a place can be. */
export const placeKinds = ['answerHeader', 'json', 'metric'] as const;

export type PlaceKind = (typeof placeKinds)[number];

/** A string says what is wrong. */
export function readPlace(kind: PlaceKind, text: string): FigurePlace | string {
  return readers[kind](text);
}

const readers: Readonly<Record<PlaceKind, (text: string) => FigurePlace | string>> = {
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
