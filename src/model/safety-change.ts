// What is told of safety rules as it happens.

import type { OverrideKind } from './override.ts';
import type { Refusal } from './safety.ts';

/**
 * Safety rules stood against a change here, which was `refused` or `forced` by break-glass; or one that
 * is on who serves is `broken`, whoever's doing that is, or `holds` again.
 */
export interface SafetyChange {
  readonly type: 'safety';
  /** The part that the change was to, as an override names it; left out where it was to no part. */
  readonly region?: string;
  readonly service?: string;
  readonly endpoint?: string;
  readonly share?: number;
  readonly state: 'refused' | 'forced' | 'broken' | 'holds';
  readonly rules: readonly Refusal[];
  /** What was to be done; left out where a rule is broken or holds. */
  readonly what?: OverrideKind | 'end' | 'reload';
  readonly by?: string | null;
  readonly door?: string | null;
  /** Whose request it was, and which. */
  readonly client?: string;
  readonly request?: string;
  /** Why it was forced. */
  readonly reason?: string | null;
}
