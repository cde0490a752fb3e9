// `meridian clients`: the networks that ask, as a director counts them or as logs tell, for people and for `simulate`.

import { writeTally } from '../director/clients/write.ts';
import { readName, rowHead } from '../model/client-row.ts';
import type { ClientsReport } from '../model/clients-report.ts';
import { formatShare } from '../model/number.ts';
import { ask, callDirector, clientOptions } from './client.ts';
import { type ReadLine, readBind, readCsv, readDnstap, readJson } from './clients/query-log.ts';
import { type Sum, type SumOptions, sumFiles } from './clients/sum.ts';
import { describeTop } from './clients/top.ts';
import { type Command, exits, type Io, type Options, textOption, wrongUsage } from './command.ts';
import { printJson } from './json.ts';

const formats: Readonly<Record<string, ReadLine>> = {
  bind: readBind,
  json: readJson,
  csv: readCsv,
  'dnstap-text': readDnstap,
};

export const clients: Command = {
  name: 'clients',
  usage:
    'top [--limit 20] [--json] | export | import --format bind|json|csv|dnstap-text FILE... | merge FILE... [--keep N] [--name NAME] [--url URL]',
  summary: 'Client networks by their queries: of a director, or from query logs.',
  options: {
    ...clientOptions,
    limit: { type: 'string' },
    json: { type: 'boolean' },
    format: { type: 'string' },
    keep: { type: 'string' },
    name: { type: 'string' },
  },
  words: [1, 10_000],
  async run([verb, ...files], options, io) {
    if (verb === 'top' && files.length === 0) return top(options, io);
    if (verb === 'export' && files.length === 0) return exportAll(options, io);
    const format = verb === 'merge' ? 'csv' : textOption(options, 'format', '');
    const readLine = Object.hasOwn(formats, format) ? formats[format] : undefined;
    const keep = textOption(options, 'keep', '100000');
    const name = options['name'] === undefined ? undefined : readName(String(options['name']));
    const isFine =
      (verb === 'import' || verb === 'merge') &&
      files.length > 0 &&
      /^[1-9]\d{0,5}$|^1000000$/.test(keep) &&
      name !== '' &&
      (name !== undefined || options['name'] === undefined);
    if (!isFine || readLine === undefined) {
      return wrongUsage(clients, io);
    }
    return sum({ files, readLine, keep: Number(keep), name, what: format }, io);
  },
};

async function top(options: Options, io: Io): Promise<number> {
  const limit = encodeURIComponent(textOption(options, 'limit', '20'));
  const path = `/v1/clients?limit=${limit}`;
  const report = await callDirector<ClientsReport>(path, options, io);
  if (options['json'] === true) printJson(report, io);
  else for (const line of describeTop(report)) io.out(line);
  return report.isCollecting ? exits.fine : exits.no;
}

async function exportAll(options: Options, io: Io): Promise<number> {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(patienceMs)]);
  const request = { headers: { accept: 'text/csv' }, signal };
  const response = await ask('/v1/clients?format=csv', options, io.env, request);
  const lines = (await response.text()).trimEnd().split('\n');
  const rows = print(lines, io);
  if (rows === 0) io.err('there are no clients: nobody has asked, or clients.collect is off');
  return rows === 0 ? exits.no : exits.fine;
}

async function sum(options: SumOptions, io: Io): Promise<number> {
  const summed = await sumFiles(options);
  const text = [...writeTally(summed.tally, summed.source)].join('');
  const rows = print(text.trimEnd().split('\n'), io);
  for (const line of complaintsOf(summed, rows)) io.err(line);
  return rows === 0 ? exits.no : exits.fine;
}

/** A hundred thousand rows come within a few seconds, or not at all. */
const patienceMs = 60_000;

/** The head, and then the rows with the most queries first; gives how many. */
function print(lines: readonly string[], io: Io): number {
  const start = lines.indexOf(rowHead) + 1;
  for (const line of lines.slice(0, start)) io.out(line);
  const weightOf = (row: string): number => Number(row.split(',', 2)[1]);
  const rows = lines.slice(start).map((row) => ({ row, weight: weightOf(row) }));
  rows.sort((x, y) => y.weight - x.weight || (x.row < y.row ? -1 : 1));
  for (const { row } of rows) io.out(row);
  return rows.length;
}

function complaintsOf({ bad, firstBad, lines, tally }: Sum, rows: number): string[] {
  const share = tally.outsideShare();
  return [
    ...(bad > 0 ? [`${bad} of ${lines} lines were not understood, the first: ${firstBad}`] : []),
    ...(rows === 0 ? ['no line tells of a client'] : []),
    // Unless it was so in the files already.
    ...(tally.busiest.floor > 0 && share > 0.05
      ? [`${formatShare(share)} of the queries lie outside the rows: --keep more`]
      : []),
  ];
}
