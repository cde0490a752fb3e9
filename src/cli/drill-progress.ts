// How far a drill is, in one line, and what it did not meet.

import type { DrillReport, NumberReport, ObjectiveReport } from '../model/drill.ts';
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

const objectiveNames = {
  firstMoved: 'the first changed answer',
  drained: '90 % of the networks asked again',
  noAbort: 'no abort',
} as const;

/** Why a pipeline fails, a line for each objective, or for the abort that nothing was stated of. */
export function missesOf({ objectives, abort, isMet }: DrillReport): string[] {
  if (isMet !== false) return [];
  const why =
    abort === null ? 'it was not done' : `it was aborted: ${abort.message} (${abort.code})`;
  const missed = objectives.filter((each) => !each.isMet);
  if (abort !== null && !missed.some(({ objective }) => objective === 'noAbort')) {
    return [why, ...missed.map((each) => missOf(each, why))];
  }
  return missed.map((each) => missOf(each, why));
}

function missOf({ objective, step, withinSeconds, seconds }: ObjectiveReport, why: string): string {
  const name = `objective missed: ${objectiveNames[objective]}`;
  if (step === null) return `${name}: ${why}`;
  const took = seconds === null ? 'was not seen' : `took ${seconds} s`;
  return `${name} in step ${step} ${took}, and ${withinSeconds} s was the most`;
}
