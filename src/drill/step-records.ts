// When each step of a drill began and ended, turn by turn.

import { type Millis, millis } from '../model/time.ts';
import { type DrillState, margin, type Turn } from './next.ts';

/** A step that began. */
export interface StepRecord {
  readonly step: number;
  readonly share: number;
  readonly startedAt: Millis;
  readonly endedAt: Millis | undefined;
}

/** With the turn that comes after `last`. Where that comes too late, the step before it ended with its word. */
export function recordTurn(
  records: readonly StepRecord[],
  last: DrillState,
  { state, say }: Turn,
  now: Millis,
): readonly StepRecord[] {
  const endedAt = millis(Math.min(now, last.until + margin));
  const ended = records.map((record) => ({ ...record, endedAt: record.endedAt ?? endedAt }));
  if (say?.kind !== 'drain' || state.step === 0) return ended;
  const { step } = state;
  return [...ended, { step, share: say.share, startedAt: now, endedAt: undefined }];
}
