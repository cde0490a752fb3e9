// `meridian drain` and its kin: one command, seconds, no deploy.

import type { OverrideReport } from '../model/report.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Io, type Options, textOption } from './command.ts';

const actorOption = { actor: { type: 'string' } } as const;

export const drain: Command = {
  name: 'drain',
  usage: 'REGION --reason TEXT [--for 1h] [--kind drain|down|up] [--actor NAME] [--url URL]',
  summary: 'Take a region out of every answer of the fleet for a while; it ends by itself.',
  options: {
    ...clientOptions,
    ...actorOption,
    for: { type: 'string' },
    reason: { type: 'string' },
    kind: { type: 'string' },
  },
  words: [1, 1],
  async run([region = ''], options, io) {
    const reason = textOption(options, 'reason', '');
    if (reason === '') {
      io.err(
        'A reason is needed, such as --reason "disk swap": whoever is paged next will read it.',
      );
      return exits.usage;
    }
    const body = {
      region,
      kind: textOption(options, 'kind', 'drain'),
      actor: actorOf(options, io),
      reason,
      for: textOption(options, 'for', '1h'),
    };
    const made = await callDirector<OverrideReport>('/v1/overrides', options, io, {
      method: 'POST',
      body,
    });
    io.out(
      `${made.region}: ${made.kind} until ${made.end}, on ${made.posted ?? 0} board(s); id ${made.id}`,
    );
    for (const name of made.withheld ?? []) {
      io.err(
        `Warning: ${name} has no region left for some or all of its clients until one returns.`,
      );
    }
    return exits.fine;
  },
};

export const undrain: Command = {
  name: 'undrain',
  usage: 'REGION [--actor NAME] [--url URL]',
  summary: 'End the override that is in force on a region.',
  options: { ...clientOptions, ...actorOption },
  words: [1, 1],
  async run([region = ''], options, io) {
    const all = await callDirector<OverrideReport[]>('/v1/overrides', options, io);
    const found = all.find((word) => word.region === region && word.isActive);
    if (found === undefined) {
      io.err(`no override is in force on "${region}"`);
      return exits.no;
    }
    const query = new URLSearchParams({ actor: actorOf(options, io) });
    const path = `/v1/overrides/${encodeURIComponent(found.id)}?${query.toString()}`;
    const ended = await callDirector<OverrideReport>(path, options, io, { method: 'DELETE' });
    io.out(`${ended.region}: ${ended.kind} ended, on ${ended.posted ?? 0} board(s)`);
    return exits.fine;
  },
};

/** Whoever is logged in, unless they say another name. */
function actorOf(options: Options, { env }: Io): string {
  return textOption(options, 'actor', env['USER'] ?? env['LOGNAME'] ?? 'operator');
}
