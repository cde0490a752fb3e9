// A load generator for one UDP port, and the server's CPU time as the operating system counts it.

import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';

export interface Load {
  readonly port: number;
  /** Sent in turn, again and again; each must be answered by one datagram. */
  readonly packets: readonly Uint8Array[];
  readonly queries: number;
  /** Queries on their way at any time. */
  readonly window: number;
}

export interface Outcome {
  readonly perSecond: number;
  /** CPU time of the server per query, in µs. */
  readonly cpuMicros: number;
  readonly lost: number;
}

/** Drives a server at full speed and reads what it cost. Lost datagrams are replaced, not waited for. */
export async function drive(load: Load, pid: number): Promise<Outcome> {
  const before = cpuSeconds(pid);
  const start = performance.now();
  const { answered, lost } = await exchange(load);
  const seconds = (performance.now() - start) / 1000;
  const cpu = cpuSeconds(pid) - before;
  return { perSecond: answered / seconds, cpuMicros: (cpu / answered) * 1e6, lost };
}

function exchange({
  port,
  packets,
  queries,
  window,
}: Load): Promise<{ answered: number; lost: number }> {
  const socket = createSocket({
    type: 'udp4',
    recvBufferSize: 1 << 22,
    sendBufferSize: 1 << 22,
    lookup: (host, _options, callback) => callback(null, host, 4),
  });
  return new Promise((resolve) => {
    let sent = 0;
    let answered = 0;
    let lost = 0;
    let seen = 0;
    const send = (): void => {
      const packet = packets[sent++ % packets.length] as Uint8Array;
      socket.send(packet, port, '127.0.0.1', () => undefined);
    };
    // A window that stands still has lost what was in it.
    const nudge = setInterval(() => {
      if (answered === seen) {
        lost += window;
        for (let i = 0; i < window; i++) send();
      }
      seen = answered;
    }, 500);
    socket.on('message', () => {
      if (++answered < queries) send();
      else if (answered === queries) {
        clearInterval(nudge);
        socket.close();
        resolve({ answered, lost });
      }
    });
    socket.bind(0, '127.0.0.1', () => {
      for (let i = 0; i < window; i++) send();
    });
  });
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of a process and all its threads (proc(5), fields 14 and 15 of stat). */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** Resident memory in MB. */
export function residentMegabytes(pid: number): number {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(line) / 1024;
}
