// `meridian audit`: is the log what was written, and what does it say?

import { stat } from 'node:fs/promises';
import { readEntry } from '../audit/entry.ts';
import type { Flaw, VerifyOptions } from '../audit/state.ts';
import { createVerifier, type Verdict } from '../audit/verify.ts';
import { listLogs, nameOf, type ReadLine, readLines } from '../edge/log-lines.ts';
import { createSeal } from '../edge/seal.ts';
import { wordsOf } from '../edge/whole-file.ts';
import { loadSettings, sha256 } from '../load.ts';
import type { ChainHead, TimelinePage } from '../model/audit.ts';
import { type Fault, FaultError } from '../model/fault.ts';
import { callDirector, clientOptions } from './client.ts';
import { type Command, exits, type Io, type Options, textOption } from './command.ts';
import { harmless, printJson } from './json.ts';
import { recordedSentence } from './recorded.ts';

const usage =
  'verify|show [FOLDER|FILE…] [--config FILE] [--url URL] [--head SEQ:HASH] [--region R] [--json]';

export const audit: Command = {
  name: 'audit',
  usage,
  summary:
    'Check that a director’s audit log is as it was written, and say where it is not; or print it as sentences.',
  options: {
    ...clientOptions,
    config: { type: 'string' },
    head: { type: 'string' },
    region: { type: 'string' },
    json: { type: 'boolean' },
  },
  words: [1, 1000],
  async run([verb, ...paths], options, io) {
    if (verb !== 'verify' && verb !== 'show') {
      io.err(`Usage: meridian audit ${usage}`);
      return exits.usage;
    }
    const setting = await readSetting(paths, options, io);
    const files = await findFiles(paths.length > 0 ? paths : [setting.folder]);
    return verb === 'verify' ? verify(files, setting, options, io) : show(files, options, io);
  },
};

interface Setting {
  readonly folder: string;
  readonly secrets: readonly string[];
}

/** The secrets of the environment and of the configuration, as far as there is one. */
async function readSetting(
  paths: readonly string[],
  options: Options,
  { env }: Io,
): Promise<Setting> {
  const named = (env['MERIDIAN_SECRETS'] ?? '').split(',').map((each) => each.trim());
  const secrets = named.filter((each) => each !== '');
  // Who names files need not have a configuration at hand.
  if (paths.length > 0 && options['config'] === undefined) return { folder: '', secrets };
  const config = textOption(options, 'config', 'meridian.yaml');
  const loaded = await loadSettings(config, env);
  if (!loaded.ok) throw new FaultError(loaded.faults[0] ?? unreadable(config, ''));
  const { stateDir, gossip } = loaded.value;
  if (stateDir === undefined && paths.length === 0) {
    const message = `${config} names no folder for state, so no log is kept: name files or a folder`;
    throw new FaultError({ code: 'config.value', path: '/state', message });
  }
  const base = config.replace(/[^/]*$/, '');
  const state = stateDir?.startsWith('/') === true ? stateDir : `${base}${stateDir ?? ''}`;
  return { folder: `${state}/audit`, secrets: [...secrets, ...gossip.secrets] };
}

async function findFiles(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    try {
      found.push(...(await listLogs(path)));
    } catch (error) {
      throw new FaultError(unreadable(path, error instanceof Error ? error.message : ''), error);
    }
  }
  if (found.length > 0) return found;
  throw new FaultError(unreadable(paths.join(', '), 'there is no file of a log in it'));
}

function unreadable(path: string, reason: string): Fault {
  return { code: 'disk.read', message: `cannot read ${path}: ${reason}` };
}

/** A pipe may never end, and a folder may be called as a file is. */
async function* linesOf(path: string): AsyncGenerator<ReadLine> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is not a file');
    yield* readLines(path);
  } catch (error) {
    throw new FaultError(unreadable(path, wordsOf(error)), error);
  }
}

