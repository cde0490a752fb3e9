// A restart without a gap: starts the same program again with this one's sockets, and waits until it answers.

import { spawn } from 'node:child_process';
import { openSockets } from '../edge/sockets.ts';
import type { Endpoint } from '../model/settings.ts';
import type { Log } from '../ports.ts';

/** How long the next process may take until it is ready. */
const patienceMs = 60_000;

/** What the next process says once it answers. */
const readyWord = 'ready';

/**
 * True when the next process answers at the same addresses: this one may then stop. False when it
 * ended or took too long: then it is no more, and this one goes on as if nothing had been.
 */
export async function handOver(doors: readonly Endpoint[], log: Log): Promise<boolean> {
  const ports = new Set(doors.map(({ port }) => port));
  const sockets = openSockets().filter(({ port }) => ports.has(port));
  const [program, ...words] = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { LISTEN_PID: _, ...env } = process.env;
  const next = spawn(program, words, {
    stdio: ['inherit', 'inherit', 'inherit', ...sockets.map(({ fd }) => fd), 'ipc'],
    env: { ...env, LISTEN_FDS: String(sockets.length) },
  });
  log.info('handover.began', { next: next.pid, sockets: sockets.length });
  const outcome = await new Promise<string>((resolve) => {
    const timer = setTimeout(() => resolve(`not ready after ${patienceMs / 1000} s`), patienceMs);
    next.once('message', (word) => resolve(JSON.stringify(word)));
    next.once('error', (error) => resolve(String(error)));
    next.once('exit', (code, signal) => resolve(`it ended: ${signal ?? code}`));
    next.once('spawn', () => timer.unref());
  });
  if (outcome === JSON.stringify(readyWord)) {
    next.disconnect();
    next.unref();
    log.info('handover.done', { next: next.pid });
    return true;
  }
  next.kill('SIGKILL');
  log.error('handover.failed', { reason: outcome });
  return false;
}

/** Tells whoever started this process that it answers; nobody where it was started otherwise. */
export function sayReady(): void {
  if (process.send === undefined) return;
  process.send(readyWord, () => process.disconnect());
}
