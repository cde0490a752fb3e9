// A table of latencies: a file of its own, in YAML or CSV, checked like the rest of the configuration.

import { type Continent, continentOf, continents } from '../model/continent.ts';
import type { Fault, FaultCode } from '../model/fault.ts';
import { parsePrefix } from '../model/ip.ts';
import type { LatencyRow } from '../model/latency.ts';
import { type ConfigPath, readDocument, type SourceFile } from './document.ts';
import { describeValue } from './wish.ts';

/** Rows of one table: more would be a database. */
const mostRows = 20_000;

/** The longest time that is still a latency, in milliseconds. */
const longestMs = 60_000;

/** One figure as it is written, with a way to say what is wrong with it. */
interface Entry {
  readonly area: string;
  readonly region: string;
  readonly ms: unknown;
  refuse(message: string, code?: FaultCode): void;
}

/** What became of a file: its rows, or in words why there are none. */
export type FoundTable = { readonly rows: readonly LatencyRow[] } | { readonly reason: string };

/** By the paths that policies write. */
export type TableBook = ReadonlyMap<string, FoundTable>;

export interface ReadTable {
  readonly rows: readonly LatencyRow[];
  readonly faults: readonly Fault[];
}

/** `isRegion` knows every region that has a file: one table may serve services with different ones. */
export function readLatencyTable(file: SourceFile, isRegion: (id: string) => boolean): ReadTable {
  const faults: Fault[] = [];
  const entries = /\.csv$/i.test(file.path) ? readCsv(file, faults) : readYaml(file, faults);
  const rows = new Map<string, LatencyRow & { ms: Record<string, number> }>();
  const seen = new Set<string>();
  for (const { area, region, ms, refuse } of entries) {
    const row = rows.get(area) ?? readArea(area);
    if (typeof row === 'string') {
      refuse(row);
      continue;
    }
    rows.set(area, row);
    if (rows.size > mostRows) {
      refuse(`is one area too many: want at most ${mostRows}`);
      break;
    }
    if (!isRegion(region)) refuse(`there is no file regions/${region}.yaml`, 'config.reference');
    if (seen.has(`${area} ${region}`)) refuse(`has a figure from ${area} to ${region} twice`);
    seen.add(`${area} ${region}`);
    const isTime = typeof ms === 'number' && ms >= 0 && ms <= longestMs;
    if (!isTime) refuse(`got ${describeValue(ms)}, want milliseconds from 0 to ${longestMs}`);
    else if (isRegion(region)) row.ms[region] = ms;
  }
  if (rows.size === 0 && faults.length === 0) {
    const position = { file: file.path, line: 1, column: 1 };
    faults.push({ code: 'config.value', message: 'has no figure', position });
  }
  return { rows: [...rows.values()], faults };
}

/** Blocks of regions and milliseconds by area. */
function* readYaml(file: SourceFile, faults: Fault[]): Generator<Entry> {
  const { document, faults: found } = readDocument(file);
  faults.push(...found);
  if (found.length > 0) return;
  const refuse = (at: ConfigPath, message: string, code: FaultCode = 'config.value'): void =>
    void faults.push(document.fault(code, at, message));
  const table = document.value;
  if (!isBlock(table)) {
    refuse([], 'want areas with milliseconds by region', 'config.shape');
    return;
  }
  for (const [area, figures] of Object.entries(table)) {
    if (!isBlock(figures)) {
      refuse([area], `got ${describeValue(figures)}, want milliseconds by region`, 'config.shape');
      continue;
    }
    for (const [region, ms] of Object.entries(figures)) {
      const say = (message: string, code?: FaultCode): void =>
        refuse([area, region], message, code);
      yield { area, region, ms, refuse: say };
    }
  }
}

function isBlock(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lines of `area,region,ms`, after a line that names these columns; empty lines and `#` are passed over. */
function* readCsv({ path, text }: SourceFile, faults: Fault[]): Generator<Entry> {
  let isHeaded = false;
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const words = line.trim();
    if (words === '' || words.startsWith('#')) continue;
    const refuse = (message: string, code: FaultCode = 'config.value'): void =>
      void faults.push({ code, message, position: { file: path, line: i + 1, column: 1 } });
    const [area = '', region = '', ms = '', ...more] = words.split(',').map((cell) => cell.trim());
    if (!isHeaded) {
      isHeaded = true;
      if (words.replace(/\s/g, '').toLowerCase() === 'area,region,ms') continue;
      refuse('want the columns area,region,ms in the first line', 'config.shape');
      return;
    }
    if (ms === '' || more.length > 0) {
      refuse(`got "${words.slice(0, 60)}", want area,region,ms`, 'config.shape');
      continue;
    }
    yield { area, region, ms: /^\d+(\.\d+)?$/.test(ms) ? Number(ms) : ms, refuse };
  }
}

/** The row of an area, still without a figure, or what is wrong with its code. */
function readArea(area: string): (LatencyRow & { ms: Record<string, number> }) | string {
  const ms: Record<string, number> = {};
  const [, number] = /^AS(\d{1,10})$/.exec(area) ?? [];
  if (number !== undefined) {
    const asn = Number(number);
    return asn > 0 && asn <= 0xffffffff ? { area, asn, ms } : `${area} is no autonomous system`;
  }
  if (area.includes('/')) {
    const network = parsePrefix(area);
    const isFine = network !== undefined && (network.ip.family === 4 || network.length <= 64);
    const wish = 'a network (IPv6: at most /64), with no bit set beyond its length';
    return isFine ? { area, network, ms } : `got "${area}", want ${wish}`;
  }
  const [, continent] = /^continent:([A-Z]{2})$/.exec(area) ?? [];
  if (continent !== undefined) {
    return Object.hasOwn(continents, continent)
      ? { area, continents: [continent as Continent], ms }
      : `${continent} is no continent: want ${Object.keys(continents).join(', ')}`;
  }
  if (!/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(area)) {
    const wish = 'a country (DE), a subdivision (US-CA), continent:EU, AS64500 or a network';
    return `got "${area.slice(0, 60)}", want ${wish}`;
  }
  if (continentOf(area.slice(0, 2)) === undefined) {
    return `${area.slice(0, 2)} is no country (ISO 3166-1)`;
  }
  return area.length === 2 ? { area, countries: [area], ms } : { area, subdivisions: [area], ms };
}
