// A server as a process of its own: started, asked until it answers, ended by its id.

import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync, globSync, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildQuery } from '../../support/query.ts';
import type { World } from './world.ts';

/** A server that is measured. */
export interface Running extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** Of 127.0.0.1, over UDP and TCP. */
  readonly port: number;
  /** Where it answers over HTTPS, if it does. */
  readonly doh?: number | undefined;
  /** From its start to its first answer. */
  readonly readyMs: number;
}

/** A way to have a server. */
export interface Kind {
  readonly name: string;
  readonly needs: readonly Need[];
  /** What it was given, and where that favours it: a sentence or two for the page. */
  readonly given: string;
  /** It answers nothing, and sends back what came. */
  readonly isEcho?: boolean;
  /** It runs threads on all processors, so it is not pinned to one. */
  readonly isWide?: boolean;
  /** Things it cannot do, by the key of a mix, with the reason. */
  readonly lacks?: Readonly<Record<string, string>>;
  start(world: World, stage: Stage): Promise<Running>;
}

/** A file that must be there, on the PATH if it is a bare name, and the Debian package that brings it. */
export interface Need {
  readonly file: string;
  readonly debian: string;
}

export interface Stage {
  /** A folder of its own. */
  readonly folder: string;
  /** Ports that were free a moment ago: for DNS, for DNS over HTTPS, for the HTTP API. */
  readonly ports: readonly [number, number, number];
  /** A command that is put before the server's own, such as `taskset`. */
  readonly prefix: readonly string[];
  /** PEM files for TLS. */
  readonly certificate: string;
  readonly key: string;
}

/** Debian packages that are not there. */
export function missingOf(needs: readonly Need[]): string[] {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  const isThere = ({ file }: Need): boolean =>
    file.startsWith('/')
      ? globSync(file).length > 0
      : folders.some((folder) => globSync(join(folder, file)).length > 0);
  return needs.filter((need) => !isThere(need)).map(({ debian }) => debian);
}

export interface Program {
  readonly name: string;
  readonly words: readonly string[];
  readonly port: number;
  readonly doh?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const patienceMs = 120_000;

/** Rejects with the end of what it printed when it ends, or does not answer in time. */
export async function startProgram(program: Program, stage: Stage): Promise<Running> {
  const { name, port, doh, env } = program;
  const words = [...stage.prefix, ...program.words];
  const log = join(stage.folder, 'log');
  const start = performance.now();
  const output = openSync(log, 'w');
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: stage.folder,
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 3000);
    await ended;
    clearTimeout(patience);
  };
  try {
    await Promise.race([answersAt(port), ended.then(() => Promise.reject(new Error('it ended')))]);
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    const said = readFileSync(log, 'utf8').slice(-1000);
    throw new Error(`${name} cannot be started: ${reason}: ${said}`, { cause: error });
  }
  const readyMs = performance.now() - start;
  return { name, pid: child.pid ?? 0, port, doh, readyMs, [Symbol.asyncDispose]: stop };
}

/** Resolves once anything comes back from a UDP port. */
async function answersAt(port: number): Promise<void> {
  const socket = createSocket('udp4');
  let isAnswered = false;
  socket.on('message', () => {
    isAnswered = true;
  });
  socket.on('error', () => undefined);
  const query = buildQuery();
  const start = performance.now();
  try {
    while (!isAnswered) {
      if (performance.now() - start > patienceMs) throw new Error('it did not answer in time');
      socket.send(query, port, '127.0.0.1', () => undefined);
      await sleep(10);
    }
  } finally {
    socket.close();
  }
}
