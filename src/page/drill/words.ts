// A drill's report in plain words: what came of it, who and why, spans and shares.

import type { DrillReport, JudgementReport, NumberReport } from '../../model/drill.ts';
import { formatShare } from '../../model/number.ts';

/** One sentence for whoever reads nothing else. */
export function outcomeOf({ phase, abort, isMet, objectives }: DrillReport): string {
  if (abort !== null) return `It ended early: ${abort.message} (${abort.code}).`;
  if (phase !== 'done') return 'It is not over yet.';
  if (objectives.length === 0) return 'It was done as planned. No objectives were set.';
  if (isMet === null) return 'It was done as planned. What was measured last is on its way.';
  if (isMet) return 'It was done as planned, and every objective was met.';
  const missed = objectives.filter((each) => !each.isMet).length;
  return `It was done as planned, and ${missed} of ${objectives.length} objectives were missed.`;
}

/** What was rehearsed and what came of it, in plain language and a few sentences. */
export function verdictOf(report: DrillReport): string {
  const { region, service, others, steps } = report;
  const where = service === undefined ? region : `${region} within ${service}`;
  const unwell = others.filter(({ before, last }) => before !== last).map((each) => each.region);
  const busiest = Math.max(0, ...others.map(({ loadMost }) => loadMost ?? 0));
  return [
    `The loss of ${where} was rehearsed on the live fleet, by draining it in steps. ${outcomeOf(report)}`,
    movedWords(steps.at(-1)),
    unwell.length > 0
      ? `The verdict on ${unwell.join(', ')} changed meanwhile.`
      : 'The verdict on no other region changed meanwhile.',
    busiest > 0 ? `The busiest of the others was at ${formatShare(busiest)} of its capacity.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

function movedWords(last: DrillReport['steps'][number] | undefined): string {
  if (last === undefined) return 'Nobody was moved.';
  if (last.networks === 0) return 'No client networks of the region were seen.';
  const { networks, asked, moved } = last;
  return `In its last step ${asked} of ${networks} client networks asked again, and ${moved} of them were sent to another region.`;
}

export function secondsText(seconds: number | null): string {
  return seconds === null ? 'not seen' : `${Math.round(seconds * 100) / 100} s`;
}

export function shareText(share: number | null): string {
  return share === null ? 'not known' : formatShare(share);
}

/** `12:00:00`, in UTC, of what is ISO 8601. */
export function clockText(moment: string): string {
  return moment.slice(11, 19);
}

/** `above 5 for 30 s`: where a number ends a drill. */
export function boundText({
  bound,
  limit,
  forSeconds,
}: Pick<NumberReport, 'bound' | 'limit' | 'forSeconds'>): string {
  return `${bound} ${limit}${forSeconds === 0 ? '' : ` for ${forSeconds} s`}`;
}

/** In four digits. */
export function numberText(number: number | null): string {
  return number === null ? 'not known' : String(Number(number.toPrecision(4)));
}

/** Before what a judgement of a safety rule was. */
export function judgedText({ step }: Pick<JudgementReport, 'step'>): string {
  if (step === null) return 'the drill as a whole';
  return step === 0 ? 'the short TTL' : `step ${step}`;
}
