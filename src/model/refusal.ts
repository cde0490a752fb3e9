// What was tried and refused, what went wrong, and what came so often that it is counted.

import type { FaultCode } from './fault.ts';

/** A change that was asked for over HTTP and refused, or a request that nobody may make. */
export interface RefusalChange {
  readonly type: 'refusal';
  /** Method and route, as `POST /v1/overrides`. */
  readonly what: string;
  /** What of it was to be changed, as far as that was read. */
  readonly tried: Readonly<Record<string, string | number>>;
  readonly status: number;
  readonly code: FaultCode;
  /** Why, with the figures of rules where those refused. */
  readonly message: string;
  /** The name of the token, or `nobody`. */
  readonly door: string;
  readonly client: string;
  readonly request: string;
}

/** The log told of something that may yet move traffic. */
export interface NoticeChange {
  readonly type: 'notice';
  /** As the log calls it, such as `worker.died`. */
  readonly what: string;
  readonly level: 'info' | 'warn' | 'error';
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

/** What came again and again within a minute. */
export interface RepeatsChange {
  readonly type: 'repeats';
  readonly seconds: number;
  /** Of all of them. */
  readonly count: number;
  /** The most frequent first. */
  readonly sources: readonly RepeatedSource[];
  /** How many are of none of these sources. */
  readonly others: number;
}

export interface RepeatedSource {
  readonly of: 'refusal' | 'notice' | 'safety' | 'reload';
  readonly what: string;
  readonly code: string;
  readonly door: string;
  readonly client: string;
  readonly count: number;
  /** The newest requests. */
  readonly requests: readonly string[];
}
