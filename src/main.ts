#!/usr/bin/env node
// The process: arguments, signals and exit code; everything else is `cli/run.ts`.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';

// Compiled code of the last start makes this one sooner and smaller; by the variable, threads and a
// process that takes over have it too. The folder is our own, because whoever can write to a shared
// one could put code there.
const compiled = join(import.meta.dirname, '../node_modules/.cache/meridian');
enableCompileCache(compiled);
process.env['NODE_COMPILE_CACHE'] ??= compiled;

// What a query allocates dies at once, so the nursery need not grow: starting, which works through
// millions of ranges, would enlarge it and hold some 40 MB for good. At 4 MB it is collected so seldom that
// a query costs a thirtieth less than at the 1 MB it begins with by itself, and at 8 MB no less than that.
setFlagsFromString('--min-semi-space-size=4');
setFlagsFromString('--max-semi-space-size=16');
setFlagsFromString('--semi-space-growth-factor=1');

// Imported only now, so that both hold for it.
const { run } = await import('./cli/run.ts');
const { createScreen } = await import('./cli/screen.ts');

// Whoever reads may have had enough (`meridian status | head -1`), which is no failure of ours.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

process.exitCode = await run(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  env: process.env,
  signal: stop.signal,
  screen: process.stdout.isTTY ? createScreen(process.stdout) : undefined,
  gauge: process.stderr.isTTY
    ? (line) => void process.stderr.write(`\r\u001B[K${line}`)
    : undefined,
});
