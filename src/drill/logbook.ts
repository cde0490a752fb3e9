// The logbook: when each region was last drilled, as a director hears it from the words of drills themselves.

import { formatName } from '../model/name.ts';
import { movesNobody, type Override, type OverrideView } from '../model/override.ts';
import { type Millis, millis } from '../model/time.ts';
import { drillOfActor } from './drill-id.ts';
import { margin } from './next.ts';

/** The last drill of a region, or of a region within one service. Times are by the clock here. */
export interface Drilled {
  readonly region: string;
  readonly service: string | undefined;
  readonly drill: string;
  /** When it was first heard of. */
  readonly begunAt: Millis;
  /** When the last one, this or an earlier, was carried out to its end; undefined where none was. */
  readonly doneAt: Millis | undefined;
}

/** By `drilledKey`. */
export type Logbook = ReadonlyMap<string, Drilled>;

export function drilledKey(region: string, service: string | undefined): string {
  return service === undefined ? region : `${region}/${service}`;
}

/**
 * A drill that is done takes its last word back when that step is over, which is `margin` before the word
 * would end; one that is aborted does so earlier, and of one whose director died the word ends by itself.
 */
const slack = 2000;

/** The same book where no drill has begun or ended between the two. */
export function noteWords(
  book: Logbook,
  before: OverrideView,
  after: OverrideView,
  now: Millis,
): Logbook {
  const next = new Map(book);
  let isNews = false;
  for (const word of after.values()) {
    const drill = drillOfActor(word.actor);
    const key = keyOf(word);
    if (drill === undefined || next.get(key)?.drill === drill) continue;
    const { region, service } = word;
    const name = service === undefined ? undefined : formatName(service);
    const doneAt = next.get(key)?.doneAt;
    next.set(key, { region, service: name, drill, begunAt: now, doneAt });
    isNews = true;
  }
  for (const [key, word] of before) {
    const entry = next.get(keyOf(word));
    if (entry === undefined || after.get(key)?.actor === word.actor) continue;
    if (entry.drill !== drillOfActor(word.actor) || !isCarriedOut(word, now)) continue;
    next.set(keyOf(word), { ...entry, doneAt: now });
    isNews = true;
  }
  return isNews ? next : book;
}

function isCarriedOut(word: Override, now: Millis): boolean {
  return !movesNobody(word) && now >= word.end - margin - slack && now < word.end;
}

function keyOf({ region, service }: Override): string {
  return drilledKey(region, service === undefined ? undefined : formatName(service));
}

/** When any drill of the region was last done, also one within a service. */
export function lastDoneAt(book: Logbook, region: string): Millis | undefined {
  const times = Array.from(book.values()).flatMap((each) =>
    each.region === region && each.doneAt !== undefined ? [each.doneAt] : [],
  );
  return times.length === 0 ? undefined : millis(Math.max(...times));
}
