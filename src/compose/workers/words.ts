// What the main thread and a thread that answers say to each other: plain data.

import type { DnsCounts } from '../../director/counters.ts';
import type { Mark } from '../../director/snapshot.ts';
import type { Batch } from '../../director/workers/heard.ts';
import type { Part } from '../../director/workers/parts.ts';
import type { Fault } from '../../model/fault.ts';
import type { LogFields } from '../../ports.ts';
import type { Doors, Secrets } from '../dns.ts';

/** What is answered by `done`, with the same id. */
export type Question =
  | { readonly kind: 'part'; readonly part: Part }
  | { readonly kind: 'prepare'; readonly number: number; readonly mark: Mark }
  /** Asks for its counts first. */
  | { readonly kind: 'count' };

export type ToWorker =
  | (Question & { readonly id: number })
  /** A batch was played. */
  | { readonly kind: 'played' }
  | { readonly kind: 'stop' };

export type FromWorker =
  | { readonly kind: 'listening'; readonly doors: Doors }
  | { readonly kind: 'refused'; readonly fault: Fault }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'counts'; readonly counts: DnsCounts }
  | { readonly kind: 'heard'; readonly batch: Batch }
  | {
      readonly kind: 'log';
      readonly level: Level;
      readonly event: string;
      readonly fields: LogFields | undefined;
    };

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** What a thread starts with. */
export interface Start {
  /** Everything that its first view is made of. */
  readonly parts: readonly Part[];
  readonly mark: Mark;
  readonly doors: Doors;
  /** Where the main file lies: certificates are relative to it. */
  readonly folder: string;
  /** Among all threads, from 0: the first speaks of what befalls each alike. */
  readonly place: number;
  /** Open connections, by place. */
  readonly connections: Int32Array<SharedArrayBuffer>;
  readonly secrets: Secrets;
  /** The number of the view that is shown. */
  readonly gate: Int32Array<SharedArrayBuffer>;
  /** The main thread's clock when the system's steady one was at 0, in milliseconds. */
  readonly clockStart: number;
}
