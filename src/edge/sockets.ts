// Sockets that one process hands to the next, so that a restart loses no query: found and told by what the system says of them.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { formatIp, ipv4, ipv6, parseIp } from '../model/ip.ts';
import type { Endpoint } from '../model/settings.ts';

export interface OpenSocket extends Endpoint {
  readonly fd: number;
  /** A TCP socket is one that listens. */
  readonly protocol: 'udp' | 'tcp';
}

/** The first descriptor that is handed over, as systemd has it too (sd_listen_fds(3)). */
export const firstHanded = 3;

/** Every UDP socket with an address of its own, and every TCP socket that listens; none without /proc. */
export function openSockets(): OpenSocket[] {
  const bound = new Map(tables.flatMap((table) => boundIn(table)));
  return descriptors().flatMap((fd) => {
    const where = bound.get(inodeOf(fd) ?? '');
    return where === undefined ? [] : [{ fd, ...where }];
  });
}

/**
 * Those that whoever started this process left open for it: as many as LISTEN_FDS says, from 3 on.
 * LISTEN_PID, where it is set, must name this process.
 */
export function handedSockets(env: Readonly<Record<string, string | undefined>>): OpenSocket[] {
  const count = Number(env['LISTEN_FDS'] ?? 0);
  const pid = env['LISTEN_PID'];
  if (!Number.isInteger(count) || count <= 0) return [];
  if (pid !== undefined && pid !== String(process.pid)) return [];
  return openSockets().filter(({ fd }) => fd >= firstHanded && fd < firstHanded + count);
}

/** Descriptors among these that are bound there. */
export function socketsAt(
  sockets: readonly OpenSocket[],
  protocol: OpenSocket['protocol'],
  { host, port }: Endpoint,
): number[] {
  const wanted = normalHost(host);
  return sockets
    .filter((each) => each.protocol === protocol && each.port === port && each.host === wanted)
    .map(({ fd }) => fd);
}

interface Table {
  readonly path: string;
  readonly protocol: OpenSocket['protocol'];
  /** What the state column says of a socket that counts (include/net/tcp_states.h). */
  readonly state: string;
}

const unconnected = '07';
const listening = '0A';

const tables: readonly Table[] = [
  { path: '/proc/self/net/udp', protocol: 'udp', state: unconnected },
  { path: '/proc/self/net/udp6', protocol: 'udp', state: unconnected },
  { path: '/proc/self/net/tcp', protocol: 'tcp', state: listening },
  { path: '/proc/self/net/tcp6', protocol: 'tcp', state: listening },
];

type Bound = Omit<OpenSocket, 'fd'>;

/** By inode: proc_net_tcp and its like, whose columns are the same (proc_pid_net(5)). */
function boundIn({ path, protocol, state }: Table): [string, Bound][] {
  return linesOf(path).flatMap((line): [string, Bound][] => {
    const [, local = '', , is, , , , , , inode = ''] = line.trim().split(/\s+/);
    const [address = '', port = ''] = local.split(':');
    if (is !== state || !/^(?:[\dA-F]{8}|[\dA-F]{32})$/.test(address)) return [];
    return [[inode, { protocol, host: hostOf(address), port: Number.parseInt(port, 16) }]];
  });
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

/** Words of 32 bits in the machine's order, which is the little one wherever Node runs on Linux today. */
function hostOf(hex: string): string {
  const words = (hex.match(/.{8}/g) ?? []).map((word) => {
    const bytes = (word.match(/../g) ?? []).toReversed().join('');
    return Number.parseInt(bytes, 16);
  });
  const [a = 0, b = 0, c = 0, d = 0] = words;
  return formatIp(words.length === 1 ? ipv4(a) : ipv6(a, b, c, d));
}

function normalHost(host: string): string {
  const ip = parseIp(host);
  return ip === undefined ? host : formatIp(ip);
}

function descriptors(): number[] {
  try {
    return readdirSync('/proc/self/fd').map(Number);
  } catch {
    return [];
  }
}

/** Undefined for what is no socket, or is closed by now. */
function inodeOf(fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}
