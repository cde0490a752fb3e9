// How far a drill is, in one line.

import type { DrillReport, NumberReport } from '../model/drill.ts';
import { formatShare } from '../model/number.ts';
import { boundText, numberText } from '../page/drill/words.ts';

/** One line. */
export function progressOf({
  region,
  phase,
  step,
  plan,
  until,
  abort,
  steps,
  numbers,
}: DrillReport): string {
  const at = until.slice(11, 19);
  if (abort !== null) return `drill of ${region} was aborted at ${at}: ${abort.message}`;
  if (phase === 'done') return `drill of ${region} is done since ${at}`;
  if (phase === 'preparing') {
    return `drill of ${region}: the TTL is short, and nobody is moved before ${at}${tellNumbers(numbers)}`;
  }
  const share = formatShare(plan[step - 1]?.share ?? 0);
  const { networks = 0, asked = 0, moved = 0 } = steps.at(-1) ?? {};
  const seen = `${asked} of ${networks} networks asked again, ${moved} moved`;
  return `drill of ${region}, step ${step} of ${plan.length}: ${share} until ${at}; ${seen}${tellNumbers(numbers)}`;
}

/** `; errors 3.2 (ends it above 5)`: what is read while a drill goes on. */
function tellNumbers(numbers: readonly NumberReport[]): string {
  return numbers
    .map(({ number, last, reason, ...limit }) => {
      const now = reason === '' ? numberText(last) : `not read: ${reason}`;
      return `; ${number}: ${now} (ends it ${boundText(limit)})`;
    })
    .join('');
}
