// dig and kdig: what other people's programs read in the same replies, as the same lines.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Ask } from './case.ts';

const run = promisify(execFile);

/** Debian: bind9-dnsutils and knot-dnsutils. */
export type Tool = 'dig' | 'kdig';

/** What holds for every query: nothing that the case does not ask for, and nothing twice. */
const always: Readonly<Record<Tool, string>> = {
  dig:
    '+norecurse +noadflag +nocookie +noednsnegotiation +nobadcookie +nostats +nocmd +noidnin ' +
    '+noidnout +nosplit +tries=1 +time=20',
  kdig: '+norecurse +nobadcookie +noidn +retry=0 +time=20',
};

/** Words of dig's that kdig does not know. */
const digOnly = /^\+(?:opcode|ednsflags|keepalive)\b/;

/** True where the program can be told to send the query. */
export function canAsk(tool: Tool, { words, question }: Ask): boolean {
  const asClass = question[2];
  if (tool === 'dig') return asClass !== 'ANY';
  return !words.some((word) => digOnly.test(word)) && ['IN', 'CH'].includes(asClass);
}

/** All queries by one run of the program; the lines of each reply, in their order. */
export async function askAll(tool: Tool, port: number, asks: readonly Ask[]): Promise<string[][]> {
  if (asks.length === 0) return [];
  const queries = asks.flatMap(({ words, question: [name, type, asClass] }) => [
    '-q',
    name,
    '-t',
    type,
    '-c',
    asClass,
    ...(words.includes('+tcp') || tool === 'kdig' ? [] : ['+notcp']),
    ...words,
  ]);
  const args = ['@127.0.0.1', '-p', String(port), ...always[tool].split(' '), ...queries];
  const { stdout } = await run(tool, args, { maxBuffer: 1 << 26 });
  const parts = stdout.split(/^(?=;; ->>HEADER<<-)/m);
  const replies = parts.filter((part) => part.startsWith(';; ->>HEADER'));
  if (replies.length === asks.length) return replies.map(readReply);
  throw new Error(
    `${tool} printed ${replies.length} replies to ${asks.length} queries:\n${stdout}`,
  );
}

function readReply(text: string): string[] {
  const status = /status: (\w+)/.exec(text)?.[1] ?? '';
  const flags = /flags: ?([a-z ]*);/i.exec(text)?.[1]?.split(' ') ?? [];
  const head = [status, ...['aa', 'tc'].filter((flag) => flags.includes(flag))].join(' ');
  const lines = [head];
  let section = '';
  for (const line of text.split('\n').slice(2)) {
    const title = /^;; (\w+) (?:PSEUDO)?SECTION:/.exec(line)?.[1];
    if (title !== undefined) section = title.toLowerCase();
    else if (line.startsWith(';')) lines.push(...optionLines(line));
    else if (line.trim() !== '' && section !== '') lines.push(`${section} ${recordLine(line)}`);
  }
  return lines;
}

/** Owner, TTL, type and data, without the class. */
function recordLine(line: string): string {
  const [, name, ttl, type, data = ''] = /^(\S+)\s+(\d+)\s+\S+\s+(\S+)\s*(.*)$/.exec(line) ?? [];
  return `${name} ${ttl} ${type} ${data}`.trim();
}

/** What both programs print of the OPT record, each in its manner. */
function optionLines(line: string): string[] {
  const readers: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
    [
      /EDNS: version: (\d+), flags:([a-z ]*);(?: MBZ: \S+,)? udp: (\d+)/,
      (version, flags = '', size) => `opt ${version} ${size}${flags}`,
    ],
    [
      /Version: (\d+); flags: ([a-z]*) ?; UDP size: (\d+) B/,
      (version, flags, size) => `opt ${version} ${size} ${flags}`.trim(),
    ],
    [/CLIENT-SUBNET: (\S+)/, (subnet) => `subnet ${subnet}`],
    [
      /EDE: (\d+) \([^)]*\)(?:: [('](.*)[)'])?/,
      (code, words = '') => `ede ${code} ${words}`.trim(),
    ],
    [/NSID: [0-9a-fA-F ]+\(?"(.*)"/, (id) => `nsid ${id}`],
    [/COOKIE: ([0-9a-fA-F]+)/, (hex = '') => `cookie ${hex.toLowerCase()}`],
    [/TCP KEEPALIVE: ([\d.]+)/, (seconds) => `keepalive ${Math.round(Number(seconds) * 10)}`],
    [/PAD(?:DING)?: \(?(\d+)/, (size) => `padding ${size}`],
  ];
  for (const [pattern, write] of readers) {
    const match = pattern.exec(line);
    if (match !== null) return [write(...match.slice(1))];
  }
  return [];
}