async function verify(
  files: readonly string[],
  { secrets }: Setting,
  options: Options,
  io: Io,
): Promise<number> {
  const heads = await findHeads(options, io);
  if (heads === undefined) {
    io.err('--head wants the number and the hash of an entry, such as 812:9f86d081…');
    return exits.usage;
  }
  const isSigned = secrets.length === 0 ? undefined : createSeal(secrets).verify;
  const verdict = await readAll(files, { digest: sha256, isSigned, heads });
  if (options['json'] === true) {
    const { flaws, more, notes, entries, signed, director = null } = verdict;
    const isWhole = flaws.length === 0;
    printJson({ isWhole, director, entries, signed, flaws, more, notes }, io);
    return isWhole ? exits.fine : exits.no;
  }
  for (const flaw of verdict.flaws) io.err(lineOf(flaw));
  if (verdict.more > 0) io.err(`… and ${verdict.more} more`);
  if (verdict.flaws.length > 0) {
    io.err(
      `NOT WHOLE: ${verdict.flaws.length + verdict.more} place(s) are not as they were written`,
    );
    return exits.no;
  }
  io.out(sentenceOf(verdict, isSigned !== undefined));
  for (const note of verdict.notes) io.out(`note: ${note}`);
  return exits.fine;
}

async function readAll(files: readonly string[], options: VerifyOptions): Promise<Verdict> {
  const verifier = createVerifier(options);
  for (const path of files) {
    verifier.file(nameOf(path));
    for await (const line of linesOf(path)) verifier.line(line);
  }
  return verifier.end();
}

function lineOf({ file, line, lines, seq, kind, words }: Flaw): string {
  const where = lines === 1 ? `${file}:${line}` : `${file}:${line} and ${lines - 1} more`;
  return `${where}: entry ${seq}: ${kind}: ${words}`;
}

function sentenceOf(
  { director, entries, files, first, last, signed }: Verdict,
  isChecked: boolean,
): string {
  if (first === undefined || last === undefined) return 'whole: there is no entry yet';
  const span = `entries ${first.seq} to ${last.seq} in ${files} file(s), ${first.at} to ${last.at}`;
  const seals = isChecked
    ? `${signed} of ${entries} signed with the fleet's secret`
    : 'signatures not checked: no secret is at hand';
  return `whole: ${director ?? ''}, ${span}; ${seals}; it ends with ${last.seq}:${last.hash}`;
}

/** What others know: a running director, and whoever wrote down how the log ended. */
async function findHeads(
  options: Options,
  io: Io,
): Promise<(ChainHead & { readonly from: string })[] | undefined> {
  const heads: (ChainHead & { readonly from: string })[] = [];
  const { head, url } = options;
  if (typeof head === 'string') {
    const [, seq, hash = ''] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(head) ?? [];
    if (seq === undefined) return undefined;
    heads.push({ seq: Number(seq), hash, from: '--head' });
  }
  if (typeof url === 'string') {
    const page = await callDirector<TimelinePage>('/v1/timeline?limit=1', options, io);
    if (page.head !== null) heads.push({ ...page.head, from: `${page.director} at ${url}` });
  }
  return heads;
}

/** Whatever can be read, in the order in which it stands; what cannot is said, and `verify` says why. */
async function show(files: readonly string[], options: Options, io: Io): Promise<number> {
  const { region, json } = options;
  for (const path of files) {
    for await (const { text } of linesOf(path)) {
      const entry = readEntry(text, sha256);
      const where = entry?.facts['region'];
      // What concerns no region concerns all, and what is no entry everybody.
      if (region !== undefined && where !== undefined && where !== region) continue;
      if (json === true) {
        if (entry !== undefined) io.out(harmless(text));
      } else if (entry === undefined) {
        io.out(`         ?  a line of ${nameOf(path)} is no entry`);
      } else {
        const { seq, at, event, facts, director } = entry;
        const mark = entry.isTrue ? '' : 'CHANGED: ';
        const words = recordedSentence({ ...facts, at, event });
        io.out(`${String(seq).padStart(6)}  ${at.slice(0, 19)}Z  ${director}  ${mark}${words}`);
      }
    }
  }
  return exits.fine;
}
