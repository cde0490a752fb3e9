// The timeline: what was recorded of late, kept in memory, so that whoever asks waits for no disk.

import type { TimelineEntry, TimelinePage, TimelineRequest } from '../../model/audit.ts';
import type { Fault } from '../../model/fault.ts';
import { formatInstant, type Millis } from '../../model/time.ts';

export interface Timeline {
  add(entry: TimelineEntry): void;
  /** What an earlier life has left on disk, oldest first: goes before everything else. */
  recall(entries: readonly TimelineEntry[]): void;
  page(request: TimelineRequest, now: Millis): Omit<TimelinePage, 'director' | 'head'> | Fault;
}

/** An entry has a few hundred octets, so this is some megabytes at most. */
export const mostKept = 5000;
export const mostOnPage = 1000;

/** `life` is new at each start, so that no place of an earlier one is taken for one of this. */
export function keepTimeline(life: string, start: Millis): Timeline {
  let entries: TimelineEntry[] = [];
  /** The number of the first that is kept. */
  let first = 0;
  let since = formatInstant(start);
  const trim = (): void => {
    const over = entries.length - mostKept;
    if (over <= 0) return;
    since = entries[over]?.at ?? since;
    entries = entries.slice(over);
    first += over;
  };
  return {
    add(entry) {
      entries.push(entry);
      // Not one by one, which would move all of them each time.
      if (entries.length > mostKept + mostOnPage) trim();
    },
    recall(before) {
      if (before.length === 0) return;
      since = before[0]?.at ?? since;
      entries = [...before, ...entries];
      trim();
    },
    page(request, now) {
      const { after, limit = mostOnPage } = request;
      const from = after === undefined ? first : placeOf(after, life);
      if (from === undefined) {
        const message = 'the director has started anew since: ask again from the beginning';
        return { code: 'request.invalid', path: '/after', message };
      }
      const found: TimelineEntry[] = [];
      let at = Math.max(from, first);
      const end = first + entries.length;
      for (; at < end && found.length < limit; at++) {
        const entry = entries[at - first];
        if (entry !== undefined && isWanted(entry, request)) found.push(entry);
      }
      const next = at < end ? `${life}.${at}` : null;
      return { now: formatInstant(now), remembersSince: since, entries: found, next };
    },
  };
}

function placeOf(after: string, life: string): number | undefined {
  const number = /^\d{1,15}$/.exec(after.slice(life.length + 1))?.[0];
  return after.startsWith(`${life}.`) && number !== undefined ? Number(number) : undefined;
}

/** What names no region, or no service, concerns all of them. */
function isWanted(
  entry: TimelineEntry,
  { since, until, region, service }: TimelineRequest,
): boolean {
  const fits = (wanted: string | undefined, has: unknown): boolean =>
    wanted === undefined || has === undefined || has === wanted;
  return (
    (since === undefined || entry.at >= withMillis(since)) &&
    (until === undefined || entry.at < withMillis(until)) &&
    fits(region, entry['region']) &&
    fits(service, entry['service'])
  );
}

/** Texts of one form compare as the moments do that they name. */
function withMillis(instant: string): string {
  return instant.replace(/:(\d\d)Z$/, ':$1.000Z');
}
