// `--direct`: an operator's word for each director itself, with one line on what each answered.

import { loadSettings } from '../load.ts';
import { type Fault, FaultError, formatFault } from '../model/fault.ts';
import type { OverrideReport } from '../model/report.ts';
import { baseOf, callDirector, schemeOf } from './client.ts';
import { exits, type Io, type Options, textOption } from './command.ts';
import { type Door, handRound } from './hand-round.ts';
import { tlsOptions } from './send.ts';

export const directOptions = {
  url: { type: 'string', multiple: true },
  direct: { type: 'boolean' },
  config: { type: 'string' },
  ...tlsOptions,
} as const;

export const directUsage = '[--url URL] [--direct (--url URL… | --config FILE)]';

/** One request about a word to the director of these options. */
export type Say = (options: Options) => Promise<OverrideReport>;

/**
 * Says it to the one director, or with `--direct` to all: those of `--url`, or else this one and the
 * peers of the configuration. `tell` prints what came of it. Exit 1 when one did not take it.
 */
export async function sayWord(
  options: Options,
  io: Io,
  say: Say,
  tell: (word: OverrideReport) => void,
): Promise<number> {
  const urls = urlsOf(options);
  if (options['direct'] !== true) {
    if (urls.length > 1) {
      io.err('Several --url are for --direct; without it one director hands the word to all.');
      return exits.usage;
    }
    tell(await say(at(options, urls[0])));
    return exits.fine;
  }
  const all = urls.length > 0 ? urls : await listed(options, io);
  const { word, answers } = await handRound(all.map((url) => doorOf(url, options, io, say)));
  if (word !== undefined) tell(word);
  let isAll = true;
  for (const [name, answer] of answers) {
    if ('code' in answer) {
      isAll = false;
      io.err(`${name}: not taken: ${formatFault(answer)}`);
    } else io.out(`${name}: taken`);
  }
  return isAll ? exits.fine : exits.no;
}

/** The options for one director alone. */
export function at(options: Options, url: string | undefined): Options {
  return { ...options, url };
}

export function urlsOf({ url }: Options): readonly string[] {
  return Array.isArray(url) ? (url as readonly string[]) : [];
}

async function listed(options: Options, { env }: Io): Promise<readonly string[]> {
  const config = textOption(options, 'config', 'meridian.yaml');
  const loaded = await loadSettings(config, env);
  if (!loaded.ok) {
    const [first] = loaded.faults;
    throw new FaultError(first ?? { code: 'config.read', message: `${config} cannot be used` });
  }
  return [...new Set([baseOf({}, env, schemeOf(loaded.value)), ...loaded.value.gossip.peers])];
}

function doorOf(name: string, options: Options, io: Io, say: Say): Door {
  const own = at(options, name);
  return {
    name,
    make: () => asValue(say(own)),
    take: ({ id, signed }) =>
      asValue(
        callDirector<OverrideReport>(`/v1/overrides/${encodeURIComponent(id)}`, own, io, {
          method: 'PUT',
          body: { signed },
        }),
      ),
  };
}

async function asValue(answer: Promise<OverrideReport>): Promise<OverrideReport | Fault> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof FaultError) return error.fault;
    throw error;
  }
}
