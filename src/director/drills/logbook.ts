// When each region was drilled: heard from words as they begin and end, and kept on disk.

import { type Drilled, lastDoneAt, type Logbook, noteWords } from '../../drill/logbook.ts';
import type { DrillAge } from '../../model/drill-schedule.ts';
import type { OverrideView } from '../../model/override.ts';
import { formatInstant, type Millis } from '../../model/time.ts';
import type { Clock, Log, Store } from '../../ports.ts';
import { isRecord } from '../gossip/json.ts';
import type { SnapshotCell } from '../snapshot.ts';

export interface DrillLogbook {
  book(): Logbook;
  /** Of every region that a service names, in the order of the configuration. */
  ages(): readonly DrillAge[];
  /** When somebody was last reminded. */
  remindedAt(): Millis | undefined;
  setReminded(now: Millis): void;
  /** After what is being written. */
  flush(): Promise<void>;
}

export interface LogbookParts {
  readonly cell: SnapshotCell;
  readonly store: Store | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

const stateName = 'drilled';
const version = 1;

/** Regions and services together are fewer in any fleet that is drilled by hand. */
const mostKept = 10_000;

export function keepDrillLogbook(parts: LogbookParts, kept: string | undefined): DrillLogbook {
  const { cell, store, clock, log } = parts;
  let { book, remindedAt } = decode(kept);
  let last: OverrideView = new Map();
  let writing: Promise<void> = Promise.resolve();
  let isFailing = false;
  const write = async (): Promise<void> => {
    if (store === undefined) return;
    const text = JSON.stringify({ version, drilled: [...book], remindedAt });
    const fault = await store.save(stateName, text);
    // A full disk is news once, not at every write.
    if (fault !== undefined && !isFailing) log.error(fault.code, { reason: fault.message });
    isFailing = fault !== undefined;
  };
  const save = (): void => void (writing = writing.then(write));
  cell.onSwap(({ snapshot: { overrides } }) => {
    if (overrides === last) return;
    const next = noteWords(book, last, overrides, clock.now());
    last = overrides;
    if (next === book) return;
    book = next;
    save();
  });
  return {
    book: () => book,
    ages: () => agesOf(book, cell, clock.now()),
    remindedAt: () => remindedAt,
    setReminded(now) {
      remindedAt = now;
      save();
    },
    flush: () => writing,
  };
}

function agesOf(book: Logbook, { view }: SnapshotCell, now: Millis): DrillAge[] {
  const { services, regions, drills } = view.snapshot.settings;
  const named = new Set([...services.values()].flatMap((service) => service.regions));
  const most = drills?.remindAfter;
  return [...regions.keys()]
    .filter((id) => named.has(id))
    .map((region) => {
      const at = lastDoneAt(book, region);
      const age = at === undefined ? undefined : now - at;
      return {
        region,
        drilledAt: at === undefined ? null : formatInstant(at),
        ageSeconds: age === undefined ? null : Math.round(age / 1000),
        isOverdue: most !== undefined && (age ?? Number.POSITIVE_INFINITY) >= most,
      };
    });
}

interface Kept {
  readonly book: Logbook;
  readonly remindedAt: Millis | undefined;
}

/** The store knows its own text; what another release wrote is left alone. */
function decode(text: string | undefined): Kept {
  const none: Kept = { book: new Map(), remindedAt: undefined };
  try {
    const json: unknown = JSON.parse(text ?? 'null');
    if (!isRecord(json) || json['version'] !== version || !Array.isArray(json['drilled']))
      return none;
    const rows = json['drilled'].slice(0, mostKept) as [string, Drilled][];
    const remindedAt = json['remindedAt'] as Millis | undefined;
    return { book: new Map(rows), remindedAt };
  } catch {
    return none;
  }
}
