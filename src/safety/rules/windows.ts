// Rule `windows`: changes, and what undoes them by itself, only at some times, and at others never.

import { formatMoment, type Millis } from '../../model/time.ts';
import { Type } from '../../schema.ts';
import { block, list, text } from '../../shape.ts';
import { type RuleReader, ruleKind } from '../rule.ts';
import { endAfter, isWithin, nextStart, readWindows, type Window } from '../../model/window.ts';

const window = text(
  'a window such as "sat,sun 02:00-04:00" or "2026-12-24T00:00Z/2026-12-27T00:00Z"',
);
const windowList = list(window, 'a list of windows');

export const windows = ruleKind({
  kind: 'windows',
  shape: block({ maintenance: Type.Optional(windowList), blocked: Type.Optional(windowList) }),
  read: ({ maintenance = [], blocked = [] }, reader) => ({
    maintenance: readAll(maintenance, 'maintenance', reader),
    blocked: readAll(blocked, 'blocked', reader),
  }),
  /** The end of a word moves clients as its beginning does, so both are held against windows. */
  time({ maintenance, blocked }, { at, until, turns }) {
    const moments: [Millis, string][] = [[at, 'it is']];
    for (const turn of turns) moments.push([turn, 'a step would be at']);
    if (until !== undefined) moments.push([until, 'it would end at']);
    for (const [moment, what] of moments) {
      const when = `${what} ${formatMoment(moment)}`;
      const wrong = blocked.find((each) => isWithin(each, moment));
      if (wrong !== undefined) {
        const over = formatMoment(endAfter(wrong, moment));
        return `${when}, within the blocked window ${wrong.words}: it takes a moment from ${over} on`;
      }
      if (maintenance.length === 0 || maintenance.some((each) => isWithin(each, moment))) continue;
      return `${when}, outside of every maintenance window: ${wayOut(maintenance, at)}`;
    }
    return undefined;
  },
  figures({ maintenance, blocked }, _before, _after, { at, until }) {
    const open = maintenance.find((each) => isWithin(each, at));
    const span = `from ${formatMoment(at)}${until === undefined ? '' : ` to ${formatMoment(until)}`}`;
    const inside = open === undefined ? [] : [`within the maintenance window ${open.words}`];
    const outside = blocked.length === 0 ? [] : [`in none of ${blocked.length} blocked windows`];
    return { words: [span, ...inside, ...outside].join(', '), room: 1 };
  },
});

function readAll(texts: readonly string[], what: string, reader: RuleReader): Window[] {
  return texts.flatMap((words, i) => {
    const read = readWindows(words);
    if (read !== undefined) return read;
    const wish =
      'days and times such as "sat,sun 02:00-04:00", "daily 22:00-24:00", or two moments';
    reader.refuse([what, i], `got "${words}", want ${wish} "2026-12-24T00:00Z/2026-12-27T00:00Z"`);
    return [];
  });
}

/** To end within the window that is open now, or else to wait for the next. */
function wayOut(maintenance: readonly Window[], at: Millis): string {
  const open = maintenance.filter((each) => isWithin(each, at));
  if (open.length > 0) {
    const last = Math.max(...open.map((each) => endAfter(each, at))) as Millis;
    return `it takes an end before ${formatMoment(last)}`;
  }
  const starts = maintenance.flatMap((each) => nextStart(each, at) ?? []);
  if (starts.length === 0) return 'it takes a window that is still to come';
  return `the next begins at ${formatMoment(Math.min(...starts) as Millis)}`;
}
