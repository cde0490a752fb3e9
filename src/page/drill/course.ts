// The parts of a drill's page on its course: who and why, and when what happened.

import { type DrillReport, isOver } from '../../model/drill.ts';
import { formatShare } from '../../model/number.ts';
import type { Section } from '../document.ts';
import { roundTicks } from '../lines.ts';
import type { Markup } from '../markup.ts';
import { tableOf } from '../table.ts';
import { type TimelineRow, timelineOf } from '../timeline.ts';
import { clockText, secondsText } from './words.ts';

export function planSection(report: DrillReport): Section {
  const { id, director, region, service = 'all of the region', actor, reason } = report;
  const { plan, rules, ttl, startedAt, until, objectives } = report;
  const rows: [string, string][] = [
    ['Who', actor],
    ['Why', reason],
    ['Drill', id],
    ['Run by the director', director],
    ['Region', region],
    ['Services', service],
    ['Began', startedAt],
    ['Ended', isOver(report) ? until : 'not yet'],
    ['Plan', plan.map(({ share, hold }) => `${formatShare(share)} for ${hold}`).join(', then ')],
    ['TTL before it, and while it lasted', `${ttl.stable} s, ${ttl.short} s`],
    ['Safety rules', rules.join(', ') || 'none are configured'],
  ];
  return {
    heading: 'Who, why and what was planned',
    words:
      'Each step drained a share of the client networks of the region, chosen by a stable hash, as an override that ends by itself.',
    parts: [
      tableOf({ caption: 'The drill', head: ['What', 'As it was'], rows, words: [0, 1] }),
      ...(objectives.length === 0 ? [] : [objectiveTable(report)]),
    ],
  };
}

const objectiveWords = {
  firstMoved: 'first changed answer, at the last director',
  drained: '90 % of the client networks asked again',
  noAbort: 'not aborted',
} as const;

function objectiveTable({ objectives }: DrillReport): Markup {
  return tableOf({
    caption: 'Objectives',
    head: ['Objective', 'step', 'within', 'took', 'met'],
    rows: objectives.map(({ objective, step, withinSeconds, seconds, isMet }) => [
      objectiveWords[objective],
      step ?? 'all',
      withinSeconds === null ? '–' : `${withinSeconds} s`,
      step === null ? '–' : secondsText(seconds),
      isMet ? 'yes' : 'no',
    ]),
  });
}

export function timeSection(report: DrillReport): Section {
  const { startedAt, until, steps, abort } = report;
  const begin = Date.parse(startedAt);
  const ends = steps.map(({ startedAt: at, endedAt }) => Date.parse(endedAt ?? at));
  const end = Math.max(begin + 1000, isOver(report) ? Date.parse(until) : begin, ...ends);
  const place = (moment: number): number => (moment - begin) / (end - begin);
  const row = (what: string, from: number, to: number, when: string): TimelineRow => ({
    what,
    span: [place(from), place(to)],
    when,
  });
  const prepared = Date.parse(steps[0]?.startedAt ?? until);
  const rows = [
    ...(prepared > begin
      ? [row('The TTL is short, nobody is moved', begin, prepared, clockText(startedAt))]
      : []),
    ...steps.flatMap((step) => [
      row(
        `Step ${step.step}: ${formatShare(step.share)}`,
        Date.parse(step.startedAt),
        step.endedAt === null ? end : Date.parse(step.endedAt),
        clockText(step.startedAt),
      ),
      ...firstMoves(report, step).map(({ director, seconds }) => {
        const at = Date.parse(step.startedAt) + seconds * 1000;
        return row(`First moved answer at ${director}`, at, at, `+ ${secondsText(seconds)}`);
      }),
    ]),
    ...(isOver(report)
      ? [row(abort === null ? 'Reverted' : `Aborted: ${abort.message}`, end, end, clockText(until))]
      : []),
  ];
  const x = roundTicks((end - begin) / 1000, (seconds) => `${Math.round(seconds)} s`);
  return {
    heading: 'When what happened',
    words:
      'Seconds since the drill began; times of day are UTC, by the clock of the director that ran it.',
    parts: [timelineOf({ caption: 'Timeline', head: ['What', 'When'], x: thin(x), rows })],
  };
}

/** Every other one: they stand in a narrow column. */
function thin<T>(ticks: readonly T[]): T[] {
  return ticks.filter((_, i) => i % 2 === 0);
}

function firstMoves({ directors }: DrillReport, { share }: DrillReport['steps'][number]) {
  return directors.flatMap(({ director, measure }) => {
    const seconds = measure?.steps.find((step) => step.share === share)?.firstMoved ?? null;
    return seconds === null ? [] : [{ director, seconds }];
  });
}
