// `meridian explain`: what a client is answered, and why.

import type { ResolveReport } from '../model/report.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Io, type Options, textOption } from './command.ts';
import { printJson } from './json.ts';
import { explainOffline } from './offline.ts';

export const explain: Command = {
  name: 'explain',
  usage:
    'NAME [--client ADDRESS] [--resolver ADDRESS] [--type A] [--json] [--url URL | --offline [--config FILE]]',
  summary:
    'Tell which regions answer a client and why; --offline asks the files, with all regions up.',
  options: {
    ...clientOptions,
    client: { type: 'string' },
    resolver: { type: 'string' },
    type: { type: 'string' },
    json: { type: 'boolean' },
    offline: { type: 'boolean' },
    config: { type: 'string' },
  },
  words: [1, 1],
  async run([name = ''], options, io) {
    const type = textOption(options, 'type', 'A');
    const asker = ['client', 'resolver'].filter((key) => options[key] !== undefined);
    const question = {
      name,
      type,
      ...Object.fromEntries(asker.map((key) => [key, String(options[key])])),
    };
    const report =
      options['offline'] === true
        ? await explainOffline(textOption(options, 'config', 'meridian.yaml'), io.env, question)
        : await askDirector(question, options, io);
    if (options['json'] === true) printJson(report, io);
    else for (const line of describeReport(report)) io.out(line);
    return report.status === 'NOERROR' ? exits.fine : exits.no;
  },
};

function askDirector(
  question: Readonly<Record<string, string>>,
  options: Options,
  io: Io,
): Promise<ResolveReport> {
  const query = new URLSearchParams({ ...question, explain: '1' });
  return callDirector<ResolveReport>(`/v1/resolve?${query.toString()}`, options, io);
}

/** Why, and what the answer holds, in lines of plain text. */
export function describeReport(report: ResolveReport): string[] {
  const records = report.answers.map(
    ({ type, data, ttl }) => `  ${report.name} ${ttl} IN ${type} ${data}`,
  );
  const answer = records.length === 0 ? [`  no ${report.type} record (${report.status})`] : records;
  const why = report.trail?.text ?? `${report.name} is not steered: everyone gets the same answer.`;
  const note = report.note === undefined ? [] : ['', `Note: ${report.note}.`];
  return [...why.split('\n'), '', 'Answer:', ...answer, ...note];
}
