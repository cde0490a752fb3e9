// A caller: how whoever asks for a change came in, for what is written down of it.

import type { Finding } from './safety.ts';

export interface Caller {
  /** In words, such as `loopback` or `token ops`. */
  readonly door: string;
  /** The client's address. */
  readonly client?: string;
  /** What the answer, the log and the audit log call the request. */
  readonly request?: string;
}

/** How a word came in, and what every safety rule said of it. */
export interface Entrance extends Caller {
  readonly rules: readonly Finding[];
}
