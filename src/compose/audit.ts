// The audit log of a director: events into its timeline, and onto disk where there is a folder for that.

import { join, resolve } from 'node:path';
import { type Audit, type AuditOptions, startAudit } from '../director/record/audit.ts';
import { sampleEvery, watchAnswers } from '../director/record/answer-shares.ts';
import type { EventKeeper } from '../director/events.ts';
import { countRepeats, type Repeats } from '../director/record/repeats.ts';
import { type ReloadTeller, tellReloads } from '../director/record/reloads.ts';
import { logRepeatable } from '../director/news.ts';
import { keepTimeline, type Timeline } from '../director/record/timeline.ts';
import { openJournal } from '../edge/journal.ts';
import { sha256 } from '../load.ts';
import type { LifeChange } from '../model/event.ts';
import { millis } from '../model/time.ts';
import type { Clock, Log, Seal } from '../ports.ts';
import type { Parts } from './parts.ts';

/** Where the log lies in the folder for state. */
const folderName = 'audit';

/** A disk that hangs must not keep a director from ending. */
const patience = millis(2000);

export interface Recording {
  readonly timeline: Timeline;
  readonly auditHead: Audit['head'];
  readonly auditTally: Audit['tally'];
  /** Records what may come as often as somebody likes, and counts what comes again. */
  readonly noteRepeatable: Repeats['note'];
  readonly reloads: ReloadTeller;
}

/** From here on everything is recorded; the last entry is that this director stops. */
export function startRecording(
  { cell, folder, clock, log, onNotice, tallies, building }: Parts,
  {
    events,
    seal,
    life,
    release,
  }: {
    readonly events: EventKeeper;
    readonly seal: Seal;
    /** New at each start. */
    readonly life: string;
    readonly release: string;
  },
): Recording {
  const stop = new AbortController();
  const timeline = keepTimeline(life, clock.now());
  const options = { events, timeline, clock, log, stop: stop.signal };
  const recording = openAudit({ cell, folder }, seal, options);
  const tellLife = (type: LifeChange['type']): void => {
    const { configuration, digest } = cell.view.snapshot.settings;
    events.tell({ type, release, configuration, files: digest.slice(0, 12) });
  };
  tellLife('started');
  const repeats = openRepeats({ events, recording, clock, log });
  onNotice(repeats.note);
  const measuring = measureAnswers(events, tallies, clock, stop.signal);
  const watching = watchSystemClock(clock, log, stop.signal);
  building.defer(async () => {
    stop.abort();
    await Promise.all([measuring, watching, repeats[Symbol.asyncDispose]()]);
    tellLife('stopped');
    const late = new AbortController();
    await Promise.race([recording.flush(), clock.sleep(patience, late.signal)]);
    late.abort();
  });
  return {
    timeline,
    auditHead: recording.head,
    auditTally: recording.tally,
    noteRepeatable: repeats.note,
    reloads: tellReloads((change) =>
      change.type === 'reload' ? repeats.note(change) : events.tell(change),
    ),
  };
}

function openAudit(
  { cell, folder }: Pick<Parts, 'cell' | 'folder'>,
  seal: Seal,
  options: Pick<AuditOptions, 'events' | 'timeline' | 'clock' | 'log' | 'stop'>,
): Audit {
  const { director, gossip, audit: bounds, stateDir } = cell.view.snapshot.settings;
  const isKept = bounds !== undefined && stateDir !== undefined;
  return startAudit({
    ...options,
    director: director.id,
    journal: isKept ? openJournal(join(resolve(folder, stateDir), folderName)) : undefined,
    bounds: bounds ?? { file: 0, total: 0 },
    digest: sha256,
    // Without a secret of the fleet anybody could sign.
    sign: gossip.secrets.length === 0 ? undefined : seal.sign,
  });
}

/** Safety rules and reloads are told to whoever follows, as ever; the rest is for the audit log alone. */
function openRepeats({
  events,
  recording,
  clock,
  log,
}: {
  readonly events: EventKeeper;
  readonly recording: Audit;
  readonly clock: Clock;
  readonly log: Log;
}): Repeats {
  return countRepeats({
    clock,
    tell: (change) => {
      logRepeatable(change, log);
      if (change.type === 'safety' || change.type === 'reload') events.tell(change);
      else recording.put(change);
    },
  });
}

/** Tells of how answers have moved, a minute after whatever moved them. */
async function measureAnswers(
  events: EventKeeper,
  tallies: Parts['tallies'],
  clock: Parts['clock'],
  stop: AbortSignal,
): Promise<void> {
  const answers = watchAnswers(() => tallies.dns().counters.chosen, clock);
  events.subscribe(answers.note);
  while (!stop.aborted) {
    await clock.sleep(millis(sampleEvery), stop);
    const change = stop.aborted ? undefined : answers.sample();
    if (change !== undefined) events.tell(change);
  }
  const last = answers.end();
  if (last !== undefined) events.tell(last);
}

/** How far the two may differ by before it is said; clocks that are kept right are moved by less. */
const mostOff = 2000;

/** Says where the system's clock was set: ours goes on by its own, and so do the times of entries. */
async function watchSystemClock(clock: Clock, log: Log, stop: AbortSignal): Promise<void> {
  let off = 0;
  while (!stop.aborted) {
    await clock.sleep(millis(sampleEvery), stop);
    const now = Date.now() - clock.now();
    if (Math.abs(now - off) < mostOff) continue;
    off = now;
    log.warn('clock.set', { aheadSeconds: Math.round(off / 100) / 10 });
  }
}
