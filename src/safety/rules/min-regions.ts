// Rule `minRegions`: so many regions at least serve all of their clients, in each service and in the fleet.

import { Type } from '../../schema.ts';
import { block, whole } from '../../shape.ts';
import { ruleKind } from '../rule.ts';
import { fleetName, isLess, isWhole, regionsOf, type Scope, tellMissing } from '../scope.ts';

const count = whole(1, 100_000);

const shape = Type.Union(
  [count, block({ fleet: Type.Optional(count), service: Type.Optional(count) })],
  { description: 'a number of regions, or a block of fleet and service' },
);

export const minRegions = ruleKind({
  kind: 'minRegions',
  shape,
  read(written) {
    if (typeof written === 'number') return { fleet: written, service: written };
    return { fleet: written.fleet ?? 0, service: written.service ?? 0 };
  },
  /** A service that has fewer regions than that must keep them all. */
  state({ fleet, service }, before, after) {
    const regions = regionsOf(before, after);
    const wanted = Math.min(after.name === fleetName ? fleet : service, regions.size);
    const [had, has] = [countWhole(before), countWhole(after)];
    if (has >= wanted || has > had || (has === had && !isLess(sum(after), sum(before)))) {
      return undefined;
    }
    const serving = [...after.parts].filter(([, part]) => isWhole(part)).map(([id]) => id);
    const who = serving.length === 0 ? '' : ` (${serving.join(', ')})`;
    const left = `${after.name} would be left with ${has} whole region${has === 1 ? '' : 's'}${who}`;
    const missing = tellMissing(after, regions.keys());
    return `${left} of ${regions.size}, and ${wanted} must serve: it takes ${wanted - has} more of ${missing}`;
  },
  figures({ fleet, service }, _, after) {
    const all = after.parts.size;
    const wanted = Math.min(after.name === fleetName ? fleet : service, all);
    const has = countWhole(after);
    const words = `${after.name} has ${has} whole region${has === 1 ? '' : 's'} of ${all}, and ${wanted} must serve`;
    return { words, room: has - wanted };
  },
});

function countWhole({ parts }: Scope): number {
  return parts.values().reduce((all, part) => all + (isWhole(part) ? 1 : 0), 0);
}

function sum({ parts }: Scope): number {
  return parts.values().reduce((all, { share }) => all + share, 0);
}
