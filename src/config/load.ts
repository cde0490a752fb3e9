// The load of a region: its settings, and where the answers to its probes tell it.

import type { FigureSource } from '../model/figure.ts';
import type { Prefix } from '../model/ip.ts';
import type { HttpProbe, LoadSettings, RegionProbes } from '../model/region.ts';
import { millis } from '../model/time.ts';
import type { ConfigPath } from './document.ts';
import { readFigure } from './figure.ts';
import { refuseOutside } from './probe.ts';
import { readHttp } from './probe-http.ts';
import type { LoadSourceFile, RegionFile } from './region-shape.ts';
import type { ValueReader } from './values.ts';

/** Undefined where the file says nothing of load. */
export function readLoad(file: RegionFile['load'], reader: ValueReader): LoadSettings | undefined {
  if (file === undefined) return undefined;
  const { capacity, connections, token } = file;
  const low = percentOf(file.low, 75);
  const high = percentOf(file.high, 90);
  if (low >= high) {
    const words = `is ${low}%, but load.high is ${high}%: between them nothing moves`;
    reader.refuse(['load', file.low === undefined ? 'high' : 'low'], words);
  }
  const lifetime = reader.span(file.lifetime, ['load', 'lifetime'], 30_000, 2000, 3_600_000);
  return { capacity, connections, low: low / 100, high: high / 100, lifetime, token };
}

function percentOf(text: string | undefined, standard: number): number {
  return text === undefined ? standard : Number.parseInt(text, 10);
}

/** The region's probes with the places at which they tell its load, and with pages of load alone. */
export function addFigures(
  probes: RegionProbes | undefined,
  file: RegionFile['load'],
  networks: readonly Prefix[] | undefined,
  reader: ValueReader,
): RegionProbes | undefined {
  const sources = file?.from ?? [];
  if (sources.length === 0) return probes;
  if (probes === undefined) {
    reader.refuse(['load', 'from'], 'is read with each round of probes, and there are none');
    return undefined;
  }
  const placed = sources.flatMap((source, i): Placed[] => {
    const at = ['load', 'from', i];
    const figure = readFigure(source, at, file?.capacity, reader);
    return figure === undefined ? [] : [{ source, at, figure }];
  });
  const along = placed.filter(({ source }) => source.http === undefined);
  for (const { source, at } of along) {
    for (const key of ['headers', 'verify'] as const) {
      if (source[key] === undefined) continue;
      reader.refuse([...at, key], 'means nothing without http: the probe has its own');
    }
  }
  const gauges = readGauges(placed, probes, networks, reader);
  const list = withPlaces(probes, along, reader);
  return { ...probes, list, ...(gauges.length > 0 && { gauges }) };
}

interface Placed {
  readonly figure: FigureSource;
  readonly source: LoadSourceFile;
  readonly at: ConfigPath;
}

/** What has no page of its own is read from the answer of every HTTP probe. */
function withPlaces(
  { list }: RegionProbes,
  along: readonly Placed[],
  reader: ValueReader,
): RegionProbes['list'] {
  if (along.length === 0) return list;
  for (const { source, at } of along) {
    const asks = list.filter((spec) => spec.kind === 'http');
    if (asks.length === 0) reader.refuse(at, 'needs an http probe, or an http of its own');
    const isHead = asks.some(({ method }) => method === 'HEAD');
    if (!isHead || source.answerHeader !== undefined) continue;
    reader.refuse(at, 'reads a body, but an answer to HEAD has none');
  }
  const tells = along.map(({ figure }) => figure);
  return list.map((spec) => (spec.kind === 'http' ? { ...spec, tells } : spec));
}

/** One for each page, however many figures it tells. */
function readGauges(
  placed: readonly Placed[],
  { interval }: RegionProbes,
  networks: readonly Prefix[] | undefined,
  reader: ValueReader,
): HttpProbe[] {
  const pages = Map.groupBy(
    placed.filter(({ source }) => source.http !== undefined),
    ({ source: { http, headers, verify } }) => JSON.stringify([http, headers ?? {}, verify]),
  );
  const timeout = millis(Math.min(2000, Math.floor(interval / 2)));
  return Array.from(pages.values()).flatMap((figures) => {
    const [first] = figures;
    const { http, headers, verify } = first?.source ?? {};
    const at = first?.at ?? [];
    const page = readHttp(
      { ...(http && { http }), ...(headers && { headers }), ...(verify === false && { verify }) },
      at,
      reader,
    );
    if (page === undefined) return [];
    const gauge = { ...page, timeout, tells: figures.map(({ figure }) => figure) };
    refuseOutside(gauge, networks, [...at, 'http'], reader);
    return [gauge];
  });
}
