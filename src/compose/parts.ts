// What every part of a director may need while it is built.

import type { Clients } from '../director/clients/collect.ts';
import type { FileRecord } from '../director/files.ts';
import type { NoticedLog } from '../director/record/notices.ts';
import type { Tallies } from '../director/readings.ts';
import type { SnapshotCell } from '../director/snapshot.ts';
import type { OpenSocket } from '../edge/sockets.ts';
import type { Recruits } from './workers/recruits.ts';
import type { Clock, Log, Store } from '../ports.ts';

/** `building` takes down what was built so far when the rest cannot be. */
export interface Parts {
  readonly cell: SnapshotCell;
  /** Where the main file lies: what it names is relative to it. */
  readonly folder: string;
  readonly files: FileRecord;
  readonly store: Store | undefined;
  readonly clock: Clock;
  readonly log: Log & { dropped(): number };
  /** What that tells, for the audit log. */
  readonly onNotice: NoticedLog<Log>['onNotice'];
  readonly tallies: Tallies;
  /** Undefined where no clients are counted. */
  readonly clients: Clients | undefined;
  /** What the process before this one left open for it. */
  readonly handed: readonly OpenSocket[];
  /** Threads that will answer. */
  readonly recruits: Recruits;
  readonly building: AsyncDisposableStack;
}
