// `meridian simulate`: what a change would do to the people who ask.

import type { Rehearsal } from '../compose/rehearsal.ts';
import { rehearseInThreads } from '../compose/rehearse.ts';
import { createClock } from '../edge/clock.ts';
import type { HealthReport } from '../model/report.ts';
import type { Comparison } from '../simulation/comparison.ts';
import type { Drill } from '../simulation/drill.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Io, type Options, textOption, wrongUsage } from './command.ts';
import { printJson } from './json.ts';
import { describeComparison } from './comparison-text.ts';
import { describeDrill, drillJson } from './drill-text.ts';
import { drillFor, drillIn, drillOptions, withOut } from './drill-wish.ts';
import { parseNumber } from '../model/number.ts';
import { brokenLimits, limitOptions, limitsIn } from './limits.ts';
import { changeWords, writeSimulation } from './simulation-file.ts';
import { filesIn, showProgress, wishIn, wishOptions } from './wishes.ts';

export const simulate: Command = {
  name: 'simulate',
  usage: [
    '[--down REGION,…] [--drain REGION,…] [--config OTHER | --config FILE --to OTHER]',
    '[--bias REGION=+20] [--weight REGION=N] [--set-load REGION=1.2] [--load REQUESTS]',
    '[--service NAME] [--clients FILE] [--url URL] [--html FILE] [--json] [--progress]',
    '[--max-share-moved 5%] [--max-load 90%] [--max-farther-km 1000] [--max-farther-share 2%]',
    '[--max-slower-ms 30] [--max-slower-share 2%] [--no-empty]',
    '[--drill REGION [--cause lost] [--overstay 5%:5m,…] [--hold 60%:60s,…] [--no-hints]]',
  ].join('\n         '),
  summary:
    'Replay the internet, or your own clients, through a change; exit code 1 where it breaks a limit.',
  options: {
    ...clientOptions,
    ...wishOptions,
    ...limitOptions,
    ...drillOptions,
    html: { type: 'string' },
    config: { type: 'string' },
    to: { type: 'string' },
    load: { type: 'string' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  words: [0, 0],
  async run(_words, options, io) {
    const asked = askedIn(options);
    if (typeof asked === 'string') return wrongUsage(simulate, io, asked);
    const { limits, load, drillWish } = asked;
    const already = await seenBy(options, io);
    const wish = drillWish === undefined ? asked.wish : withOut(asked.wish, drillWish);
    const files = { ...filesIn(options, wish), env: io.env };
    const rehearsal = { ...wish, ...already, ...files, at: createClock().now() };
    // What cannot be drilled is told before the long run.
    const drill = drillWish && (await drillFor(drillWish, rehearsal));
    const comparison = await runRehearsal(rehearsal, load, options, io);
    printResults({ change: changeWords(rehearsal), ...comparison }, drill, options, io);
    const page = textOption(options, 'html', '');
    if (page !== '') await writeSimulation(page, { comparison, drill, rehearsal });
    const broken = brokenLimits(comparison, limits);
    for (const sentence of broken) io.err(`Limit broken: ${sentence}.`);
    return broken.length === 0 ? exits.fine : exits.no;
  },
};

/** Words for what makes no sense, or all that is asked for. */
function askedIn(options: Options) {
  const wish = wishIn(options);
  if (typeof wish === 'string') return wish;
  const limits = limitsIn(options);
  if (typeof limits === 'string') return limits;
  const load = loadIn(options);
  if (typeof load === 'string') return load;
  const drillWish = drillIn(options);
  if (typeof drillWish === 'string') return drillWish;
  const isLoadMissing = limits.maxLoad !== undefined && load === undefined;
  return isLoadMissing ? '--max-load needs --load REQUESTS' : { wish, limits, load, drillWish };
}

/** Undefined where nobody says; words for what is no number. */
export function loadIn(options: Options): number | undefined | string {
  if (options['load'] === undefined) return undefined;
  const text = String(options['load']);
  return parseNumber(text) ?? `--load takes requests a second, not "${text}"`;
}

/** What a running director holds to be down or drained; nothing without `--url`. */
async function seenBy(
  options: Options,
  io: Io,
): Promise<Pick<Rehearsal, 'alreadyDown' | 'alreadyDrained'>> {
  if (options['url'] === undefined) return { alreadyDown: [], alreadyDrained: [] };
  const { regions } = await callDirector<HealthReport>('/v1/health', options, io);
  const isOverridden = (kind: string) => (each: HealthReport['regions'][number]) =>
    each.override?.isActive === true && each.override.kind === kind;
  const down = regions.filter(
    (each) => isOverridden('down')(each) || (each.verdict === 'down' && !isOverridden('up')(each)),
  );
  return {
    alreadyDown: down.map(({ region }) => region),
    alreadyDrained: regions.filter(isOverridden('drain')).map(({ region }) => region),
  };
}

/** In as many threads as there are processors, with a bar that says how far it is. */
export async function runRehearsal(
  rehearsal: Rehearsal,
  load: number | undefined,
  options: Options,
  io: Io,
): Promise<Comparison> {
  const onProgress = showProgress(io, options['progress'] === true);
  try {
    return await rehearseInThreads(rehearsal, { load, signal: io.signal, onProgress });
  } finally {
    io.gauge?.('');
  }
}

function printResults(
  comparison: Comparison & { readonly change: string },
  drill: Drill | undefined,
  options: Options,
  io: Io,
): void {
  if (options['json'] === true) {
    const whole = drill === undefined ? comparison : { ...comparison, drill: drillJson(drill) };
    printJson(whole, io);
    return;
  }
  io.out(`Change: ${comparison.change}`);
  for (const line of describeComparison(comparison)) io.out(line);
  for (const line of drill === undefined ? [] : ['', ...describeDrill(drill)]) io.out(line);
}
