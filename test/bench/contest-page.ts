// The page's part on the contest: a table for each mix, and who was given what.

import { type MixKey, mixes } from './mixes.ts';
import type { Result, Round } from './rounds.ts';
import type { Kind } from './servers/program.ts';
import { formatTable, median } from './table.ts';

/** Those that others are compared with, by name. */
export const marks = {
  gdnsd: 'gdnsd',
  echo: 'bare dgram echo',
  dns2: 'dns2 README server',
} as const;

/** Below this, the server waited for the load and not the other way round. */
const busyEnough = 0.9;

/** Ratio of CPU time, taken round by round; undefined where either has no figures. */
export function ratioOf(
  results: readonly Result[],
  name: string,
  other: string,
): number | undefined {
  const roundsOf = (one: string): readonly Round[] =>
    results.find(({ entrant }) => entrant.kind.name === one)?.rounds ?? [];
  const [mine, theirs] = [roundsOf(name), roundsOf(other)];
  const count = Math.min(mine.length, theirs.length);
  if (count === 0) return undefined;
  const ratios = mine
    .slice(0, count)
    .map(({ micros }, i) => micros / (theirs[i]?.micros ?? Number.NaN));
  return median(ratios);
}

export function mixTable(key: MixKey, results: readonly Result[]): string {
  const head = [
    'server',
    'CPU µs a query',
    `× ${marks.gdnsd}`,
    `× ${marks.echo}`,
    `${marks.dns2} ÷`,
    'queries a second',
    'p50 at half load',
    'p99 at half load',
    'lost',
  ];
  const rows = results.map((result) => {
    const { entrant, lack, rounds, halfLoad } = result;
    const { name } = entrant.kind;
    if (lack !== undefined) return [name, lack, ...head.slice(2).map(() => '–')];
    const isWaiting = median(rounds.map(({ busy }) => busy)) < busyEnough;
    const rate = median(rounds.map(({ perSecond }) => perSecond)).toFixed(0);
    return [
      name,
      median(rounds.map(({ micros }) => micros)).toFixed(1),
      ratioText(ratioOf(results, name, marks.gdnsd)),
      ratioText(ratioOf(results, name, marks.echo)),
      ratioText(ratioOf(results, marks.dns2, name)),
      isWaiting ? `≥ ${rate}` : rate,
      `${median(halfLoad.map(({ half }) => half)).toFixed(0)} µs`,
      `${median(halfLoad.map(({ p99 }) => p99)).toFixed(0)} µs`,
      String(rounds.reduce((sum, { lost }) => sum + lost, 0)),
    ];
  });
  return formatTable(mixes[key].title, head, rows);
}

function ratioText(ratio: number | undefined): string {
  return ratio === undefined ? '–' : ratio.toFixed(2);
}

/** What each was given, and what it answered before it was timed. */
export function givenList(kinds: readonly Kind[], notes: ReadonlyMap<Kind, string>): string {
  const lines = kinds.map(
    (kind) => `- **${kind.name}**: ${kind.given}. *${notes.get(kind) ?? 'Left out of this run'}.*`,
  );
  return ['## What each was given', '', ...lines, ''].join('\n');
}
