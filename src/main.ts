#!/usr/bin/env node
// The process: arguments, signals and exit code; everything else is `cli/run.ts`.

import './warm.js';

// Imported only now, so that it holds for them too.
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
