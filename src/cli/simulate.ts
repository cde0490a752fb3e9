// `meridian simulate`: what a change would do to the people who ask.

import type { Rehearsal } from '../compose/rehearsal.ts';
import { rehearseInThreads } from '../compose/rehearse.ts';
import { createClock } from '../edge/clock.ts';
import type { HealthReport } from '../model/report.ts';
import type { Comparison } from '../simulation/comparison.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Io, type Options, textOption, usageOf } from './command.ts';
import { describeComparison } from './comparison-text.ts';
import { parseNumber } from './figures.ts';
import { brokenLimits, limitOptions, limitsIn } from './limits.ts';
import { showProgress, wishIn, wishOptions } from './wishes.ts';

export const simulate: Command = {
  name: 'simulate',
  usage: [
    '[--down REGION,…] [--drain REGION,…] [--config FILE] [--to OTHER] [--bias REGION=+20] [--weight REGION=N]',
    '[--set-load REGION=0.9] [--service NAME] [--clients FILE] [--load REQUESTS] [--url URL] [--json] [--progress]',
    '[--max-share-moved 5%] [--max-load 90%] [--max-farther-km 1000] [--max-farther-share 2%] [--no-empty]',
  ].join('\n         '),
  summary:
    'Replay the internet, or your own clients, through a change; exit code 1 where it breaks a limit.',
  options: {
    ...clientOptions,
    ...wishOptions,
    ...limitOptions,
    config: { type: 'string' },
    to: { type: 'string' },
    load: { type: 'string' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  words: [0, 0],
  async run(_words, options, io) {
    const wish = wishIn(options);
    const limits = limitsIn(options);
    const load = loadIn(options);
    const wrong = [wish, limits, load].find((each) => typeof each === 'string');
    if (typeof wish === 'string' || typeof limits === 'string' || typeof load === 'string') {
      io.err(`${String(wrong)}\n${usageOf(simulate)}`);
      return exits.usage;
    }
    if (limits.maxLoad !== undefined && load === undefined) {
      io.err(`--max-load needs --load REQUESTS\n${usageOf(simulate)}`);
      return exits.usage;
    }
    const already = await seenBy(options, io);
    const rehearsal = { ...wish, ...already, ...filesOf(options, io), at: createClock().now() };
    const comparison = await runRehearsal(rehearsal, load, options, io);
    printComparison(comparison, options, io);
    const broken = brokenLimits(comparison, limits);
    for (const sentence of broken) io.err(`Limit broken: ${sentence}.`);
    return broken.length === 0 ? exits.fine : exits.no;
  },
};

function filesOf(options: Options, { env }: Io): Pick<Rehearsal, 'config' | 'other' | 'env'> {
  const other = textOption(options, 'to', '');
  const config = textOption(options, 'config', 'meridian.yaml');
  return { config, other: other === '' ? undefined : other, env };
}

/** Undefined where nobody says; words for what is no number. */
function loadIn(options: Options): number | undefined | string {
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

function printComparison(comparison: Comparison, options: Options, io: Io): void {
  if (options['json'] === true) io.out(JSON.stringify(comparison, undefined, 2));
  else for (const line of describeComparison(comparison)) io.out(line);
}
