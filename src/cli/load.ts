// `meridian load`: how busy regions are; or says for a region how busy it is, as its balancer would.

import type { LoadFacts, LoadReceipt, LoadRequest } from '../model/load-report.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Options, textOption, wrongUsage } from './command.ts';
import { printJson } from './json.ts';
import { formatTable } from './table.ts';

export const load: Command = {
  name: 'load',
  usage:
    '[REGION [--load 0.7] [--connections 12] [--requests 340] [--for 30s]] [--json] [--url URL]',
  summary: 'Show how busy regions are, or report it for one, with the token in MERIDIAN_TOKEN.',
  options: {
    ...clientOptions,
    load: { type: 'string' },
    connections: { type: 'string' },
    requests: { type: 'string' },
    for: { type: 'string' },
    json: { type: 'boolean' },
  },
  words: [0, 1],
  async run([region], options, io) {
    if (region === undefined) {
      const loads = await callDirector<readonly LoadFacts[]>('/v1/load', options, io);
      if (options['json'] === true) printJson(loads, io);
      else for (const line of describe(loads)) io.out(line);
      return exits.fine;
    }
    const amounts = amountsIn(options);
    if (amounts === undefined) {
      return wrongUsage(load, io);
    }
    const span = options['for'];
    const body: LoadRequest = { ...amounts, ...(typeof span === 'string' && { for: span }) };
    const path = `/v1/load/${encodeURIComponent(region)}`;
    const held = await callDirector<LoadReceipt>(path, options, io, { method: 'POST', body });
    const told = amountsOf(held).join(', ');
    io.out(
      `${held.region}: ${told}, for ${held.leftSeconds} s, on ${held.posted} ${held.posted === 1 ? 'board' : 'boards'}`,
    );
    return exits.fine;
  },
};

function describe(loads: readonly LoadFacts[]): string[] {
  const rows = loads.map((facts) => [
    facts.region,
    facts.load === null ? '–' : `${Math.round(facts.load * 100)} %`,
    facts.connections === null ? '–' : String(facts.connections),
    facts.source ?? 'nobody says',
    facts.ageSeconds === null ? '' : `${facts.ageSeconds} s`,
    facts.shed === 0 ? '' : `${Math.round(facts.shed * 100)} %`,
  ]);
  return formatTable(['REGION', 'LOAD', 'CONNECTIONS', 'SOURCE', 'AGE', 'PASSES ON'], rows);
}

function amountsOf({ load: share, connections }: LoadReceipt): string[] {
  return [
    ...(share === null ? [] : [`load ${Math.round(share * 100)} %`]),
    ...(connections === null ? [] : [`${connections} connections`]),
  ];
}

/** Undefined where none is given, or one is no number; whether it fits is for the director to say. */
function amountsIn(options: Options): Omit<LoadRequest, 'for'> | undefined {
  const given = (['load', 'connections', 'requests'] as const).flatMap((name) => {
    const text = textOption(options, name, '').trim();
    return options[name] === undefined ? [] : [[name, text === '' ? Number.NaN : Number(text)]];
  });
  const isFine = given.length > 0 && given.every(([, value]) => Number.isFinite(value));
  return isFine ? (Object.fromEntries(given) as Omit<LoadRequest, 'for'>) : undefined;
}
