// An attempt: what each kind of probe does, and what it finds.

import type { Sample } from '../model/health.ts';
import type { Millis } from '../model/time.ts';
import type { Guard } from './probe-guard.ts';

/**
 * One kind of probe: resolves to what it found, and may reject. It looks up names by the guard and
 * ties its sockets to the signal, which aborts at the timeout and, in any case, once the attempt has
 * settled: that is what closes them. It settles as soon as the signal aborts.
 */
export type Attempt<Spec> = (spec: Spec, guard: Guard, signal: AbortSignal) => Promise<Finding>;

export interface Finding {
  /** Why the target is not healthy; empty when it is. */
  readonly reason: string;
  /** How long the certificate that was shown is still valid; negative when it no longer is. */
  readonly expiresIn?: Millis | undefined;
  /** What a healthy target tells of its load. */
  readonly told?: Sample['told'];
}
