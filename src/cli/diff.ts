// `meridian diff`: a change of the configuration in clients' terms.

import { createClock } from '../edge/clock.ts';
import type { Comparison, Move } from '../simulation/comparison.ts';
import { type Command, exits, textOption, wrongUsage } from './command.ts';
import { printJson } from './json.ts';
import { describeMoves } from './comparison-text.ts';
import { formatShare, parseShare } from '../model/number.ts';
import { runRehearsal } from './simulate.ts';
import { usualLosses } from './wishes.ts';

export const diff: Command = {
  name: 'diff',
  usage: 'OLD NEW [--clients FILE] [--service NAME] [--max-moved 5%] [--json] [--progress]',
  summary: 'Tell which clients another configuration sends elsewhere; OLD and NEW are main files.',
  options: {
    clients: { type: 'string' },
    service: { type: 'string' },
    'max-moved': { type: 'string' },
    json: { type: 'boolean' },
    progress: { type: 'boolean' },
  },
  words: [2, 2],
  async run([config = '', other = ''], options, io) {
    const text = options['max-moved'];
    const limit = text === undefined ? undefined : parseShare(String(text));
    if (text !== undefined && limit === undefined) {
      return wrongUsage(diff, io, `--max-moved takes a share such as 5%, not "${String(text)}"`);
    }
    const wishes = { down: [], drained: [], bias: [], weight: [], loads: [], ...usualLosses };
    const files = { config, other, env: io.env, alreadyDown: [], alreadyDrained: [] };
    const named = {
      service: textOption(options, 'service', '') || undefined,
      clients: textOption(options, 'clients', '') || undefined,
    };
    const rehearsal = { ...wishes, ...files, ...named, at: createClock().now() };
    const comparison = await runRehearsal(rehearsal, undefined, options, io);
    if (options['json'] === true) printJson(comparison, io);
    else for (const line of describeDiff(comparison)) io.out(line);
    const { moved } = comparison.total;
    if (limit === undefined || moved <= limit) return exits.fine;
    io.err(
      `Limit broken: ${formatShare(moved)} of clients change region, and --max-moved allows ${formatShare(limit)}.`,
    );
    return exits.no;
  },
};

/** The whole in one sentence, then each name that clients move for. */
export function describeDiff({ total, services, added, removed }: Comparison): string[] {
  const moving = services.filter(({ moved }) => moved > 0);
  return [
    summarise(total.moved, total.moves),
    ...(added.length > 0 ? [`New names: ${added.join(', ')}.`] : []),
    ...(removed.length > 0 ? [`Names that go: ${removed.join(', ')}.`] : []),
    ...(services.length < 2 ? [] : moving).flatMap(({ name, moved, moves }) => [
      '',
      `${name}: ${formatShare(moved)}`,
      ...describeMoves(moves).map((line) => `  ${line}`),
    ]),
  ];
}

/** `3.1 % of clients change region: 2.4 % eu-west → us-east, mostly AS3320; 0.7 % …` */
export function summarise(moved: number, moves: readonly Move[]): string {
  if (moved === 0) return 'Nobody changes region.';
  const largest = moves.slice(0, 3).map(({ from, to, share, systems, countries }) => {
    const [most] = systems.length > 0 ? systems : countries;
    const where =
      most === undefined ? '' : `, mostly ${most.of === '' ? 'unknown places' : most.of}`;
    return `${formatShare(share)} ${from ?? 'no region'} → ${to ?? 'no region'}${where}`;
  });
  const rest = moves.length > 3 ? `; and ${moves.length - 3} smaller moves` : '';
  return `${formatShare(moved)} of clients change region: ${largest.join('; ')}${rest}.`;
}
