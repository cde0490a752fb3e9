// A real NSD as a secondary on loopback, ended by its own process when disposed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Nsd extends AsyncDisposable {
  readonly port: number;
  /** What it has said so far. */
  log(): string;
}

export interface NsdOptions {
  readonly zone: string;
  /** Where it takes the zone from. */
  readonly primary: number;
  readonly port: number;
  readonly key: { readonly name: string; readonly secret: string };
}

export function startNsd({ zone, primary, port, key }: NsdOptions): Nsd {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-nsd-'));
  const logFile = join(folder, 'log');
  const text = `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  zonesdir: "${folder}"
  database: ""
  logfile: "${logFile}"
  pidfile: "${folder}/pid"
  xfrdfile: "${folder}/xfrd.state"
  xfrdir: "${folder}"
  zonelistfile: "${folder}/zone.list"
  verbosity: 2
remote-control:
  control-enable: no
key:
  name: "${key.name}"
  algorithm: hmac-sha256
  secret: "${key.secret}"
zone:
  name: "${zone}"
  zonefile: "copy.zone"
  allow-notify: 127.0.0.1 ${key.name}
  request-xfr: 127.0.0.1@${primary} ${key.name}
`;
  writeFileSync(join(folder, 'nsd.conf'), text);
  writeFileSync(logFile, '');
  const child = spawn('nsd', ['-d', '-c', join(folder, 'nsd.conf')], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  return {
    port,
    log: () => readFileSync(logFile, 'utf8'),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
