// Files summed: the rows of logs and histograms counted together, with what lies outside them.

import { randomInt } from 'node:crypto';
import type { Source } from '../../director/clients/write.ts';
import { ClientTally } from '../../director/clients/tally.ts';
import { linesOf, longestLine } from '../../edge/lines.ts';
import { type ClientHead, emptyHead, readHeadLine } from '../../model/client-head.ts';
import type { ReadLine } from './query-log.ts';

export interface Sum {
  readonly tally: ClientTally;
  readonly source: Source;
  readonly lines: number;
  /** How many lines were not understood, and the first of them. */
  readonly bad: number;
  readonly firstBad: string | undefined;
}

export interface SumOptions {
  readonly files: readonly string[];
  readonly readLine: ReadLine;
  /** How many pairs of network and name are kept. */
  readonly keep: number;
  /** Undefined counts all. */
  readonly name: string | undefined;
  /** What to name as the source where the files do not. */
  readonly what: string;
}

/** In memory that `keep` bounds, however long the files are. Rejects with a FaultError where one cannot be read. */
export async function sumFiles(options: SumOptions): Promise<Sum> {
  const word = (): number => randomInt(2 ** 32);
  const tally = new ClientTally(options.keep, [word(), word(), word(), word()]);
  const count: Count = { lines: 0, bad: 0, firstBad: undefined };
  const heads: ClientHead[] = [];
  for (const file of options.files) heads.push(await addFile(file, tally, count, options));
  return { tally, source: join(heads, options.what), ...count };
}

interface Count {
  lines: number;
  bad: number;
  firstBad: string | undefined;
}

async function addFile(
  file: string,
  tally: ClientTally,
  count: Count,
  { readLine, name }: SumOptions,
): Promise<ClientHead> {
  let head = emptyHead;
  let byResolver = 0;
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    const row = line.length > longestLine ? 'bad' : readLine(line);
    if (row === 'bad') {
      count.bad++;
      // As JSON, because a log holds whatever strangers have sent.
      count.firstBad ??= `${file}:${number}: ${JSON.stringify(line.slice(0, 100))}`;
    } else if (row === 'other') head = readHeadLine(line, head);
    else if (name === undefined || name === row.name) {
      tally.addRow(row);
      if (row.by === 'resolver') byResolver += row.weight;
    }
  }
  count.lines += number;
  if (name === undefined) addRest(tally, head, byResolver);
  return head;
}

/** What another histogram says of what it did not keep; which names that was, it cannot say. */
function addRest(tally: ClientTally, head: ClientHead, seen: number): void {
  for (const [region, weight] of head.outside) tally.addOutside(region, weight);
  const most = tally.total - tally.byResolver;
  tally.byResolver += Math.max(0, Math.min(most, head.byResolver - seen));
}

function join(heads: readonly ClientHead[], what: string): Source {
  const some = (of: (head: ClientHead) => string): string[] =>
    heads.map(of).filter((text) => text !== '');
  const collectors = some(({ collector }) => collector).flatMap((words) => words.split(' '));
  const halfLives = new Set(heads.map(({ halfLife }) => halfLife));
  return {
    collector: [...new Set(collectors)].join(' ').slice(0, mostCharacters) || what,
    since: some(({ since }) => since).sort()[0] ?? '',
    until:
      some(({ until }) => until)
        .sort()
        .at(-1) ?? '',
    halfLife: halfLives.size === 1 ? ([...halfLives][0] ?? '') : '',
  };
}

const mostCharacters = 1000;
