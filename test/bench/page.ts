// docs/performance.md: everything that a run measured, with how and where.

import { existsSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';
import { aimTable, type Measured } from './aims.ts';
import { givenList, mixTable } from './contest-page.ts';
import type { Field } from './field.ts';
import { firstFlips } from './flip.ts';
import { memoryOf } from './proc.ts';
import type { Pace } from './rounds.ts';
import type { Kind } from './servers/program.ts';
import type { SnapshotCost } from './snapshot.ts';
import { formatTable } from './table.ts';

/** What stands below this line in the page is written by people, and a run leaves it alone. */
export const keptBelow = '<!-- Written by hand from here on: `npm run bench` keeps it. -->';

export interface Machine {
  readonly words: string;
  readonly loadBefore: number;
}

/** To be asked before anything is started. */
export function describeMachine(): Machine {
  const [first] = cpus();
  const words = `${cpus().length} × ${first?.model ?? 'unknown'}, Linux ${release()}, Node ${process.version}`;
  return { words, loadBefore: loadavg()[0] ?? Number.NaN };
}

export interface Run {
  readonly machine: Machine;
  readonly places: string;
  readonly full: Pace;
  readonly half: Pace;
  readonly isShort: boolean;
  readonly kinds: readonly Kind[];
  readonly field: Pick<Field, 'notes'>;
  readonly measured: Measured;
  /** Sections already written, in their order; a part that was left out is empty. */
  readonly memory: string;
  readonly snapshot: SnapshotCost | undefined;
  readonly growth: string;
  readonly profile: string;
}

export function writePage(run: Run): string {
  const { measured, kinds, field } = run;
  return [
    intro(run),
    aimTable(measured),
    ...[...measured.mixes].map(([key, results]) => mixTable(key, results)),
    run.memory,
    disturbedTable(measured),
    directorTable(run),
    run.growth,
    run.profile,
    field.notes.size === 0 ? '' : givenList(kinds, field.notes),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** A page with the part by hand that another one has. */
export function keepHandwritten(page: string, file: string): string {
  if (!existsSync(file)) return page;
  const old = readFileSync(file, 'utf8');
  const at = old.indexOf(keptBelow);
  return at < 0 ? page : `${page}\n${old.slice(at)}`;
}

function intro({ machine, places, full, half, isShort }: Run): string {
  const day = new Date().toISOString().slice(0, 10);
  const short = isShort
    ? '\n**A short run, to see that it works: its figures mean nothing.**\n'
    : '';
  return `# What a query costs

Printed by \`npm run bench\`; with a file name behind it, also written there. \`npm run bench -- --short\`
takes two minutes and shows that everything works; \`--only mixes,disturbed,flip,start,growth\` leaves parts out.
${short}
${day}, ${machine.words}; load before the run ${machine.loadBefore.toFixed(2)}.

All servers are up at once, on loopback, with the same zone, the same eight regions and the same GeoIP
data; what else each was given stands at the end. Before anything is timed, 200 client networks
are asked for, and a server that sends them elsewhere is not compared. Then each is driven in turn
with the same prepared messages by dnsperf (over HTTPS by a load of our own over HTTP/2, since dnsperf
gives up where two answers come at once): ${full.rounds} rounds of ${full.seconds} s at full speed, after one to warm up, from 16 ports
(4 connections over TCP, 16 over HTTPS) with 100 queries on their way, then ${half.rounds} rounds of ${half.seconds} s at half of
the rate that it reached. ${places}.

*CPU* is what the operating system counts for the server, its threads and its children, divided by
the answers; figures are medians of the rounds, and ratios are taken round by round. Where a rate has
a *≥*, the load was the slower side. Latency is what dnsperf saw: where the load shares a processor
with anything, that is part of it. Trust ratios more than absolute figures on a machine that others use.
`;
}

/** Of every server of the contest, after the load. */
export function memoryTable(entrants: Field['entrants']): string {
  const rows = entrants.map(({ kind, running }) => {
    const { resident, proportional } = memoryOf(running.pid);
    return [kind.name, `${resident.toFixed(0)} MB`, `${proportional.toFixed(0)} MB`];
  });
  return formatTable('Memory after the load', ['server', 'RSS', 'PSS'], rows);
}

function disturbedTable({ disturbed }: Measured): string {
  if (disturbed === undefined) return '';
  const rows = disturbed.map(({ what, proof, perSecond, half, p99, lost }) => [
    what,
    proof,
    perSecond.toFixed(0),
    `${half.toFixed(0)} µs`,
    `${p99.toFixed(0)} µs`,
    String(lost),
  ]);
  const head = ['meanwhile', 'how much of it', 'queries a second', 'p50', 'p99', 'lost'];
  return formatTable('Latency at half load while something else goes on', head, rows);
}

function directorTable({ measured: { start, flip }, snapshot }: Run): string {
  const rows: string[][] = [];
  for (const { workers, coldMs, warmMs, resident, proportional } of start ?? []) {
    const words = workers === 1 ? 'one worker' : `${workers} workers`;
    rows.push(
      [`start to ready, ${words}, nothing on its disk`, `${(coldMs / 1000).toFixed(2)} s`],
      [`start to ready, ${words}, once more`, `${(warmMs / 1000).toFixed(2)} s`],
      [
        `memory at rest, ${words}`,
        `${resident.toFixed(0)} MB (RSS), ${proportional.toFixed(0)} MB (PSS)`,
      ],
    );
  }
  if (snapshot !== undefined) {
    const { loadMs, compileMs, maps, ranges, longestSliceMs, flipMs } = snapshot;
    rows.push(
      ['GeoIP data loaded in', `${loadMs.toFixed(0)} ms`],
      [
        'geography compiled in',
        `${compileMs.toFixed(0)} ms, ${maps} maps, ${ranges} ranges, longest slice ${longestSliceMs.toFixed(1)} ms`,
      ],
      ['snapshot after a change of health', `${flipMs.toFixed(3)} ms`],
    );
  }
  if (flip !== undefined) {
    rows.push([
      'a word given over HTTP → every thread answers by it',
      `${flip.half.toFixed(1)} ms, at worst ${flip.worst.toFixed(1)} ms of ${flip.count}; before that up to ${flip.first.toFixed(1)} ms for the first ${firstFlips}, while code is loaded and compiled; asked from 16 ports each millisecond`,
    ]);
  }
  return rows.length === 0 ? '' : formatTable('The director itself', ['figure', 'value'], rows);
}
