// Step `latency`: order by the milliseconds that an operator has measured from the client's area.

import type { Tiers } from '../../model/decision.ts';
import type { LatencyRow } from '../../model/latency.ts';
import type { RangeTable } from '../../model/ranges.ts';
import type { RegionId } from '../../model/region.ts';
import type { StepSettings } from '../../model/settings.ts';
import { Type } from '../../schema.ts';
import { block, text, whole } from '../../shape.ts';
import { AreaBook } from '../areas.ts';
import { numberNetworks } from '../overlay.ts';
import { type Area, type OrderingStep, stepKind } from '../step.ts';
import { describeOrder } from '../words.ts';

export const latencyStep = stepKind({
  kind: 'latency',
  shape: block({
    file: text('the path of a table, in YAML or CSV'),
    withinMs: Type.Optional(whole(0, 10_000, 'ms')),
  }),
  read: ({ file, withinMs = 0 }, reader) => ({
    rows: reader.latencies(file, ['file']) ?? [],
    withinMs,
  }),
  prepare: ({ rows, withinMs }) => prepareLatency(rows, withinMs),
});

/** The rows of a chain's table; none where the step is left out. */
export function latenciesIn(steps: readonly StepSettings[]): readonly LatencyRow[] {
  const step = steps.find(({ kind }) => kind === latencyStep.kind);
  return (step?.['rows'] as readonly LatencyRow[] | undefined) ?? [];
}

/** A table made ready for look-ups. */
interface Index {
  readonly byAsn: ReadonlyMap<number, LatencyRow>;
  readonly byArea: AreaBook<LatencyRow>;
  /** A network's number is the position of its row, plus one. */
  readonly networks: RangeTable;
}

/** A chain is prepared for every snapshot, and a table may be long. */
const indexes = new WeakMap<readonly LatencyRow[], Index>();

/**
 * The row of the most specific area counts: the longest network, then autonomous system, subdivision,
 * country and continent. Regions that it has no figure for come last, as equals; where there is no
 * row, all stay as they are, for the next step to order. Regions within `withinMs` of a tier's best
 * share a tier.
 */
export function prepareLatency(rows: readonly LatencyRow[], withinMs: number): OrderingStep {
  const index = indexes.get(rows) ?? indexRows(rows);
  indexes.set(rows, index);
  const find = ({ place, asn, network }: Area): LatencyRow | undefined =>
    rows[network - 1] ?? index.byAsn.get(asn) ?? index.byArea.find(place)?.of;
  return {
    name: 'latency',
    isIndependent: withinMs === 0,
    detail: { countries: index.byArea.detailed },
    networks: index.networks,
    apply(tiers, area): Tiers {
      const row = find(area);
      return row === undefined ? tiers : tiers.flatMap((tier) => splitByMs(tier, row, withinMs));
    },
    describe(_before, after, area): string {
      const row = find(area);
      if (row === undefined)
        return 'the table has no row for this client, so the next step decides';
      return `as measured from ${row.area}: ${describeFigures(after, row)}`;
    },
    measure(regions, area) {
      const row = find(area);
      if (row === undefined) return undefined;
      const known = regions.filter((id) => row.ms[id] !== undefined);
      return { unit: 'ms', of: Object.fromEntries(known.map((id) => [id, row.ms[id] as number])) };
    },
  };
}

function indexRows(rows: readonly LatencyRow[]): Index {
  const byAsn = new Map<number, LatencyRow>();
  const byArea = new AreaBook<LatencyRow>();
  for (const row of rows) {
    if (row.asn !== undefined) byAsn.set(row.asn, row);
    byArea.add(row, row);
  }
  const networks = numberNetworks(rows.map(({ network }) => network));
  return { byAsn, byArea, networks };
}

/** Those without a figure stand in tiers of their own. */
function describeFigures(tiers: Tiers, { ms }: LatencyRow): string {
  const measured = tiers.filter((tier) => tier.some((id) => ms[id] !== undefined));
  const rest = tiers.flat().filter((id) => ms[id] === undefined);
  const order = describeOrder(measured.map((tier) => tier.map((id) => `${id} ${ms[id]} ms`)));
  return rest.length === 0 ? order : `${order}; no figure for ${rest.join(', ')}`;
}

function splitByMs(tier: readonly RegionId[], { ms }: LatencyRow, withinMs: number): RegionId[][] {
  const measured = tier.filter((id) => ms[id] !== undefined);
  measured.sort((one, other) => (ms[one] as number) - (ms[other] as number));
  const split: RegionId[][] = [];
  let limit = -1;
  for (const id of measured) {
    const own = ms[id] as number;
    if (own <= limit) split.at(-1)?.push(id);
    else {
      split.push([id]);
      limit = own + withinMs;
    }
  }
  const rest = tier.filter((id) => ms[id] === undefined);
  return rest.length > 0 ? [...split, rest] : split;
}
