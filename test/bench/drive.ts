// Drives a server over any transport: by dnsperf, and over HTTPS by a load of our own.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type DohLoad, type DohReport } from './doh-process.ts';
import { type DnsperfDrive, type Latency, type Outcome, runDnsperf } from './dnsperf.ts';

export interface Drive extends Omit<DnsperfDrive, 'transport'> {
  readonly transport: DnsperfDrive['transport'] | 'doh';
}

/** Below so many answers a second dnsperf's own TCP has got stuck, as it does here and there. */
const stuck = 500;
const tries = 3;

/** At full speed, or at the rate given. */
export async function drive(options: Drive): Promise<Outcome> {
  const { transport } = options;
  if (transport === 'doh') return driveDoh(options);
  for (let left = tries; ; left--) {
    const outcome = await runDnsperf({ ...options, transport }, false);
    if (transport === 'udp' || outcome.perSecond >= stuck || left === 1) return outcome;
  }
}

/** Each answer is timed, which costs the load some speed: for a rate that is given. */
export async function driveAndTime(options: Drive): Promise<Outcome & Latency> {
  const { transport } = options;
  return transport === 'doh' ? driveDoh(options) : runDnsperf({ ...options, transport }, true);
}

async function driveDoh(options: Drive): Promise<DohReport> {
  const { port, messages, seconds, clients, window, perSecond, prefix } = options;
  const each = Math.max(1, Math.round(window / clients));
  const load: DohLoad = { port, messages, seconds, clients, window: each, perSecond };
  const script = join(import.meta.dirname, 'doh-process.ts');
  const words = [...prefix, process.execPath, script, JSON.stringify(load)];
  const { stdout } = await promisify(execFile)(words[0] ?? '', words.slice(1));
  return JSON.parse(stdout) as DohReport;
}
