// What safety rules found before a word of a drill was given, as its report tells it.

import type { JudgementReport } from '../model/drill.ts';
import type { Finding } from '../model/safety.ts';
import { formatInstant, type Millis } from '../model/time.ts';

/** `step` is null for the drill as a whole, and 0 for the word that only lowers the TTL. */
export function judgedAt(
  step: number | null,
  at: Millis,
  findings: readonly Finding[],
): JudgementReport[] {
  return findings.map((finding) => ({ step, at: formatInstant(at), ...finding }));
}
