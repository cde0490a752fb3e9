// What an answer tells of load: figures from its header, its JSON body, or its metrics.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { IncomingMessage } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { type Figure, type FigurePlace, type FigureSource, isCounter } from '../model/figure.ts';
import { maxLoad } from '../model/self-report.ts';
import { createExpositionReader, isAmount } from './exposition.ts';

/** How much of a body is read for metrics, in octets; JSON has to be whole within what is read for health. */
export const metricsLimit = 1024 * 1024;

/** A body that has been begun with. */
export interface Body {
  /** All that was read so far: at least as much as is looked at for health, if there is so much. */
  readonly start: Buffer;
  /** What comes after it. */
  readonly rest: AsyncIterator<Buffer>;
  /** True where all of it is in `start`. */
  readonly isWhole: boolean;
}

/**
 * One for each source; whatever is missing, broken or out of range is undefined. Without a body only
 * the header is looked at. Rejects with the connection.
 */
export async function readTold(
  sources: readonly FigureSource[],
  response: IncomingMessage,
  body: Body | undefined,
): Promise<(Figure | undefined)[]> {
  const hasJson = sources.some(({ place }) => place.kind === 'json');
  const isParsed = hasJson && body?.isWhole === true;
  const document = isParsed ? parse(body.start.toString('utf8')) : undefined;
  const sums = body === undefined ? [] : await readMetrics(sources, body);
  return sources.map((source, i) => {
    const { place } = source;
    if (place.kind === 'metric') return figureOf(source, sums[i]);
    const found =
      place.kind === 'header' ? headerOf(place.name, response) : valueAt(document, place.path);
    return figureOf(source, amountOf(found));
  });
}

function headerOf(name: string, { headersDistinct }: IncomingMessage): string | undefined {
  return headersDistinct[name]?.[0]?.trim();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  let node = value;
  for (const key of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, key)) return undefined;
    // An array's length is no part of what somebody sent.
    if (Array.isArray(node) && key === 'length') return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  return node;
}

/** Numbers in quotes are numbers too: many status pages write them so. */
function amountOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && isAmount(value) ? Number(value) : undefined;
}

/** The greatest that is believed of each kind. */
const greatest: Readonly<Record<Figure['as'], number>> = {
  load: maxLoad,
  connections: 1e12,
  requests: 1e12,
  number: Number.MAX_VALUE,
};

function figureOf(
  { as, full, place }: FigureSource,
  amount: number | undefined,
): Figure | undefined {
  const counts = isCounter(place);
  const value = (amount ?? Number.NaN) / full;
  const most = counts ? Number.MAX_SAFE_INTEGER : greatest[as];
  return value >= 0 && value <= most ? { as, value, isCounter: counts } : undefined;
}

/**
 * In small pieces, with a pause after each, so that a page full
 * of series holds up nobody.
 */
async function readMetrics(
  sources: readonly FigureSource[],
  { start, rest, isWhole }: Body,
): Promise<(number | undefined)[]> {
  const readers = sources.map(({ place }) => readerOf(place));
  const wanted = readers.flatMap((reader) => reader ?? []);
  if (wanted.length === 0) return [];
  const decoder = new StringDecoder('utf8');
  let size = 0;
  const take = async (chunk: Buffer): Promise<void> => {
    for (let at = 0; at < chunk.length; at += piece) {
      const text = decoder.write(chunk.subarray(at, at + piece));
      for (const reader of wanted) reader.take(text);
      await nextTurn();
    }
    size += chunk.length;
  };
  await take(start);
  while (!isWhole) {
    const next = await rest.next();
    if (next.done === true) break;
    await take(next.value);
    // What was cut off may be half a line, or half of the series.
    if (size > metricsLimit) return [];
  }
  return readers.map((reader) => reader?.sum());
}

const piece = 4 * 1024;

function readerOf(place: FigurePlace) {
  return place.kind === 'metric' ? createExpositionReader(place) : undefined;
}
