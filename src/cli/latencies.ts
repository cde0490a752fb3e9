// `meridian latencies`: what the directors' own probes measure, as a table for the step `latency`.

import { continentOf } from '../model/continent.ts';
import type { HealthReport, RegionFacts } from '../model/report.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits } from './command.ts';

export const latencies: Command = {
  name: 'latencies',
  usage: '[--url URL]',
  summary: "Print the directors' own measurements as a table for the step latency.",
  options: clientOptions,
  words: [0, 0],
  async run(_words, options, io) {
    const health = await callDirector<HealthReport>('/v1/health', options, io);
    const regions = await callDirector<readonly RegionFacts[]>('/v1/regions', options, io);
    const rows = tableOf(health, regions);
    if (rows.length === 0) {
      io.err('no director that stands in a region has measured anything yet');
      return exits.no;
    }
    io.out(`# Measured by the directors in ${observersIn(health, regions).join(', ')}.`);
    for (const row of rows) io.out(row);
    return exits.fine;
  },
};

/** One figure: from an observing region to another. */
interface Figure {
  readonly from: string;
  readonly to: string;
  readonly ms: number;
}

/** `DE: { eu-central: 2, eu-west: 25 }`: the country of each observing region, and its continent. */
function tableOf(health: HealthReport, regions: readonly RegionFacts[]): string[] {
  const countryOf = new Map(regions.map(({ region, country }) => [region, country]));
  const areas = new Map<string, Figure[]>();
  for (const figure of figuresOf(health)) {
    const country = countryOf.get(figure.from);
    const continent = country === undefined ? undefined : continentOf(country);
    if (country === undefined || continent === undefined) continue;
    for (const area of [country, `continent:${continent}`]) {
      areas.set(area, [...(areas.get(area) ?? []), figure]);
    }
  }
  return [...areas].sort(([one], [other]) => (one < other ? -1 : 1)).map(rowOf);
}

function rowOf([area, figures]: readonly [string, readonly Figure[]]): string {
  const names = [...new Set(figures.map(({ to }) => to))].sort();
  const cells = names.map((name) => {
    const own = figures.filter(({ to }) => to === name).map(({ ms }) => ms);
    return `${name}: ${coarse(medianOf(own))}`;
  });
  // Norway's code is a word for false in older YAML.
  return `"${area}": { ${cells.join(', ')} }`;
}

function figuresOf({ regions }: HealthReport): Figure[] {
  return regions.flatMap(({ region: to, votes }) =>
    votes.flatMap(({ region: from, latencyMs }) =>
      latencyMs === null ? [] : [{ from, to, ms: latencyMs }],
    ),
  );
}

function observersIn(health: HealthReport, regions: readonly RegionFacts[]): string[] {
  const known = new Set(regions.map(({ region }) => region));
  const froms = new Set(figuresOf(health).map(({ from }) => from));
  return [...froms].filter((from) => known.has(from)).sort();
}

/** What trembles by less moves no client, and makes no other table. */
function coarse(ms: number): number {
  return ms < 20 ? Math.round(ms) : Math.round(ms / 5) * 5;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
