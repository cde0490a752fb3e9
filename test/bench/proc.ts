// What the operating system counts of a process: CPU time with all threads and children, memory (proc(5)).

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A line of /proc/PID/stat, as far as it is needed here. */
export interface Stat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of all its threads, and of children that it has waited for, in ticks. */
  readonly ticks: number;
}

/** The second field is the program's name in brackets, which may itself hold brackets and spaces. */
export function parseStat(text: string): Stat {
  const pid = Number.parseInt(text, 10);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
  return { pid, parent: Number(fields[1]), ticks };
}

/** A process and all that descend from it. */
export function familyOf(root: number, all: readonly Stat[]): Stat[] {
  const family = all.filter(({ pid }) => pid === root);
  for (let i = 0; i < family.length; i++) {
    family.push(...all.filter(({ parent }) => parent === family[i]?.pid));
  }
  return family;
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of a process, its threads and its children, in seconds. */
export function cpuSeconds(pid: number): number {
  const ticks = familyOf(pid, readStats()).reduce((sum, one) => sum + one.ticks, 0);
  return ticks / ticksPerSecond;
}

/** Ends everything that this process has started, at once. */
export function killChildren(): void {
  for (const { pid } of familyOf(process.pid, readStats()).slice(1)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** Of every process; one that ends meanwhile is left out. */
function readStats(): Stat[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return [parseStat(readFileSync(`/proc/${name}/stat`, 'utf8'))];
    } catch {
      return [];
    }
  });
}

/** In MB. */
export interface Memory {
  readonly resident: number;
  /** Resident, where what several processes share is divided among them. */
  readonly proportional: number;
}

/** Of a process and its children. */
export function memoryOf(pid: number): Memory {
  const each = familyOf(pid, readStats()).map((one) =>
    parseRollup(readFileSync(`/proc/${one.pid}/smaps_rollup`, 'utf8')),
  );
  const sum = (read: (one: Memory) => number): number =>
    each.reduce((total, one) => total + read(one), 0);
  return { resident: sum((one) => one.resident), proportional: sum((one) => one.proportional) };
}

export function parseRollup(text: string): Memory {
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) / 1024;
  return { resident: field('Rss'), proportional: field('Pss') };
}
