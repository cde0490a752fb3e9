// `npm run bench:simulate`: the whole of GeoIP's address space replayed through a change, how long and in how much memory.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { copyExampleConfig } from '../support/director-process.ts';
import { cpuSeconds } from './proc.ts';
import { formatTable } from './table.ts';

const root = join(import.meta.dirname, '../..');

/** What a command took: seconds of the clock and of processors, and the most memory it had. */
interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

using config = copyExampleConfig();
const changes = [
  { label: 'one name, `nearest`', words: ['--service', 'www.example.test'] },
  { label: 'one name, `weighted`', words: ['--service', 'static.example.test'] },
  { label: 'all three names', words: [] },
];
const rows: string[][] = [];
for (const { label, words } of changes) {
  const cost = await measure(['simulate', '--config', config.main, '--down=eu-central', ...words]);
  rows.push([
    label,
    `${cost.seconds.toFixed(1)} s`,
    `${cost.cpuSeconds.toFixed(1)} s`,
    `${cost.peakMegabytes.toFixed(0)} MB`,
  ]);
}
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
const title = `A region down, for all addresses that GeoIP knows (${machine}, ${Math.min(4, availableParallelism())} threads)`;
console.log(formatTable(title, ['what', 'time', 'CPU time', 'peak memory'], rows));

async function measure(words: readonly string[]): Promise<Cost> {
  const start = performance.now();
  const child = spawn(process.execPath, ['src/meridian.js', ...words], {
    cwd: root,
    stdio: 'ignore',
  });
  let last = { cpuSeconds: 0, peakMegabytes: 0 };
  const look = setInterval(() => {
    last = usageOf(child.pid ?? 0) ?? last;
  }, 50);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearInterval(look);
  if (code !== 0) throw new Error(`meridian ${words.join(' ')} ended with ${String(code)}`);
  return { seconds: (performance.now() - start) / 1000, ...last };
}

/** As Linux tells it of a process; undefined once that is gone. */
function usageOf(pid: number): Omit<Cost, 'seconds'> | undefined {
  try {
    const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // A process that has ended but is not gone yet has no memory any more.
    if (peak === undefined) return undefined;
    return { cpuSeconds: cpuSeconds(pid), peakMegabytes: Number(peak) / 1024 };
  } catch {
    return undefined;
  }
}
