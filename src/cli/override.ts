// `meridian override`: every word that operators have given, and the end of one by its id.

import { createClock } from '../edge/clock.ts';
import type { OverrideReport } from '../model/report.ts';
import { formatSpan, type Millis } from '../model/time.ts';
import { glassOptions, glassUsage } from './break-glass.ts';
import { callDirector } from './client.ts';
import { type Command, exits, type Io, type Options, wrongUsage } from './command.ts';
import { printJson } from './json.ts';
import { at, directOptions, directUsage, sayWord, urlsOf } from './direct.ts';
import { actorOf, endOverride, tellEnded } from './drain.ts';
import { glassWords, partOf, wordOf } from './override-words.ts';
import { formatTable } from './table.ts';

export const override: Command = {
  name: 'override',
  usage: `list [--all] [--json] [--url URL] | end ID [--actor NAME] ${glassUsage} ${directUsage}`,
  summary: 'List the overrides in force, with --all also those that were ended early; or end one.',
  options: {
    ...directOptions,
    actor: { type: 'string' },
    all: { type: 'boolean' },
    json: { type: 'boolean' },
    ...glassOptions,
  },
  words: [1, 2],
  async run([what, id], options, io) {
    if (what === 'list' && id === undefined) return list(options, io);
    if (what !== 'end' || id === undefined) {
      return wrongUsage(override, io);
    }
    const end = (to: Options): Promise<OverrideReport> =>
      endOverride(id, to, io, actorOf(options, io));
    return sayWord(options, io, end, (ended) => tellEnded(ended, io));
  },
};

async function list(options: Options, io: Io): Promise<number> {
  const to = at(options, urlsOf(options)[0]);
  const known = await callDirector<OverrideReport[]>('/v1/overrides', to, io);
  const words = options['all'] === true ? known : known.filter(({ isActive }) => isActive);
  if (options['json'] === true) {
    printJson(words, io);
    return exits.fine;
  }
  if (words.length === 0) {
    io.out('no override is in force');
    return exits.fine;
  }
  const now = createClock().now();
  const head = ['ID', 'WHAT', 'WHO', 'UNTIL', 'LEFT', 'WHY'];
  for (const line of formatTable(
    head,
    words.map((word) => rowOf(word, now)),
  ))
    io.out(line);
  return exits.fine;
}

function rowOf(word: OverrideReport, now: Millis): string[] {
  const { id, actor, reason, end, isActive, isPermanent, breakGlass } = word;
  const left = isPermanent === true ? '' : leftFor(Date.parse(end) - now);
  return [
    id,
    `${wordOf(word)} ${partOf(word)}`,
    actor,
    isPermanent === true ? 'PERMANENT' : `${end.slice(0, 19).replace('T', ' ')}Z`,
    isActive ? left : 'ended',
    breakGlass === undefined ? reason : `${reason}; ${glassWords(breakGlass)}`,
  ];
}

/** In whole seconds at the end, in minutes and hours before; by this machine's clock. */
function leftFor(span: number): string {
  const unit = span < 600_000 ? 1000 : span < 36_000_000 ? 60_000 : 3_600_000;
  return formatSpan(Math.max(1, Math.ceil(span / unit)) * unit);
}
