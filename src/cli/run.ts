// The command line: finds the command, hands it its words, gives its exit code.

import { visible } from '../model/visible.ts';
import { type Command, exits, type Io, runCommand } from './command.ts';
import { formatTable } from './table.ts';

/** Each is loaded when it is asked for: a director that starts needs nothing of the others. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  demo: async () => (await import('./demo.ts')).demo,
  check: async () => (await import('./check.ts')).check,
  explain: async () => (await import('./explain.ts')).explain,
  simulate: async () => (await import('./simulate.ts')).simulate,
  diff: async () => (await import('./diff.ts')).diff,
  query: async () => (await import('./query.ts')).query,
  status: async () => (await import('./status.ts')).status,
  drain: async () => (await import('./drain.ts')).drain,
  undrain: async () => (await import('./drain.ts')).undrain,
  override: async () => (await import('./override.ts')).override,
  drill: async () => (await import('./drill.ts')).drill,
  report: async () => (await import('./report.ts')).report,
  clients: async () => (await import('./clients.ts')).clients,
  latencies: async () => (await import('./latencies.ts')).latencies,
  load: async () => (await import('./load.ts')).load,
  zone: async () => (await import('./zone.ts')).zone,
  timeline: async () => (await import('./timeline.ts')).timeline,
  audit: async () => (await import('./audit.ts')).audit,
};

export async function run(args: readonly string[], io: Io): Promise<number> {
  const [word, ...rest] = args;
  const load = Object.hasOwn(commands, word ?? '') ? commands[word ?? ''] : undefined;
  if (load !== undefined) return runCommand(await load(), rest, io);
  const isHelp = word === '--help' || word === '-h' || word === 'help';
  const say = isHelp ? io.out : io.err;
  if (word !== undefined && !isHelp) io.err(`There is no command "${visible(word)}".\n`);
  say('Usage: meridian COMMAND [OPTIONS]; meridian COMMAND --help tells more.\n');
  const all = await Promise.all(Object.values(commands).map((each) => each()));
  const table = formatTable(
    ['COMMAND', ''],
    all.map(({ name, summary }) => [name, summary]),
  );
  for (const line of table) say(line);
  return isHelp ? exits.fine : exits.usage;
}
