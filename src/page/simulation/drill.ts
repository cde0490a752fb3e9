// The part of a simulation's page on how fast clients leave a region.

import type { Keepers } from '../../simulation/caches.ts';
import { curveStep, type Hold, type Quantile, quantiles } from '../../simulation/curve.ts';
import { type TimeScale, timeScaleOf } from '../../simulation/curve-scale.ts';
import { causeWords, type Drill } from '../../simulation/drill.ts';
import { formatShare } from '../../model/number.ts';
import { formatSpan } from '../../model/time.ts';
import { chartOf, type Tick } from '../chart.ts';
import type { Section } from '../document.ts';
import { formatTime } from '../figures.ts';
import { html, type Markup } from '../markup.ts';
import { foldedOf, tableOf } from '../table.ts';
import { timelineOf } from '../timeline.ts';

const holdWords: Readonly<Record<Hold, string>> = {
  unnoticed: 'directors still name the region',
  cached: 'their resolver has an answer that has not ended',
  overstayed: 'their resolver keeps an answer beyond its TTL',
  kept: 'they keep the address themselves',
};

/** How many places of the axis are drawn. */
const samples = 300;

export function drillSection(drill: Drill): Section {
  const { region, service, cause, curve, ttl, unnoticed } = drill;
  const scale = timeScaleOf([curve]);
  const alarm = unnoticed === undefined ? undefined : html`<em class="warning">${unnoticed}.</em>`;
  const words = html`Predicted for <b>${service}</b> when ${causeWords[cause]}, from the probes, observers and TTLs of the configuration (${ttl.stable} s, and ${ttl.short} s once there is doubt) and from what is assumed of caches. Of the clients that were sent to ${region} before, this share still goes there:${alarm}`;
  return {
    heading: `How fast clients leave ${region}`,
    words,
    parts: [
      curveChart(drill, scale),
      html`<div class="columns"><div>${phaseTable(drill, scale)}</div><div>${causeTable(drill)}</div></div>`,
      foldedOf('The curve in figures', curveTable(drill)),
      foldedOf('What is assumed of caches', keeperTable(drill)),
    ],
  };
}

function curveChart({ region, curve }: Drill, scale: TimeScale): Markup {
  const moments = Array.from({ length: samples + 1 }, (_, i) => scale.at(i / samples));
  const layers = (Object.keys(holdWords) as Hold[]).map((hold) => ({
    name: holdWords[hold],
    points: moments.map((moment) => ({
      x: scale.place(moment),
      height: shareAt(curve.holds[hold], moment),
    })),
  }));
  const marks = quantiles.flatMap((quantile) => {
    const left = curve.left[quantile];
    return left === undefined ? [] : [{ at: scale.place(left), text: `${quantile} %` }];
  });
  const figures = quantiles.map(
    (quantile) => `${quantile} % after ${leftWords(curve.left, quantile)}`,
  );
  return chartOf({
    summary: `Share of clients still at ${region} over time. Gone: ${figures.join(', ')}.`,
    x: ticksOf(scale),
    y: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, text: `${at * 100} %` })),
    layers,
    marks,
  });
}

function ticksOf(scale: TimeScale): Tick[] {
  return scale.ticks.map((moment) => ({
    at: scale.place(moment),
    text: moment === 0 ? '0' : formatTime(moment).replace('.0', ''),
  }));
}

function phaseTable({ curve, causes }: Drill, scale: TimeScale): Markup {
  const { doubted, moved, left } = curve;
  const row = (what: string, from: number, to: number) => ({
    what,
    span: Number.isFinite(from) ? ([scale.place(from), scale.place(to)] as const) : undefined,
    when: rangeWords(from, to),
  });
  const gone = quantiles.map((quantile) => {
    const at = left[quantile] ?? Number.POSITIVE_INFINITY;
    const span = Number.isFinite(at) ? ([0, scale.place(at)] as const) : undefined;
    return { what: `${quantile} % have left`, span, when: leftWords(left, quantile) };
  });
  return timelineOf({
    caption: 'Step by step',
    head: ['What happens', 'When'],
    x: ticksOf(scale).filter((_, i) => causes.length > 0 && i % 2 === 0),
    rows: [
      row('A director doubts', doubted.earliest, doubted.latest),
      row('Directors stop naming it', moved.earliest, moved.latest),
      ...gone,
    ],
  });
}

function causeTable({ causes }: Drill): Markup {
  return tableOf({
    caption: 'The same from other causes',
    head: ['When', 'moved', ...quantiles.map((each) => `${each} % left`)],
    rows: causes.map(({ cause, moved, left }) => [
      causeWords[cause],
      formatTime(moved.median),
      ...quantiles.map((each) => leftWords(left, each)),
    ]),
  });
}

function curveTable({ curve }: Drill): Markup {
  const seconds = [0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800, 3600];
  const holds = Object.keys(holdWords) as Hold[];
  return tableOf({
    caption: 'Share of clients that are still there, and why',
    head: ['After', 'all', ...holds.map((hold) => holdWords[hold])],
    rows: seconds.map((at) => [
      formatTime(at * 1000).replace('.0', ''),
      formatShare(shareAt(curve.remaining, at * 1000)),
      ...holds.map((hold) => formatShare(shareAt(curve.holds[hold], at * 1000))),
    ]),
  });
}

function keeperTable({ caches }: Drill): Markup {
  const rows = (who: string, keepers: readonly Keepers[]) =>
    keepers.map(({ share, least }) => [who, formatShare(share), `at least ${formatSpan(least)}`]);
  const table = tableOf({
    caption: 'Who keeps answers for longer than they may',
    head: ['Who', 'share', 'keeps them'],
    rows: [...rows('resolvers', caches.resolvers), ...rows('clients', caches.clients)],
  });
  return html`${table}<p class="note">All others keep an answer for its TTL. Resolvers are taken to have many clients, so each asks again when its answer ends. Open connections are not counted: they break where a region fails, and may last where it is drained.</p>`;
}

function shareAt(shares: Float64Array, moment: number): number {
  const place = moment / curveStep;
  const before = shares[Math.floor(place)] ?? 0;
  const after = shares[Math.ceil(place)] ?? before;
  return before + (after - before) * (place - Math.floor(place));
}

function leftWords(left: Drill['curve']['left'], quantile: Quantile): string {
  const at = left[quantile];
  return at === undefined ? '> 1 h' : formatTime(at);
}

function rangeWords(from: number, to: number): string {
  if (!Number.isFinite(from)) return 'never';
  return from === to ? formatTime(from) : `${formatTime(from)} – ${formatTime(to)}`;
}
