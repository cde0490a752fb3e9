// Events: what happened of late, for whoever follows this director and whoever comes back to it.

import type { Change, DirectorEvent, Events } from '../model/event.ts';
import type { Entrance } from '../model/caller.ts';
import type { HealthView } from '../model/health.ts';
import type { Override } from '../model/override.ts';
import { formatInstant } from '../model/time.ts';
import type { Clock, Log } from '../ports.ts';
import { changesBetween, type Moment } from './changes.ts';
import type { FileRecord } from './files.ts';
import type { Gossip } from './gossip/gossip.ts';
import { logChange } from './news.ts';
import { reportConfigurations } from './observers.ts';
import { reportGossip } from './report.ts';
import { serviceStates } from '../steering/service-state.ts';
import { brokenRules } from './safety.ts';
import type { SnapshotCell } from './snapshot.ts';

export interface EventKeeper extends Events {
  /** Tells followers and the log of everything that changed since the last look. */
  look(health: HealthView): void;
  /** Tells of what no two moments differ by. */
  tell(change: Change): void;
}

export interface EventOptions {
  /** A word that is new at each start. */
  readonly life: string;
  readonly cell: SnapshotCell;
  readonly gossip: Pick<Gossip, 'votes' | 'boards' | 'overrides'>;
  readonly files: FileRecord;
  readonly clock: Clock;
  readonly log: Log;
  /** Observers that are left out now; nobody where that is not known. */
  readonly isolated?: () => ReadonlySet<string>;
  /** By which door a word came in here. */
  readonly doorOf?: (word: Override) => Entrance | undefined;
}

/** Enough for an hour of a fleet in which a region changes every few seconds. */
const mostKept = 1000;

export function keepEvents(options: EventOptions): EventKeeper {
  const { life, clock, log } = options;
  const listeners = new Set<(event: DirectorEvent) => void>();
  const kept: DirectorEvent[] = [];
  /** The number of the newest event. */
  let count = 0;
  let last = momentOf(options, options.cell.view.snapshot.health);

  const notify = (event: DirectorEvent): void => {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        // A mistake of ours in a follower must not stop what it follows.
        log.error('events.failed', { error: String(error) });
      }
    }
  };

  const tell = (change: Change): void => {
    const { epoch } = options.cell.view.snapshot;
    const event = { ...change, id: `${life}-${++count}`, at: formatInstant(clock.now()), epoch };
    kept.push(event);
    if (kept.length > mostKept) kept.shift();
    logChange(change, log);
    notify(event);
  };

  return {
    look(health) {
      const now = momentOf(options, health, last);
      const changes = changesBetween(last, now);
      last = now;
      for (const change of changes) tell(change);
    },
    tell,
    newest: () => `${life}-${count}`,
    since(id) {
      const number = /^\d{1,15}$/.exec(id.slice(life.length + 1))?.[0];
      if (!id.startsWith(`${life}-`) || number === undefined) return undefined;
      const missed = count - Number(number);
      if (missed < 0 || missed > kept.length) return undefined;
      return kept.slice(kept.length - missed);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const nobody: ReadonlySet<string> = new Set();

function momentOf(options: EventOptions, health: HealthView, last?: Moment): Moment {
  const { cell, gossip, files, clock, isolated, doorOf = () => undefined } = options;
  const { snapshot } = cell.view;
  const now = clock.now();
  const votes = gossip.votes();
  // What is worked out from a snapshot stays as long as that does.
  const isSame = last?.snapshot === snapshot;
  return {
    snapshot,
    health,
    words: gossip.overrides(),
    gossip: reportGossip({ snapshot, votes, boards: gossip.boards() }, now),
    configurations: reportConfigurations(votes, snapshot.settings, now),
    files: files.report(),
    services: isSame ? last.services : serviceStates(snapshot),
    isolated: isolated?.() ?? nobody,
    broken: brokenRules(snapshot),
    doorOf,
  };
}
