// Runs: lines of which each follows the one before it, and the largest part of them that is in order.

export interface Place {
  readonly file: string;
  readonly line: number;
  /** Of all lines of all files, counted from 1. */
  readonly nth: number;
}

/** Entries that follow each other on lines that do. */
export interface Run {
  /** Where it stands. */
  readonly start: Place;
  end: Place;
  /** The file before that in which it starts, and how many lines that has. */
  readonly before: Place;
  /** Its first entry; lower than that is what lines before it stood for that are none any more. */
  from: number;
  /** Its last entry. */
  to: number;
  /** How many of its entries bear a signature that was checked and is good. */
  signed: number;
  /** What its first entry follows; undefined where that is not known. */
  readonly prev: string | undefined;
  readonly firstHash: string;
  /** Of its last entry; undefined where that is none any more. */
  hash: string | undefined;
  /** Who wrote its first entry, and its last. */
  readonly director: string;
  lastDirector: string;
  /** The file that its first entry says that it goes on after. */
  readonly after: string | undefined;
  /** Single entries in the reverse of their order, as they stand. */
  readonly reversed?: readonly Run[];
}

export function sizeOf({ from, to }: Run): number {
  return to - from + 1;
}

/** Single entries that stand in reverse are taken together, two of them too. */
export function joinReversed(runs: readonly Run[]): Run[] {
  const joined: Run[] = [];
  for (let i = 0; i < runs.length; ) {
    const chain = chainAt(runs, i);
    i += chain.length;
    const [first] = chain;
    const last = chain.at(-1);
    if (first === undefined || last === undefined) break;
    joined.push(chain.length === 1 ? first : reverse(chain, first, last));
  }
  return joined;
}

function chainAt(runs: readonly Run[], start: number): readonly Run[] {
  let end = start + 1;
  for (; end < runs.length; end++) {
    const [last, next] = [runs[end - 1], runs[end]];
    if (last === undefined || next === undefined) break;
    const isDown = next.to === last.from - 1 && next.hash !== undefined && next.hash === last.prev;
    if (!isDown || sizeOf(last) > 1 || sizeOf(next) > 1) break;
  }
  return runs.slice(start, end);
}

/** What it would be in order. */
function reverse(reversed: readonly Run[], first: Run, last: Run): Run {
  const { start, before, to, hash, lastDirector } = first;
  const { end, from, prev, firstHash, director, after } = last;
  const names = { director, lastDirector, after };
  const signed = reversed.reduce((sum, run) => sum + run.signed, 0);
  return { start, end, before, from, to, signed, prev, firstHash, hash, ...names, reversed };
}

/** Of another director, in place of what should stand there. */
function isForeign({ to, hash, lastDirector }: Run, { from, prev, director }: Run): boolean {
  return from === to + 1 && director !== lastDirector && hash !== undefined && hash !== prev;
}

/** Runs in order, by what speaks for them, and the one before the last of them. */
interface Chain {
  readonly signed: number;
  readonly size: number;
  /** Entries that it holds twice. */
  readonly twice: number;
  readonly last: number;
}

/** Above zero where the first is to be believed. Nobody can sign without the secret, and many can write much. */
function compare(one: Chain, other: Chain): number {
  return one.signed - other.signed || one.size - other.size || other.twice - one.twice;
}

function lengthen(held: Chain, before: Run, run: Run, last: number): Chain {
  const twice = Math.max(0, before.to - run.from + 1);
  const signed = held.signed + run.signed - Math.min(twice, run.signed);
  return { signed, size: held.size + sizeOf(run) - twice, twice: held.twice + twice, last };
}

/**
 * Those that are in order and hold the most entries, of signed ones first: who moved the others is at
 * fault. In time by the square of their number.
 */
export function inOrder(runs: readonly Run[]): Run[] {
  const best: Chain[] = [];
  let end = -1;
  for (const [at, run] of runs.entries()) {
    let chain: Chain = { signed: run.signed, size: sizeOf(run), twice: 0, last: -1 };
    for (let i = 0; i < at; i++) {
      const [before, held] = [runs[i], best[i]];
      if (before === undefined || held === undefined) continue;
      if (before.from >= run.from || before.to >= run.to || isForeign(before, run)) continue;
      const longer = lengthen(held, before, run, i);
      const order = compare(longer, chain);
      if (order > 0 || (order === 0 && before.hash === run.prev)) chain = longer;
    }
    best.push(chain);
    const top = best[end];
    if (top === undefined || compare(chain, top) > 0) end = at;
  }
  const chosen: Run[] = [];
  for (let at = end; at >= 0; at = best[at]?.last ?? -1) {
    const run = runs[at];
    if (run !== undefined) chosen.unshift(run);
  }
  return chosen;
}
