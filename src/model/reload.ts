// What is told of files that were read again, and of what they switch.

import type { Finding } from './safety.ts';

/** What new files were held against before they came into force. */
export interface Approval {
  /** What every safety rule said. */
  readonly rules: readonly Finding[];
  /** Shares of clients, 0 to 1, that are sent to another region, where `reload.maxMoved` has them worked out. */
  readonly moved: readonly { readonly service: string; readonly share: number }[];
  /** What would have refused them, and was overridden. */
  readonly forced: readonly string[];
}

/** Files were read again, and came into force, all the same or as they should, or were refused whole. */
export interface ReloadChange extends Approval {
  readonly type: 'reload';
  readonly state: 'taken' | 'forced' | 'refused';
  /** Digests of configurations; both the same where only what they leave out has changed. */
  readonly from: string;
  readonly to: string;
  /** What is another, such as `region eu` or `secrets`; as many as anybody reads. */
  readonly changed: readonly string[];
  /** Why they were refused, a line each; as many as anybody reads. */
  readonly faults: readonly string[];
}

/** The gate, which lets no change through while it is closed, was switched. */
export interface GateChange {
  readonly type: 'gate';
  readonly isClosed: boolean;
}
