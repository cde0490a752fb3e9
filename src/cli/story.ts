// One story from what several directors recorded: ordered by one clock, and told once where all saw the same.

import type { TimelineEntry, TimelinePage } from '../model/audit.ts';

/** A director that was asked. */
export interface Witness {
  readonly url: string;
  readonly director: string;
  /** How far its clock is ahead of the one here, in milliseconds, and by how much that may be wrong. */
  /** 0 where it is not known to differ. */
  readonly aheadMs: number;
  readonly withinMs: number;
  readonly remembersSince: string;
  readonly head: TimelinePage['head'];
  readonly entries: readonly TimelineEntry[];
  /** True where there was more than anybody reads. */
  readonly isCut: boolean;
}

export interface StoryLine {
  /** Unix milliseconds by the clock here, when the first director saw it. */
  readonly at: number;
  readonly entry: TimelineEntry;
  /** Who saw it, first to last, and how long after the first. */
  readonly seen: readonly { readonly director: string; readonly afterMs: number }[];
}

/** By kind, what makes two entries of different directors the same thing. Other kinds are each director's own. */
const shared: Readonly<Record<string, readonly string[]>> = {
  verdict: ['region', 'to', 'isKept'],
  return: ['region', 'to', 'share'],
  trip: ['region', 'trips'],
  shed: ['region', 'from', 'to'],
  override: ['override', 'hasBegun'],
  drill: ['drill', 'phase', 'step'],
  reminder: ['regions'],
  service: ['service', 'to'],
  configuration: ['from', 'to'],
  mixture: ['isMixed'],
  isolation: ['observer', 'isIsolated'],
  safety: ['state', 'rules'],
};

/** What comes later than this is another occasion. */
const occasionMs = 60_000;

export function tellStory(witnesses: readonly Witness[]): StoryLine[] {
  const told: (StoryLine & { seen: { director: string; afterMs: number }[] })[] = [];
  const open = new Map<string, (typeof told)[number]>();
  for (const { at, director, entry } of inOrder(witnesses)) {
    const key = keyOf(entry);
    const line = key === undefined ? undefined : open.get(key);
    const isSame =
      line !== undefined &&
      at - line.at <= occasionMs &&
      line.seen.every((each) => each.director !== director);
    if (isSame) {
      line.seen.push({ director, afterMs: at - line.at });
      // Only the director at which a word was given knows by which door.
      if (line.entry['door'] == null && entry['door'] != null) Object.assign(line, { entry });
      continue;
    }
    const next = { at, entry, seen: [{ director, afterMs: 0 }] };
    told.push(next);
    if (key !== undefined) open.set(key, next);
  }
  return told;
}

function inOrder(witnesses: readonly Witness[]) {
  return witnesses
    .flatMap(({ director, aheadMs, entries }) =>
      entries.map((entry) => ({ at: Date.parse(entry.at) - aheadMs, director, entry })),
    )
    .filter(({ at }) => Number.isFinite(at))
    .sort((x, y) => x.at - y.at);
}

/** Undefined for what each director tells of itself. */
function keyOf(entry: TimelineEntry): string | undefined {
  const fields = Object.hasOwn(shared, entry.event) ? shared[entry.event] : undefined;
  return fields && JSON.stringify([entry.event, ...fields.map((field) => entry[field])]);
}
