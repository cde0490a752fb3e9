// Reload: new files become the running configuration whole, or not at all.

import type { Checked, Fault } from '../model/fault.ts';
import type { Approval } from '../model/reload.ts';
import type { Settings } from '../model/settings.ts';
import type { Log } from '../ports.ts';
import { type GroundOptions, layGround } from './ground.ts';
import type { Groundwork, SnapshotCell } from './snapshot.ts';

export interface ReloadOptions extends GroundOptions {
  readonly loadSettings: () => Promise<Checked<Settings>>;
  /** Why a change must not come into force though its files are good; left out where any may. */
  readonly judge?: (next: Groundwork) => Promise<Fault | Approval | undefined>;
  readonly cell: SnapshotCell;
  readonly log: Log;
  /** Called with settings that have just come into force. */
  readonly onAccepted: (settings: Settings, approval: Approval, before: Settings) => void;
  /** Called whenever the files were read without a fault, also when that changed nothing. */
  readonly onGood: () => void;
  readonly onRefused: (faults: readonly Fault[]) => void;
}

/** What only a restart can change: sockets, boards, the disk, and who this director is. */
const fixed = [
  'director',
  'listen',
  'tls',
  'gossip',
  'stateDir',
  'clients',
  'log',
  'audit',
] as const;

/** Each call reads the files once, one after another; it gives the faults found and never rejects. */
export function createReload(options: ReloadOptions): () => Promise<readonly Fault[]> {
  let last: Promise<readonly Fault[]> = Promise.resolve([]);
  const seen = { settings: options.cell.ground.settings };
  return () => {
    last = last.then(() => reload(seen, options).catch((error: unknown) => refuse(error, options)));
    return last;
  };
}

/** A mistake of ours must not end a director that answers well with what it has. */
function refuse(error: unknown, options: ReloadOptions): readonly Fault[] {
  const fault: Fault = { code: 'director.internal', message: `reload failed: ${String(error)}` };
  options.onRefused([fault]);
  logFault(fault, options.log);
  return [fault];
}

/** What the files said when they were last read without a fault, also where a restart is needed. */
interface Seen {
  settings: Settings;
}

async function reload(seen: Seen, options: ReloadOptions): Promise<readonly Fault[]> {
  const { cell, log } = options;
  const loaded = await options.loadSettings();
  if (!loaded.ok) {
    options.onRefused(loaded.faults);
    for (const fault of loaded.faults) logFault(fault, log);
    return loaded.faults;
  }
  const running = cell.ground.settings;
  const isSame = areSame(seen.settings, loaded.value);
  if (isSame && areCompanions(running.geo)) {
    options.onGood();
    return [];
  }
  const settings = keepFixed(running, loaded.value, log);
  const ground = await layGround(settings, cell.ground, options);
  const approval = (await options.judge?.(ground)) ?? unjudged;
  if ('code' in approval) {
    options.onRefused([approval]);
    logFault(approval, log);
    return [approval];
  }
  cell.setGround(ground);
  options.onGood();
  options.onAccepted(settings, approval, running);
  seen.settings = loaded.value;
  const { digest, configuration } = settings;
  log.info('config.reloaded', { digest, configuration, epoch: cell.view.snapshot.epoch });
  return [];
}

const unjudged: Approval = { rules: [], moved: [], forced: [] };

/** True where all of geography comes along with the program: an operator's files may have been replaced. */
function areCompanions({ mmdb, asn }: Settings['geo']): boolean {
  return mmdb === undefined && asn === undefined;
}

/** Secrets may change in files of their own, which the digest leaves out. */
function areSame(x: Settings, y: Settings): boolean {
  const secretsOf = ({ gossip, http, dns }: Settings): string =>
    JSON.stringify([gossip, http.tokens, dns]);
  return x.digest === y.digest && secretsOf(x) === secretsOf(y);
}

function keepFixed(running: Settings, next: Settings, log: Log): Settings {
  const changed: string[] = fixed.filter(
    (key) => JSON.stringify(running[key]) !== JSON.stringify(next[key]),
  );
  if (JSON.stringify(running.http.tls) !== JSON.stringify(next.http.tls)) changed.push('http.tls');
  const { workers } = running.dns;
  if (workers !== next.dns.workers) changed.push('dns.workers');
  if (changed.length > 0) log.warn('config.restart-needed', { settings: changed.join(', ') });
  const { director, listen, tls, gossip, stateDir, clients, log: logSettings, audit } = running;
  const kept = { director, listen, tls, gossip, stateDir, clients, log: logSettings, audit };
  const dns = next.dns.workers === workers ? next.dns : { ...next.dns, workers };
  return { ...next, ...kept, dns, http: { ...next.http, tls: running.http.tls } };
}

function logFault({ code, message, path, position }: Fault, log: Log): void {
  const where =
    position === undefined ? undefined : `${position.file}:${position.line}:${position.column}`;
  log.error('config.refused', { code, message, path, where });
}
