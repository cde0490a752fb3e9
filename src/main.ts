#!/usr/bin/env node
// Meridian's command line: finds the command, hands it its words, ends with its exit code.

import { check } from './cli/check.ts';
import { type Command, exits, type Io, runCommand } from './cli/command.ts';
import { demo } from './cli/demo.ts';
import { drain, undrain } from './cli/drain.ts';
import { explain } from './cli/explain.ts';
import { serve } from './cli/serve.ts';
import { status } from './cli/status.ts';
import { formatTable } from './cli/table.ts';

const commands: readonly Command[] = [serve, demo, check, explain, status, drain, undrain];

async function main(args: readonly string[], io: Io): Promise<number> {
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

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

process.exitCode = await main(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  env: process.env,
  signal: stop.signal,
});
