// Rule `notTogether`: of a group of regions, or of each continent, never two are out at once.

import type { Static } from 'typebox';
import { continentOf, continents } from '../../model/continent.ts';
import type { Region, RegionId } from '../../model/region.ts';
import { Type } from '../../schema.ts';
import { list, regionId } from '../../shape.ts';
import { type RuleReader, ruleKind } from '../rule.ts';
import { isLess, isWhole, regionsOf, type Scope, tellMissing } from '../scope.ts';

const shape = list(
  Type.Union([Type.Literal('continent'), list(regionId, 'a list of regions', 2)]),
  'a list of groups: lists of at least two regions, or the word continent',
  1,
);

export const notTogether = ruleKind({
  kind: 'notTogether',
  shape,
  read(written, reader) {
    const groups = written.filter((group) => group !== 'continent');
    checkGroups(written, reader);
    return { groups: groups as RegionId[][], isByContinent: groups.length < written.length };
  },
  /** Out is whoever does not serve all of its clients: for some of them it is. */
  state({ groups, isByContinent }, before, after) {
    const regions = regionsOf(before, after);
    for (const { ids, what } of groupsOf({ groups, isByContinent }, regions)) {
      const group = ids.filter((id) => regions.has(id));
      const [was, is] = [outOf(before, group), outOf(after, group)];
      const isWorse =
        is.length > was.length ||
        (is.length === was.length && isLess(sum(after, group), sum(before, group)));
      if (is.length < 2 || !isWorse) continue;
      const missing = tellMissing(after, is);
      return `${after.name} would be without ${is.length} regions of ${what} at once, ${missing}: it takes all but one of them to serve again first`;
    }
    return undefined;
  },
  figures(settings, before, after) {
    const regions = regionsOf(before, after);
    const outs = groupsOf(settings, regions).map(({ ids, what }) => {
      return {
        what,
        out: outOf(
          after,
          ids.filter((id) => regions.has(id)),
        ),
      };
    });
    const [most] = outs.toSorted((one, other) => other.out.length - one.out.length);
    if (most === undefined || most.out.length === 0) {
      return { words: `${after.name} has every region of every group`, room: 1 };
    }
    const words = `${after.name} is without ${tellMissing(after, most.out)} alone of ${most.what}, and one at a time may be out`;
    return { words, room: 1 - most.out.length };
  },
});

interface Groups {
  readonly groups: readonly (readonly RegionId[])[];
  readonly isByContinent: boolean;
}

function groupsOf({ groups, isByContinent }: Groups, regions: ReadonlyMap<RegionId, Region>) {
  const named = groups.map((ids) => ({ ids, what: ids.join(' and ') }));
  return [...named, ...(isByContinent ? continentsOf(regions) : [])];
}

function checkGroups(written: Static<typeof shape>, reader: RuleReader): void {
  for (const [i, group] of written.entries()) {
    if (group === 'continent') continue;
    for (const [k, id] of group.entries()) {
      if (!reader.regions.has(id as RegionId)) reader.refuse([i, k], `there is no region "${id}"`);
      if (group.indexOf(id) < k) reader.refuse([i, k], `${id} is listed twice`);
    }
  }
}

function continentsOf(regions: ReadonlyMap<RegionId, Region>) {
  const groups = Map.groupBy(regions.values(), ({ country }) => continentOf(country));
  return Array.from(groups).flatMap(([continent, group]) => {
    if (continent === undefined) return [];
    return [{ ids: group.map(({ id }) => id), what: continents[continent] }];
  });
}

function outOf({ parts }: Scope, group: readonly RegionId[]): RegionId[] {
  return group.filter((id) => !isWhole(parts.get(id)));
}

function sum({ parts }: Scope, group: readonly RegionId[]): number {
  return group.reduce((all, id) => all + (parts.get(id)?.share ?? 0), 0);
}
