// The command line: finds the command, hands it its words, gives its exit code.

import { audit } from './audit.ts';
import { check } from './check.ts';
import { clients } from './clients.ts';
import { type Command, exits, type Io, runCommand } from './command.ts';
import { demo } from './demo.ts';
import { diff } from './diff.ts';
import { drain, undrain } from './drain.ts';
import { drill } from './drill.ts';
import { explain } from './explain.ts';
import { latencies } from './latencies.ts';
import { load } from './load.ts';
import { override } from './override.ts';
import { query } from './query.ts';
import { report } from './report.ts';
import { serve } from './serve.ts';
import { simulate } from './simulate.ts';
import { status } from './status.ts';
import { formatTable } from './table.ts';
import { timeline } from './timeline.ts';
import { zone } from './zone.ts';

const commands: readonly Command[] = [
  serve,
  demo,
  check,
  explain,
  simulate,
  diff,
  query,
  status,
  drain,
  undrain,
  override,
  drill,
  report,
  clients,
  latencies,
  load,
  zone,
  timeline,
  audit,
];

export async function run(args: readonly string[], io: Io): Promise<number> {
  const [word, ...rest] = args;
  const command = commands.find(({ name }) => name === word);
  if (command !== undefined) return runCommand(command, rest, io);
  const isHelp = word === '--help' || word === '-h' || word === 'help';
  const say = isHelp ? io.out : io.err;
  if (word !== undefined && !isHelp) io.err(`There is no command "${word}".\n`);
  say('Usage: meridian COMMAND [OPTIONS]; meridian COMMAND --help tells more.\n');
  const table = formatTable(
    ['COMMAND', ''],
    commands.map(({ name, summary }) => [name, summary]),
  );
  for (const line of table) say(line);
  return isHelp ? exits.fine : exits.usage;
}
