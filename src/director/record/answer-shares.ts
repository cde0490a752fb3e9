// How answers move: which region stands first in them, in the minute before a change and in the minute after.

import type { AnswerShares, AnswersChange } from '../../model/answers.ts';
import type { Change, DirectorEvent } from '../../model/event.ts';
import type { Millis } from '../../model/time.ts';
import type { Clock } from '../../ports.ts';

/** How long is counted on either side. */
const window = 60_000;

/** How often the counts are noted: the minute before is as exact as this. */
export const sampleEvery = 5000;

/** What may move answers; what it is measured by is no cause of its own. */
const moving: ReadonlySet<Change['type']> = new Set([
  'verdict',
  'return',
  'shed',
  'override',
  'service',
  'configuration',
  'reload',
  'isolation',
]);

const mostCauses = 20;

interface Count {
  readonly at: Millis;
  readonly counts: ReadonlyMap<string, number>;
}

interface Open {
  readonly causes: string[];
  more: number;
  readonly before: AnswerShares;
  readonly from: Count;
}

export interface AnswerWatch {
  /** To be told of each event. */
  note(event: DirectorEvent): void;
  /** To be called every `sampleEvery`; gives what has been measured meanwhile. */
  sample(): AnswersChange | undefined;
  /** What has been measured so far where a measurement is under way, at the end. */
  end(): AnswersChange | undefined;
}

/**
 * `chosen` counts, by region, the steered answers in which it stood first. Events that come while one
 * measurement is under way belong to that.
 */
export function watchAnswers(
  chosen: () => ReadonlyMap<string, number>,
  clock: Pick<Clock, 'now'>,
): AnswerWatch {
  const count = (): Count => ({ at: clock.now(), counts: new Map(chosen()) });
  const past: Count[] = [count()];
  let open: Open | undefined;
  const conclude = (newest: Count): AnswersChange | undefined => {
    if (open === undefined) return undefined;
    const { causes, more, before, from } = open;
    open = undefined;
    const after = between(from, newest);
    const moved = movedBetween(before, after);
    return { type: 'answers', causes, ...(more > 0 && { more }), before, after, moved };
  };
  return {
    note(event) {
      const { type, id } = event;
      // The first verdict of a life moves nobody.
      const isFirst = type === 'verdict' && event.from === 'none';
      if (!moving.has(type) || isFirst) return;
      if (open === undefined) {
        const from = count();
        open = { causes: [], more: 0, before: between(past[0] ?? from, from), from };
      }
      if (open.causes.length < mostCauses) open.causes.push(id);
      else open.more++;
    },
    sample() {
      const newest = count();
      past.push(newest);
      // The oldest is the newest of those that are a whole window old.
      while (past[1] !== undefined && past[1].at <= newest.at - window) past.shift();
      if (open === undefined || newest.at - open.from.at < window) return undefined;
      return conclude(newest);
    },
    end: () => conclude(count()),
  };
}

/** Half of what the shares differ by: what one region lost, another has won. */
function movedBetween({ answers, shares }: AnswerShares, after: AnswerShares): number | null {
  if (answers === 0 || after.answers === 0) return null;
  const regions = new Set([...Object.keys(shares), ...Object.keys(after.shares)]);
  let sum = 0;
  for (const region of regions) {
    sum += Math.abs((shares[region] ?? 0) - (after.shares[region] ?? 0));
  }
  return Math.round(sum * 500) / 1000;
}

function between(from: Count, to: Count): AnswerShares {
  const rows = Array.from(
    to.counts,
    ([region, count]) => [region, count - (from.counts.get(region) ?? 0)] as const,
  ).filter(([, count]) => count > 0);
  const answers = rows.reduce((sum, [, count]) => sum + count, 0);
  const shares = rows.map(([region, count]) => [
    region,
    Math.round((count / answers) * 1000) / 1000,
  ]);
  const seconds = Math.round((to.at - from.at) / 100) / 10;
  return { seconds, answers, shares: Object.fromEntries(shares) };
}
