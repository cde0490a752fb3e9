// dnsperf: drives a server with prepared messages over UDP or TCP, and says what came back.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { percentile } from './table.ts';

export interface DnsperfDrive {
  readonly port: number;
  readonly transport: 'udp' | 'tcp';
  /** Messages as `writeMessages` writes them; sent in turn, again and again. */
  readonly messages: string;
  readonly seconds: number;
  /** Sockets or connections that it sends from. */
  readonly clients: number;
  /** Queries on their way at most. */
  readonly window: number;
  /** Queries a second at most; as many as come back where it is left out. */
  readonly perSecond?: number | undefined;
  /** A command that is put before, such as `taskset`. */
  readonly prefix: readonly string[];
  /** For files. */
  readonly folder: string;
}

export interface Outcome {
  readonly answered: number;
  readonly lost: number;
  readonly perSecond: number;
  /** RCODEs by name, or the codes of HTTP, with how often each came. */
  readonly codes: Readonly<Record<string, number>>;
}

/** In µs. */
export interface Latency {
  readonly half: number;
  readonly p99: number;
}

/** dnsperf reads binary input as TCP carries it: each message behind its length (RFC 1035 §4.2.2). */
export function writeMessages(path: string, messages: readonly Uint8Array[]): void {
  const parts = messages.flatMap((message) => {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    return [length, message];
  });
  writeFileSync(path, Buffer.concat(parts));
}

/** Timed, each answer is printed with its time, so that is for less than full load. */
export async function runDnsperf(options: DnsperfDrive, isTimed: false): Promise<Outcome>;
export async function runDnsperf(options: DnsperfDrive, isTimed: true): Promise<Outcome & Latency>;
export async function runDnsperf(options: DnsperfDrive, isTimed: boolean): Promise<Outcome> {
  const text = await run(options, isTimed ? ['-v'] : []);
  return isTimed ? { ...parseSummary(text), ...parseLatencies(text) } : parseSummary(text);
}

async function run(options: DnsperfDrive, more: readonly string[]): Promise<string> {
  const { port, transport, messages, seconds, clients, window, perSecond, prefix } = options;
  const words = [...prefix, 'dnsperf', '-B', '-d', messages, '-s', '127.0.0.1', '-p', `${port}`];
  words.push('-m', transport, '-l', `${seconds}`, '-c', `${clients}`, '-q', `${window}`, '-t', '1');
  if (perSecond !== undefined) words.push('-Q', `${Math.round(perSecond)}`);
  // To a file, because a pipe would have to be read on the processors that are measured.
  const path = join(options.folder, `dnsperf-${port}.txt`);
  const file = openSync(path, 'w');
  try {
    const child = spawn(words[0] ?? '', [...words.slice(1), ...more], {
      stdio: ['ignore', file, 'ignore'],
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    const text = readFileSync(path, 'utf8');
    if (code !== 0) throw new Error(`dnsperf ended with ${String(code)}: ${text.slice(-400)}`);
    return text;
  } finally {
    closeSync(file);
  }
}

/** The summary at the end of what dnsperf prints. */
export function parseSummary(text: string): Outcome {
  const read = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const codes = /^ {2}Response codes: +(.*)$/m.exec(text)?.[1] ?? '';
  return {
    answered: read(/^ {2}Queries completed: +(\d+)/m),
    lost: read(/^ {2}Queries lost: +(\d+)/m),
    perSecond: read(/^ {2}Queries per second: +([\d.]+)/m),
    codes: Object.fromEntries(
      [...codes.matchAll(/(\w+) (\d+) \(/g)].map(([, code = '', count]) => [code, Number(count)]),
    ),
  };
}

/** Of the lines that `-v` prints, one for each answer with its seconds at the end. */
export function parseLatencies(text: string): Latency {
  const micros = [...text.matchAll(/^> .* ([\d.]+)$/gm)].map(
    ([, seconds]) => Number(seconds) * 1e6,
  );
  const sorted = Float64Array.from(micros).toSorted();
  return { half: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}
