// The part of a drill's page on the other regions: load and health while it went on.

import type { DrillReport } from '../../model/drill.ts';
import type { Section } from '../document.ts';
import { linesOf, roundTicks } from '../lines.ts';
import { html, type Markup } from '../markup.ts';
import { tableOf } from '../table.ts';
import { shareText } from './words.ts';

export function otherSection(report: DrillReport): Section {
  const { others, numbers } = report;
  const isKnown = others.some(({ loadMost }) => loadMost !== null);
  return {
    heading: 'The other regions meanwhile',
    words:
      'Verdicts of the fleet, and loads as shares of capacity, as the director that ran the drill saw them.',
    parts: [
      isKnown ? loadChart(report) : html`<p>No load of any other region is known.</p>`,
      tableOf({
        caption: 'Before and after',
        head: ['Region', 'verdict before', 'verdicts seen', 'load before', 'most load'],
        rows: others.map(({ region, before, last, loadBefore, loadMost, course }) => [
          region,
          before,
          [...new Set([...course.map(({ verdict }) => verdict), last])].join(', '),
          shareText(loadBefore),
          shareText(loadMost),
        ]),
      }),
      ...(numbers.length === 0 ? [] : [numberTable(report)]),
    ],
  };
}

function loadChart({ others }: DrillReport): Markup {
  const points = others.flatMap(({ course }) => course);
  const span = Math.max(1, ...points.map(({ seconds }) => seconds));
  const most = Math.max(1, ...points.map(({ load }) => load ?? 0));
  const told = others.filter(({ loadMost }) => loadMost !== null);
  const figures = told.map(({ region, loadMost }) => `${region} at most ${shareText(loadMost)}`);
  return linesOf({
    summary: `Load of the other regions over time: ${figures.join(', ')}.`,
    x: roundTicks(span, (seconds) => `${Math.round(seconds)} s`),
    y: roundTicks(most, (load) => `${Math.round(load * 100)} %`),
    lines: told.map(({ region, course }) => ({
      name: region,
      points: course.flatMap(({ seconds, load }) =>
        load === null ? [] : [{ x: seconds / span, y: load / most }],
      ),
    })),
  });
}

function numberTable({ numbers }: DrillReport): Markup {
  const text = (number: number | null): string => (number === null ? 'not known' : String(number));
  return tableOf({
    caption: 'Numbers that could have ended it',
    head: ['Number', 'limit', 'before', 'last', 'worst', 'read', 'not read'],
    rows: numbers.map(({ number, bound, limit, before, last, worst, readings, failures }) => [
      number,
      `${bound} ${limit}`,
      ...[before, last, worst].map(text),
      readings,
      failures,
    ]),
  });
}
