// Audit: every event that moved traffic or could have, on its way into the timeline and onto disk.

import type { Draft, Writer } from '../../audit/entry.ts';
import type { AuditBounds, AuditTally, ChainHead, TimelineEntry } from '../../model/audit.ts';
import type { Change, DirectorEvent, Events } from '../../model/event.ts';
import type { Clock, Journal, Log } from '../../ports.ts';
import { formatInstant } from '../../model/time.ts';
import { isRecorded } from './kinds.ts';
import { createRecorder } from './recorder.ts';
import type { Timeline } from './timeline.ts';

export interface Audit {
  /** Records what is told to nobody else, since whoever follows events need not have a token. */
  put(change: Change): void;
  /** The newest entry on disk; undefined where there is none yet, or no log is kept. */
  head(): ChainHead | undefined;
  /** How writing goes; undefined where no log is kept. */
  tally(): AuditTally | undefined;
  /** Settles when everything so far is on disk, or has failed once more. */
  flush(): Promise<void>;
}

export interface AuditOptions extends Writer {
  readonly events: Pick<Events, 'subscribe'>;
  readonly timeline: Timeline;
  /** Undefined keeps no log. */
  readonly journal: Journal | undefined;
  readonly bounds: AuditBounds;
  readonly clock: Clock;
  readonly log: Log;
  readonly stop: AbortSignal;
}

export function startAudit(options: AuditOptions): Audit {
  const { events, timeline, journal, clock } = options;
  const onRecalled = (drafts: readonly Draft[]): void => timeline.recall(drafts.map(entryOf));
  const recorder = journal && createRecorder({ ...options, journal, onRecalled });
  const put = (draft: Draft): void => {
    timeline.add(entryOf(draft));
    recorder?.put(draft);
  };
  events.subscribe((event) => {
    if (isRecorded(event.type)) put(draftOf(event));
  });
  return {
    put(change) {
      const { type, ...facts } = change;
      put({ at: formatInstant(clock.now()), event: type, facts });
    },
    head: () => recorder?.head(),
    tally: () => recorder?.tally(),
    flush: async () => recorder?.flush(),
  };
}

function draftOf({ type, at, ...facts }: DirectorEvent): Draft {
  return { at, event: type, facts };
}

function entryOf({ at, event, facts }: Draft): TimelineEntry {
  return { ...facts, at, event };
}
