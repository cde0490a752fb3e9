// Rule `minCapacity`: what serves has a share of all capacity at least, or so much more than the load of late.

import type { Region, RegionId } from '../../model/region.ts';
import { Type } from '../../schema.ts';
import { block, sharePattern, text } from '../../shape.ts';
import { ruleKind } from '../rule.ts';
import { fleetName, isLess, regionsOf, type Scope, tellMissing } from '../scope.ts';

const declared = text('a share of all capacity, from "1%" to "100%"', sharePattern);
const load = text('a share of the load of late, from "1%" to "999%"', '^[1-9]\\d{0,2}%$');

const shape = Type.Union(
  [declared, block({ declared: Type.Optional(declared), load: Type.Optional(load) })],
  { description: 'a share from "1%" to "100%", or a block of declared and load' },
);

export const minCapacity = ruleKind({
  kind: 'minCapacity',
  shape,
  read(written) {
    const wanted = typeof written === 'string' ? { declared: written } : written;
    return { declared: shareIn(wanted.declared), load: shareIn(wanted.load) };
  },
  /** Loads are told of regions and not of services, so the fleet alone is held against them. */
  state(wanted, before, after) {
    const regions = regionsOf(before, after);
    const { sizeOf, unit } = scaleOf(regions);
    const [had, has] = [before, after].map((scope) => healthy(scope, sizeOf)) as [number, number];
    const total = regions.values().reduce((all, region) => all + sizeOf(region), 0);
    if (total === 0 || !isLess(has, had)) return undefined;
    const missing = (): string => tellMissing(after, regions.keys());
    if (isLess(has, wanted.declared * total)) {
      const figures = `${round(has)} of ${round(total)} ${unit}, ${percent(has / total)}`;
      return `${after.name} would be left with ${figures}, and ${percent(wanted.declared)} must serve: it takes ${round(wanted.declared * total - has)} more of ${missing()}`;
    }
    const busy = after.name === fleetName && wanted.load > 0 ? loadOf(before, sizeOf) : 0;
    if (!isLess(has, wanted.load * busy)) return undefined;
    const figures = `${round(has)} ${unit} for a load of ${round(busy)}`;
    return `${after.name} would be left with ${figures}, and ${percent(wanted.load)} of that must serve: it takes ${round(wanted.load * busy - has)} more of ${missing()}`;
  },
  figures(wanted, before, after) {
    const regions = regionsOf(before, after);
    const { sizeOf, unit } = scaleOf(regions);
    const has = healthy(after, sizeOf);
    const total = regions.values().reduce((all, region) => all + sizeOf(region), 0);
    const busy = after.name === fleetName && wanted.load > 0 ? loadOf(before, sizeOf) : 0;
    const [share, least] = [total === 0 ? 1 : has / total, wanted.declared];
    const left = `${after.name} has ${round(has)} of ${round(total)} ${unit}, ${percent(share)}`;
    const told = [
      least > 0 ? `${left}, and ${percent(least)} must serve` : left,
      ...(busy > 0 ? [`for a load of ${round(busy)}, of which ${percent(wanted.load)} must`] : []),
    ];
    const most = Math.max(least, total === 0 ? 0 : (wanted.load * busy) / total);
    return { words: told.join('; '), room: share - most };
  },
});

function shareIn(written: string | undefined): number {
  return written === undefined ? 0 : Number.parseInt(written, 10) / 100;
}

/** Requests a second where every region has declared how many it can take; else weights alone compare. */
function scaleOf(regions: ReadonlyMap<RegionId, Region>) {
  const isDeclared = regions.values().every((region) => region.load?.capacity !== undefined);
  const sizeOf = ({ load: own, weight }: Region): number =>
    isDeclared ? (own?.capacity ?? 0) : weight;
  return { sizeOf, unit: isDeclared ? 'requests a second' : 'of weight' };
}

function healthy({ parts }: Scope, sizeOf: (region: Region) => number): number {
  return parts.values().reduce((all, { region, share }) => all + sizeOf(region) * share, 0);
}

/** What is not known is left out: nobody can tell how much that is. */
function loadOf({ parts }: Scope, sizeOf: (region: Region) => number): number {
  return parts.values().reduce((all, part) => all + sizeOf(part.region) * (part.load ?? 0), 0);
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

function round(figure: number): number {
  return Math.round(figure * 10) / 10;
}
