// Sites as network namespaces, each with its own mounts; the processes inside are all that holds them.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { type LinkChange, services, type Site, siteNames } from './link.ts';
import type { Disk, Network } from './network.ts';
import { addressAt, cableOf, type WireOrder, wirePort } from './wire.ts';

const tools = ['ip', 'mount', 'nsenter', 'setpriv', 'socat', 'unshare'];

/** Whoever started it takes it along, however it ends. */
const mortal = ['setpriv', '--pdeathsig', 'KILL', '--'];

/** Undefined where namespaces can be made. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const missing = tools.filter(
    (tool) => spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0,
  );
  if (missing.length > 0) return `no ${missing.join(', ')}`;
  if (!existsSync('/dev/net/tun')) return 'no /dev/net/tun';
  const tryIt = 'ip link add m0 type veth peer name m1 && ip tuntap add m2 mode tun';
  const tried = spawnSync('unshare', ['-n', '-m', '--', 'sh', '-c', tryIt], { encoding: 'utf8' });
  return tried.status === 0 ? undefined : `the kernel refuses: ${tried.stderr.trim()}`;
}

/**
 * A cable leads from each site to a hub, where a process hands packets on. What the programs of a
 * site see is a tunnel that `socat` puts into the cable, so that every kernel with namespaces will do:
 * delay and loss need no queueing discipline that it may lack.
 */
export async function openNamespaces(): Promise<Network> {
  await using building = new AsyncDisposableStack();
  const start = (words: readonly string[], stdio: 'ignore' | 'ipc' = 'ignore'): ChildProcess => {
    const child = spawn(words[0] ?? '', words.slice(1), {
      stdio: stdio === 'ipc' ? ['ignore', 'inherit', 'inherit', 'ipc'] : 'ignore',
    });
    building.defer(() => endOf(child));
    return child;
  };
  const hub = await hold(start);
  const holders = new Map<Site, number>();
  for (const site of siteNames) {
    const holder = await hold(start);
    holders.set(site, holder);
    layCable(hub, holder, site);
  }
  const prefix = (site: Site): readonly string[] => enter(holders.get(site) ?? 0);
  const wire = start(
    [...enter(hub), process.execPath, join(import.meta.dirname, 'wire.ts')],
    'ipc',
  );
  await once(wire, 'message');
  for (const site of siteNames) {
    const { wire: far, site: near } = cableOf(site);
    // What is too long for the cable with 28 octets around it would be cut in two.
    const tunnel = `TUN:${addressAt(site)}/24,up,iff-no-pi,tun-name=tunnel`;
    const cable = `UDP:${far}:${wirePort},bind=${near}:${wirePort}`;
    start([...prefix(site), 'socat', tunnel, cable]);
    await eventually('the tunnel is there', () => {
      const words = [...prefix(site), 'ip', 'link', 'set', 'tunnel', 'mtu', '1400'];
      return spawnSync(words[0] ?? '', words.slice(1)).status === 0;
    });
  }
  const order = (change: LinkChange | undefined): void => {
    wire.send({ change } satisfies WireOrder);
  };
  const owned = building.move();
  return {
    kind: 'network namespaces',
    prefix,
    listen: (_site, service) => ({ host: '0.0.0.0', port: services[service] }),
    own: (_site, service) => ({ host: '127.0.0.1', port: services[service] }),
    reach: async (_from, to, service) => ({ host: addressAt(to), port: services[service] }),
    change: order,
    mendAll: () => order(undefined),
    disk: (site, folder) => mountDisk(holders.get(site) ?? 0, folder),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The id of a process that does nothing but keep a new namespace. */
async function hold(start: (words: readonly string[]) => ChildProcess): Promise<number> {
  const { pid = 0 } = start(['unshare', '-n', '-m', '--', ...mortal, 'sleep', 'infinity']);
  const own = readlinkSync('/proc/self/ns/mnt');
  await eventually('the namespace is there', () => readlinkSync(`/proc/${pid}/ns/mnt`) !== own);
  return pid;
}

function enter(holder: number): readonly string[] {
  return ['nsenter', '-t', String(holder), '-n', '-m', '--', ...mortal];
}

function layCable(hub: number, holder: number, site: Site): void {
  const { wire, site: near } = cableOf(site);
  const ip = (where: number, ...args: readonly string[]): void =>
    run([...enter(where), 'ip', ...args]);
  ip(hub, 'link', 'add', site, 'type', 'veth', 'peer', 'name', 'cable', 'netns', String(holder));
  for (const [where, link, address] of [
    [hub, site, wire],
    [holder, 'cable', near],
  ] as const) {
    ip(where, 'address', 'add', `${address}/30`, 'dev', link);
    ip(where, 'link', 'set', link, 'up');
    ip(where, 'link', 'set', 'lo', 'up');
  }
}

/** A disk so small that it is soon full; only the site sees it. */
function mountDisk(holder: number, folder: string): Disk {
  mkdirSync(folder, { recursive: true });
  run([...enter(holder), 'mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
  const seen = join(`/proc/${holder}/root`, folder);
  const ballast = join(seen, 'ballast');
  return {
    folder: seen,
    fill: () => {
      const file = openSync(ballast, 'w');
      try {
        for (;;) writeSync(file, Buffer.alloc(4096));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast),
  };
}

function run(words: readonly string[]): void {
  const { status, stderr } = spawnSync(words[0] ?? '', words.slice(1), { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr}`);
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
