// `meridian drill`: a failover rehearsed on the live fleet, which ends by itself whatever breaks.

import { drillForms } from '../compose/drill-forms.ts';
import type { DrillReport } from '../model/drill.ts';
import type { DrillAge } from '../model/drill-schedule.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Io, type Options, textOption, wrongUsage } from './command.ts';
import { actorOf } from './drain.ts';
import { planIn, planOptions, planUsage } from './drill-plan.ts';
import { predict } from './drill-predict.ts';
import { findDrill, followDrill, pathOfDrill } from './drill-follow.ts';
import { progressOf } from './drill-progress.ts';
import { markdownOf } from '../page/drill/markdown.ts';
import { jsonLines } from './json.ts';
import { writePage } from './page-file.ts';
import { formatTable } from './table.ts';

export const drill: Command = {
  name: 'drill',
  usage: [
    `plan ${planUsage} [--config FILE] [--clients FILE] [--load REQUESTS] [--url URL]`,
    `run ${planUsage} [--wait] [--url URL]`,
    'list | watch ID | abort ID [--actor NAME] | report ID [--json | --html FILE] [--url URL]',
  ].join('\n         '),
  summary: 'Rehearse a failover step by step, after a look at what it would do; it ends by itself.',
  options: {
    ...clientOptions,
    ...planOptions,
    config: { type: 'string' },
    clients: { type: 'string' },
    load: { type: 'string' },
    format: { type: 'string' },
    html: { type: 'string' },
    json: { type: 'boolean' },
    wait: { type: 'boolean' },
  },
  words: [1, 2],
  async run([what = '', id], options, io) {
    const act = id === undefined ? alone[what] : undefined;
    if (act !== undefined) return act(options, io);
    const actOn = id === undefined ? undefined : ofOne[what];
    if (actOn !== undefined && id !== undefined) return actOn(id, options, io);
    return wrongUsage(drill, io);
  },
};

type Act = (options: Options, io: Io) => Promise<number>;

const alone: Readonly<Record<string, Act>> = { plan: predict, run, list };

const ofOne: Readonly<Record<string, (id: string, options: Options, io: Io) => Promise<number>>> = {
  watch: followDrill,
  abort,
  report,
};

async function run(options: Options, io: Io): Promise<number> {
  const body = await planIn(options, io);
  const begun = await callDirector<DrillReport>('/v1/drills', options, io, {
    method: 'POST',
    body,
  });
  io.out(`drill ${begun.id} at ${begun.director}`);
  if (options['wait'] === true) return followDrill(begun.id, options, io);
  io.out(progressOf(begun));
  return begun.abort === null ? exits.fine : exits.no;
}

async function abort(id: string, options: Options, io: Io): Promise<number> {
  const query = new URLSearchParams({ actor: actorOf(options, io) });
  const path = `${pathOfDrill(id)}?${query.toString()}`;
  io.out(progressOf(await callDirector<DrillReport>(path, options, io, { method: 'DELETE' })));
  return exits.fine;
}

async function list(options: Options, io: Io): Promise<number> {
  const all = await callDirector<DrillReport[]>('/v1/drills', options, io);
  const ages = await callDirector<DrillAge[]>('/v1/drills/regions', options, io);
  const rows = all.map((each) => [each.id, each.actor, progressOf(each)]);
  const lines =
    rows.length === 0 ? ['no drill is known here'] : formatTable(['ID', 'WHO', 'HOW FAR'], rows);
  for (const line of [...lines, '', ...describeAges(ages)]) io.out(line);
  return exits.fine;
}

/** When each region was drilled; what is too long ago, or not known, comes first. */
function describeAges(ages: readonly DrillAge[]): string[] {
  const rows = ages
    .toSorted((one, other) => ageOf(other) - ageOf(one))
    .map(({ region, drilledAt, isOverdue }) => [
      region,
      drilledAt?.slice(0, 10) ?? 'not known',
      isOverdue ? 'NOT DRILLED FOR TOO LONG' : '',
    ]);
  return formatTable(['REGION', 'LAST DRILLED', ''], rows);
}

function ageOf({ ageSeconds }: DrillAge): number {
  return ageSeconds ?? Number.MAX_VALUE;
}

async function report(id: string, options: Options, io: Io): Promise<number> {
  const format = textOption(options, 'format', 'markdown');
  if (format !== 'json' && format !== 'markdown') {
    io.err(`--format takes json or markdown, not "${format}"`);
    return exits.usage;
  }
  const found = await findDrill(id, options, io);
  const page = textOption(options, 'html', '');
  if (page !== '') {
    await writePage(page, drillForms.html(found));
    return exits.fine;
  }
  const isJson = format === 'json' || options['json'] === true;
  const lines = isJson ? jsonLines(found) : markdownOf(found);
  for (const line of lines) io.out(line);
  return exits.fine;
}
