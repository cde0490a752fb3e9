// A failover curve in a terminal: a plot of characters, and the figures that matter.

import { formatSpan } from '../model/time.ts';
import { formatTime } from '../page/figures.ts';
import type { Keepers } from '../simulation/caches.ts';
import { curveStep, type FailoverCurve, type Hold, quantiles } from '../simulation/curve.ts';
import { type TimeScale, timeScaleOf } from '../simulation/curve-scale.ts';
import { causeWords, type Drill } from '../simulation/drill.ts';
import { formatShare } from '../model/number.ts';
import { formatTable } from './table.ts';

/** Each reason to be still there: how it is drawn, and in words. */
const holds: readonly (readonly [hold: Hold, ink: string, words: string])[] = [
  ['unnoticed', '█', 'directors still name the region'],
  ['cached', '▓', 'a resolver has an answer that has not ended'],
  ['overstayed', '▒', 'a resolver keeps an answer beyond its TTL'],
  ['kept', '░', 'the client keeps the address itself'],
];

const plot = { columns: 64, rows: 10 } as const;

/** Lines, without their ends. */
export function describeDrill(drill: Drill): string[] {
  const { region, service, ttl, cause, curve, unnoticed, causes, caches } = drill;
  const scale = timeScaleOf([curve]);
  const rows = causes.map(({ cause: each, moved, left }) => [
    `${each === cause ? '*' : ' '} ${causeWords[each]}`,
    formatTime(moved.median),
    ...quantiles.map((quantile) => leftWords(left, quantile)),
  ]);
  return [
    `How fast clients leave ${region} when ${causeWords[cause]}: ${service}, TTL ${ttl.stable} s, ${ttl.short} s in doubt`,
    ...(unnoticed === undefined ? [] : [`${unnoticed}.`]),
    '',
    ...drawCurve(curve, scale),
    ...holds.map(([, ink, words]) => `       ${ink} ${words}`),
    '',
    ...formatTable(['  WHEN', 'MOVED', ...quantiles.map((each) => `${each} % LEFT`)], rows),
    '',
    `Assumed: resolvers ${keeperWords(caches.resolvers)}; clients ${keeperWords(caches.clients)}.`,
  ];
}

/** The curve in figures, for JSON: each second of the first two minutes, then each tenth. */
export function drillJson({ curve, ...drill }: Drill): object {
  const seconds = Array.from(curve.remaining.keys()).filter((at) => at <= 120 || at % 10 === 0);
  const pick = (shares: Float64Array): number[] =>
    seconds.map((at) => Number((shares[at] ?? 0).toFixed(5)));
  return {
    ...drill,
    doubted: curve.doubted,
    moved: curve.moved,
    left: curve.left,
    seconds,
    remaining: pick(curve.remaining),
    holds: Object.fromEntries(holds.map(([hold]) => [hold, pick(curve.holds[hold])])),
  };
}

function drawCurve(curve: FailoverCurve, scale: TimeScale): string[] {
  const lines = Array.from({ length: plot.rows }, (_, row) => {
    const share = 1 - (row + 0.5) / plot.rows;
    const columns = Array.from({ length: plot.columns }, (__, column) => {
      const moment = scale.at((column + 0.5) / plot.columns);
      return inkAt(curve, Math.round(moment / curveStep), share);
    });
    const label = row % 5 === 0 ? `${100 - row * 10} %` : '';
    return `${label.padStart(5)} ┤${columns.join('').trimEnd()}`;
  });
  return [...lines, `  0 % └${'─'.repeat(plot.columns)}`, `       ${tickLine(scale)}`];
}

function inkAt({ holds: parts }: FailoverCurve, second: number, share: number): string {
  let top = 0;
  for (const [hold, ink] of holds) {
    top += parts[hold][second] ?? 0;
    if (top >= share) return ink;
  }
  return ' ';
}

/** Each tick ends where its moment is, but the first. */
function tickLine({ ticks, place }: TimeScale): string {
  return ticks.reduce((line, moment) => {
    const text = moment === 0 ? '0' : formatTime(moment).replace('.0', '');
    const end = Math.round(place(moment) * plot.columns);
    return moment === 0 ? text : line.padEnd(end - text.length) + text;
  }, '');
}

function leftWords(left: FailoverCurve['left'], quantile: (typeof quantiles)[number]): string {
  const at = left[quantile];
  return at === undefined ? '> 1 h' : formatTime(at);
}

function keeperWords(keepers: readonly Keepers[]): string {
  if (keepers.length === 0) return 'keep to the TTL';
  const rows = keepers.map(({ share, least }) => `${formatShare(share)} for ${formatSpan(least)}`);
  return `keep answers longer: ${rows.join(', ')}`;
}
