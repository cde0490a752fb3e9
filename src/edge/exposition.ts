// Prometheus's text format: adds up the series of a page that fit, as the page comes in.

import type { LabelWish, MetricPlace } from '../model/figure.ts';

/** Text in pieces as they come; `sum` once the last one has. */
export interface ExpositionReader {
  take(piece: string): void;
  /** Undefined where no series fits, or where one that does is no number of 0 or more. */
  sum(): number | undefined;
}

/** Longer lines are skipped; an exporter's have some hundred characters. */
const longestLine = 16_384;

/**
 * Reads what both text formats have in common: a series a line, `#` before what is none. A line that
 * is not as it should be counts as none; time and memory grow with the piece alone.
 */
export function createExpositionReader(place: MetricPlace): ExpositionReader {
  let rest = '';
  let isSkipping = false;
  let sum: number | undefined;
  const takeLine = (line: string): void => {
    const value = readSeries(line, place);
    if (value !== undefined) sum = (sum ?? 0) + value;
  };
  return {
    take(piece) {
      let start = 0;
      for (;;) {
        const end = piece.indexOf('\n', start);
        if (end < 0) break;
        if (isSkipping) isSkipping = false;
        else takeLine(rest + piece.slice(start, end));
        rest = '';
        start = end + 1;
      }
      if (!isSkipping) rest += piece.slice(start);
      if (rest.length <= longestLine) return;
      isSkipping = true;
      rest = '';
    },
    sum() {
      if (!isSkipping && rest !== '') takeLine(rest);
      rest = '';
      const isFine = sum !== undefined && sum >= 0 && Number.isFinite(sum);
      return isFine ? sum : undefined;
    },
  };
}

/** The value of a line that is a series of this metric with these labels; NaN where it is no number of 0 or more. */
function readSeries(line: string, { name, labels }: MetricPlace): number | undefined {
  if (!line.startsWith(name)) return undefined;
  let at = name.length;
  if (/[\w:]/.test(line[at] ?? '')) return undefined;
  at = pastSpace(line, at);
  if (line[at] === '{') {
    const after = readLabels(line, at + 1, labels);
    if (after === undefined) return undefined;
    at = pastSpace(line, after);
  } else if (!labels.every((wish) => isMet(wish, ''))) {
    return undefined;
  }
  const [value = ''] = /^\S*/.exec(line.slice(at, at + 64)) ?? [];
  return isAmount(value) ? Number(value) : Number.NaN;
}

/** What Go writes for a number of 0 or more; `+Inf` and `NaN` are none. */
export function isAmount(text: string): boolean {
  return /^\+?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?$/.test(text);
}

/** Where the labels end, if they are as wished; undefined where they are not, or are no labels. */
function readLabels(line: string, start: number, wishes: readonly LabelWish[]): number | undefined {
  const met = new Set<LabelWish>();
  let at = start;
  for (;;) {
    at = pastSpace(line, at);
    if (line[at] === '}') break;
    const equals = line.indexOf('=', at);
    if (equals < 0) return undefined;
    const name = line.slice(at, equals).trimEnd();
    const open = pastSpace(line, equals + 1);
    const close = line[open] === '"' ? endOfText(line, open + 1) : undefined;
    if (close === undefined) return undefined;
    for (const wish of wishes) {
      if (wish.name !== name) continue;
      if (!isMet(wish, unescaped(line.slice(open + 1, close)))) return undefined;
      met.add(wish);
    }
    at = pastSpace(line, close + 1);
    if (line[at] === ',') at++;
    else if (line[at] !== '}') return undefined;
  }
  return wishes.every((wish) => met.has(wish) || isMet(wish, '')) ? at + 1 : undefined;
}

function isMet({ value, isEqual }: LabelWish, found: string): boolean {
  return (value === found) === isEqual;
}

/** The position of the quote that closes a text. */
function endOfText(line: string, start: number): number | undefined {
  for (let at = start; at < line.length; at++) {
    if (line[at] === '\\') at++;
    else if (line[at] === '"') return at;
  }
  return undefined;
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(/\\([\\"n])/g, (_, one: string) => (one === 'n' ? '\n' : one));
}

function pastSpace(line: string, start: number): number {
  let at = start;
  while (line[at] === ' ' || line[at] === '\t') at++;
  return at;
}
