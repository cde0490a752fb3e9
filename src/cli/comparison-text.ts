// A comparison in words and columns, for people.

import {
  type Comparison,
  type Distances,
  type Move,
  type PartOfMove,
  type RegionComparison,
  type ServiceComparison,
  slowerBy,
} from '../simulation/comparison.ts';
import { formatCount, formatShare } from '../model/number.ts';
import { unanswered } from './limits.ts';
import { formatTable } from './table.ts';

/** Moves, countries and parts of a move that are shown; JSON has them all. */
const mostShown = 5;

/** Lines, without their ends. */
export function describeComparison(comparison: Comparison): string[] {
  const { population, services, added, removed } = comparison;
  const lines = [`Population: ${formatCount(population.clients)}, ${population.source}`];
  if (added.length > 0) lines.push(`New names: ${added.join(', ')}`);
  if (removed.length > 0) lines.push(`Names that go: ${removed.join(', ')}`);
  for (const service of services) lines.push('', ...describeService(service));
  if (services.length > 1) lines.push('', ...describeTotal(comparison));
  const left = unanswered(comparison);
  if (left.length > 0) lines.push('', ...left.map((sentence) => `${sentence}.`));
  return lines;
}

function describeService(service: ServiceComparison): string[] {
  const { name, regions, distance, scopes, states } = service;
  const { before, after } = scopes;
  const answers = Object.entries(states.after).map(
    ([state, share]) => `${formatShare(share)} ${state}`,
  );
  return [
    `${name}: ${describeMoved(service)}`,
    ...describeRegions(regions).map((line) => `  ${line}`),
    ...describeMoves(service.moves).map((line) => `  ${line}`),
    ...describeCountries(service),
    `  Distance: ${describeDistances(distance.before)}; then ${describeDistances(distance.after)}`,
    `  Cache: ${formatCount(before)} scopes${after === before ? '' : `, then ${formatCount(after)}`}`,
    `  Answers: ${answers.join(', ')}`,
  ];
}

function describeTotal({ total, regions }: Comparison): string[] {
  const { moves } = total;
  return [
    `All names together: ${describeMoved(total)}`,
    ...describeRegions(regions).map((line) => `  ${line}`),
    ...describeMoves(moves).map((line) => `  ${line}`),
  ];
}

function describeMoved({
  moved,
  farther,
  slower,
}: Pick<ServiceComparison, 'moved' | 'farther' | 'slower'>): string {
  if (moved === 0) return 'nobody changes region';
  const far = `${formatShare(farther.share)} end up more than ${farther.km} km farther`;
  const slow = `${formatShare(slower.share)} more than ${slower.ms} ms slower (${slowerBy[slower.by]})`;
  return `${formatShare(moved)} of clients change region, ${far}, ${slow}`;
}

function describeRegions(regions: readonly RegionComparison[]): string[] {
  if (regions.length === 0) return [];
  const isLoaded = regions.some(({ load }) => load !== undefined);
  const isFull = regions.some(({ load }) => load?.capacity !== undefined);
  const head = ['REGION', 'BEFORE', 'AFTER'];
  const headOfLoad = isLoaded ? ['REQUESTS/S'] : [];
  const rows = regions.map(({ region, before, after, load }) => [
    region,
    formatShare(before).padStart(7),
    formatShare(after).padStart(7),
    ...(load === undefined ? [] : [`${formatCount(load.before)} → ${formatCount(load.after)}`]),
    ...(isFull ? [describeFill(load)] : []),
  ]);
  return formatTable([...head, ...headOfLoad, ...(isFull ? ['OF CAPACITY'] : [])], rows);
}

function describeFill(load: RegionComparison['load']): string {
  if (load?.shareBefore === undefined || load.shareAfter === undefined) return 'states none';
  return `${formatShare(load.shareBefore)} → ${formatShare(load.shareAfter)}`;
}

/** `2.4 % eu-west → us-east: DE 1.1 %, FR 0.4 %, …` */
export function describeMoves(moves: readonly Move[]): string[] {
  const shown = moves.slice(0, mostShown).map((move) => {
    const { from, to, share, countries, systems } = move;
    const parts = systems.length > 0 ? systems : countries;
    return `${formatShare(share)} ${from ?? 'no region'} → ${to ?? 'no region'}${describeParts(parts)}`;
  });
  const rest = moves.length - shown.length;
  return rest > 0 ? [...shown, `and ${rest} smaller moves`] : shown;
}

function describeParts(parts: readonly PartOfMove[]): string {
  const named = parts
    .slice(0, 3)
    .map(({ of, share }) => `${of === '' ? 'unknown place' : of} ${formatShare(share)}`);
  return named.length === 0 ? '' : `: mostly ${named.join(', ')}`;
}

/** Countries in which most of those who move are. */
function describeCountries({ countries, moves }: ServiceComparison): string[] {
  const moving = countries
    .filter(({ moved }) => moved > 0)
    .toSorted((x, y) => y.moved - x.moved)
    .slice(0, mostShown);
  if (moving.length === 0) return [];
  const rows = moving.map(({ country, share, moved }) => [
    country === '' ? 'unknown' : country,
    formatShare(share).padStart(7),
    formatShare(moved).padStart(7),
    largestMove(moves, country),
  ]);
  return formatTable(['COUNTRY', 'CLIENTS', 'MOVE', 'MOST OF THOSE'], rows).map(
    (line) => `  ${line}`,
  );
}

/** Of those of a country who move; with a policy that picks by network most of its clients may stay. */
function largestMove(moves: readonly Move[], country: string): string {
  const shareOf = ({ countries }: Move): number =>
    countries.find(({ of }) => of === country)?.share ?? 0;
  const [first] = moves.toSorted((x, y) => shareOf(y) - shareOf(x));
  return `${first?.from ?? 'no region'} → ${first?.to ?? 'no region'}`;
}

function describeDistances({ median, p95 }: Distances): string {
  if (median === undefined || p95 === undefined) return 'nobody is located';
  return `half within ${formatCount(median)} km, 95 % within ${formatCount(p95)} km`;
}
