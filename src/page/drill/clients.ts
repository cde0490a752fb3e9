// The parts of a drill's page on clients: how they left, which shares moved, and who returned late.

import type { DrillReport, StepReport } from '../../model/drill.ts';
import { lateTtls, returnBins } from '../../model/drill-measure.ts';
import { formatCount, formatShare } from '../../model/number.ts';
import { barsOf } from '../bars.ts';
import type { Section } from '../document.ts';
import { linesOf, roundTicks } from '../lines.ts';
import { html, type Markup } from '../markup.ts';
import { tableOf } from '../table.ts';
import { secondsText, shareText } from './words.ts';

const quarters = [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${at * 100} %` }));

export function leavingSection({ steps, region }: DrillReport): Section {
  return {
    heading: `How clients left ${region}`,
    words:
      'The share of its client networks that had asked again, and so had heard where to go, after each step began. Predicted (broken line): resolvers keep answers for the TTL, ask as soon as they end, and some are assumed to hold on for longer. Observed: as the directors were asked.',
    parts: [
      html`<div class="columns">${steps.map((step) => html`<div>${drainChart(step)}</div>`)}</div>`,
      timeTable(steps),
    ],
  };
}

function drainChart({ step, share, curve, predictedCurve, networks }: StepReport): Markup {
  const span = Math.max(1, curve.at(-1)?.[0] ?? 1);
  const pointsOf = (points: StepReport['curve']) => points.map(([x, y]) => ({ x: x / span, y }));
  const head = `Step ${step}: ${formatShare(share)}, ${formatCount(networks)} client networks`;
  const chart = linesOf({
    summary: `${head}. Asked again in the end: observed ${shareText(curve.at(-1)?.[1] ?? null)}, predicted ${shareText(predictedCurve.at(-1)?.[1] ?? null)}.`,
    x: roundTicks(span, (seconds) => `${Number(seconds.toPrecision(3))} s`),
    y: quarters,
    lines: [
      { name: 'observed', points: pointsOf(curve) },
      { name: 'predicted', isPredicted: true, points: pointsOf(predictedCurve) },
    ],
  });
  return html`<h3>${head}</h3>${chart}`;
}

function timeTable(steps: readonly StepReport[]): Markup {
  return tableOf({
    caption: 'Until they had asked again, in seconds since the step began',
    head: ['Step', 'networks', 'asked again', '50 %', '90 %', '99 %', 'first changed answer'],
    rows: steps.map(
      ({ step, share, networks, asked, askedAgainSeconds: at, firstMovedSeconds }) => [
        `${step}: ${formatShare(share)}`,
        networks,
        asked,
        ...[at[50], at[90], at[99], firstMovedSeconds].map(secondsText),
      ],
    ),
  });
}

export function shareSection({ steps, region }: DrillReport): Section {
  return {
    heading: 'Which share moved',
    words: `Of the client networks of ${region} that asked again: how many should have been sent elsewhere by the draw (predicted), and how many were (observed).`,
    parts: [
      barsOf({
        caption: 'Shares of the networks that asked again: grey predicted, in colour observed',
        head: ['Step', 'predicted', 'observed'],
        rows: steps.map(({ step, share, predicted, observed }) => ({
          name: `Step ${step}: ${formatShare(share)}`,
          look: { colour: 'c4', shape: 0, letter: String(step) },
          before: predicted ?? 0,
          after: observed ?? 0,
          figures: [shareText(predicted), shareText(observed)],
        })),
      }),
    ],
  };
}

export function directorSection({ directors, steps, unnoted }: DrillReport): Section {
  const rows = directors.flatMap(({ director, measure }) => {
    if (measure === null) return [[director, 'told nothing of it', ...Array<string>(6).fill('–')]];
    return steps.map(({ step, share }) => {
      const seen = measure.steps.find((each) => each.share === share);
      if (seen === undefined)
        return [director, `${step}`, 'told nothing of it', '–', '–', '–', '–', '–'];
      const { heard, networks, asked, moved, firstMoved, askedAgain } = seen;
      const times = [firstMoved, askedAgain[90]].map(secondsText);
      return [director, `${step}`, secondsText(heard), networks, asked, moved, ...times];
    });
  });
  const lost =
    unnoted === 0 ? [] : [html`<p class="note">${unnoted} answers had no room to be noted.</p>`];
  return {
    heading: 'At each director',
    words:
      'Each measures its own answers, by client network (/20 and /44). A network that asks two directors counts at both. Spans count from the moment that the word of the step bears, by the director’s own clock: clocks may differ by up to 5 s.',
    parts: [
      tableOf({
        caption: 'What each director saw',
        head: [
          'Director',
          'step',
          'had the word',
          'networks',
          'asked again',
          'moved',
          'first moved',
          '90 % asked',
        ],
        rows,
      }),
      ...lost,
    ],
  };
}

export function returnSection({ directors }: DrillReport): Section {
  const told = directors.flatMap(({ measure }) => (measure === null ? [] : [measure.returns]));
  const sum = (read: (one: (typeof told)[number]) => number): number =>
    told.reduce((total, one) => total + read(one), 0);
  const counts = [...returnBins, Number.POSITIVE_INFINITY].map((_, i) =>
    sum((one) => one.counts[i] ?? 0),
  );
  const all = counts.reduce((total, count) => total + count, 0);
  const most = Math.max(1, ...counts);
  const ttl = Math.max(0, ...told.map((one) => one.ttl));
  const [pairs, late, silent] = [
    sum((one) => one.pairs),
    sum((one) => one.late),
    sum((one) => one.silent),
  ];
  return {
    heading: 'Who returned late',
    words: html`Times from one answer to the next question of the same resolver for the same client network, against the TTL of at most ${ttl} s that the answer had. A server cannot see why somebody returns late: the resolver held the answer beyond its TTL, or none of its clients asked. Who returned at least twice and <b>never</b> within ${lateTtls} TTLs most likely overstays: ${formatCount(late)} of ${formatCount(pairs)} pairs that returned. ${formatCount(silent)} had not returned ${lateTtls} TTLs after their last answer when the drill ended.`,
    parts: [
      barsOf({
        caption: 'Returns by time since the last answer, in TTLs',
        head: ['After', 'share', 'returns'],
        rows: counts.map((count, i) => ({
          name: binName(i),
          look: { colour: i < 3 ? 'c4' : 'c5', shape: 0, letter: String.fromCharCode(65 + i) },
          before: 0,
          after: count / most,
          figures: [all === 0 ? '–' : formatShare(count / all), formatCount(count)],
          warning: i >= 3 && count > 0 ? 'beyond the TTL' : undefined,
        })),
      }),
    ],
  };
}

function binName(i: number): string {
  const [from, to] = [returnBins[i - 1], returnBins[i]];
  if (to === undefined) return `over ${from} TTLs`;
  return from === undefined ? `up to ${to} TTL` : `${from} to ${to} TTLs`;
}
