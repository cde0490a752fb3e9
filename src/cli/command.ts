// The shape of a command, and how its words are read.

import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Environment } from '../config/secret.ts';
import { FaultError, formatFault } from '../model/fault.ts';
import { visible } from '../model/visible.ts';

/** What was typed is wrong, and nobody was asked. */
export class UsageError extends FaultError {
  constructor(message: string, path?: string) {
    super({ code: 'request.invalid', message, path });
  }
}

/** Exit codes: scripts rely on them. */
export const exits = { fine: 0, no: 1, usage: 2 } as const;

export interface Io {
  /** One line: a command's own are made `visible` on their way. */
  out(line: string): void;
  err(line: string): void;
  readonly env: Environment;
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** Where the output is a terminal. */
  readonly screen?: Screen | undefined;
  /** Where errors go to a terminal: a line that the next one takes the place of, and an empty one clears. */
  readonly gauge?: ((line: string) => void) | undefined;
}

/** A terminal that is drawn anew as things change. */
export interface Screen {
  readonly rows: number;
  /** Calls back when it has another size. */
  open(repaint: () => void): void;
  /** Lines that are too long or too many are cut. */
  paint(lines: readonly string[]): void;
  close(): void;
}

export interface Command {
  readonly name: string;
  /** What stands behind the name in its usage line. */
  readonly usage: string;
  readonly summary: string;
  readonly options: ParseArgsOptionsConfig;
  /** How many words it takes besides options. */
  readonly words: readonly [min: number, max: number];
  run(words: readonly string[], options: Options, io: Io): Promise<number>;
}

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Reads the words after a command's name and runs it; a fault becomes one line and exit code 1. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  terminal: Io,
): Promise<number> {
  const io = guard(terminal);
  const parsed = readWords(command, args);
  if (typeof parsed === 'string') return wrongUsage(command, io, ...parsed.split('\n'));
  const { values, positionals } = parsed;
  if (values['help'] === true) {
    for (const line of [command.summary, '', ...usageOf(command)]) io.out(line);
    return exits.fine;
  }
  const [min, max] = command.words;
  if (positionals.length < min || positionals.length > max) return wrongUsage(command, io);
  try {
    return await command.run(positionals, values, io);
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    io.err(formatFault(error.fault));
    return error instanceof UsageError ? exits.usage : exits.no;
  }
}

/**
 * The one door to the terminal. Much of what commands tell was written by others: operators, other directors,
 * whoever answers at an address. Whatever it is, a line stays one line and moves no cursor.
 */
function guard(io: Io): Io {
  const { gauge } = io;
  return {
    ...io,
    out: (line) => io.out(visible(line)),
    err: (line) => io.err(visible(line)),
    gauge: gauge && ((line) => gauge(visible(line))),
  };
}

/** Says what is wrong, where there are words for it, and what would be right. */
export function wrongUsage(command: Command, io: Io, ...words: readonly string[]): number {
  for (const line of [...words, ...usageOf(command)]) io.err(line);
  return exits.usage;
}

function readWords(
  command: Command,
  args: readonly string[],
): { values: Options; positionals: readonly string[] } | string {
  const options: ParseArgsOptionsConfig = {
    ...command.options,
    help: { type: 'boolean', short: 'h' },
  };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return { values: values as Options, positionals };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Lines. */
export function usageOf(command: Command): string[] {
  // Alike in all that speak with a director.
  const tls = 'cert' in command.options ? ' [--ca FILE] [--cert FILE --key FILE]' : '';
  return `Usage: meridian ${command.name} ${command.usage}`.trimEnd().concat(tls).split('\n');
}

/** The text of an option, or its default. */
export function textOption(options: Options, name: string, standard: string): string {
  const value = options[name];
  return typeof value === 'string' ? value : standard;
}

/** The words of an option that may be given several times, with several words between commas. */
export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  const given = Array.isArray(value) ? value : typeof value === 'string' ? [value] : [];
  return given.flatMap((each) => String(each).split(',')).filter((word) => word !== '');
}
