// `meridian report`: says for an application how it is, as it would by itself.

import type { ReportFacts, ReportRequest } from '../model/self-report.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Options, textOption, wrongUsage } from './command.ts';

const states = ['up', 'draining', 'down'] as const;

export const report: Command = {
  name: 'report',
  usage:
    'REGION NAME up|draining|down [--load 0.7] [--connections 12] [--reason TEXT] [--for 30s] [--url URL]',
  summary: "Report an application's own state and load, with the token in MERIDIAN_TOKEN.",
  options: {
    ...clientOptions,
    load: { type: 'string' },
    connections: { type: 'string' },
    reason: { type: 'string' },
    for: { type: 'string' },
  },
  words: [3, 3],
  async run([region = '', name = '', word], options, io) {
    const state = states.find((each) => each === word);
    const numbers = numbersIn(options);
    if (state === undefined || numbers === undefined) {
      return wrongUsage(report, io);
    }
    const body: ReportRequest = { state, ...numbers, ...wordsIn(options) };
    const path = `/v1/reports/${encodeURIComponent(region)}/${encodeURIComponent(name)}`;
    const request = { method: 'POST', body };
    const held = await callDirector<ReportFacts>(path, options, io, request);
    const load = held.load === null ? '' : `, load ${held.load}`;
    io.out(
      `${held.name} of ${held.region}: ${held.state}${load}, for ${held.leftSeconds} s, on ${held.posted ?? 0} board(s)`,
    );
    return exits.fine;
  },
};

/** Undefined where one of them is no number; whether it is a fitting one is for the director to say. */
function numbersIn(options: Options): Pick<ReportRequest, 'load' | 'connections'> | undefined {
  const given = (['load', 'connections'] as const).flatMap((name) => {
    const text = textOption(options, name, '');
    return options[name] === undefined
      ? []
      : [[name, text.trim() === '' ? Number.NaN : Number(text)]];
  });
  const isFine = given.every(([, value]) => Number.isFinite(value));
  return isFine
    ? (Object.fromEntries(given) as Pick<ReportRequest, 'load' | 'connections'>)
    : undefined;
}

function wordsIn(options: Options): Pick<ReportRequest, 'reason' | 'for'> {
  const { reason, for: span } = options;
  return {
    ...(typeof reason === 'string' && { reason }),
    ...(typeof span === 'string' && { for: span }),
  };
}
