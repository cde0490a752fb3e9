import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenLimits, type Limits } from '../../src/cli/limits.ts';
import type { Comparison, ProjectedLoad } from '../../src/simulation/comparison.ts';

const free: Limits = {
  maxMoved: undefined,
  maxFarther: undefined,
  maxSlower: undefined,
  maxLoad: undefined,
  isEmptyRefused: false,
};

function withLoads(...loads: [string, number | undefined][]): Comparison {
  const slower = { ms: 50, share: 0, by: 'distance' } as const;
  const nobody = { moved: 0, farther: { km: 1000, share: 0 }, slower, moves: [] };
  const regions = loads.map(([region, shareAfter]) => {
    const capacity = shareAfter === undefined ? undefined : 100;
    const load: ProjectedLoad = {
      before: 0,
      after: 0,
      capacity,
      shareBefore: shareAfter,
      shareAfter,
    };
    return { region, before: 0, after: 0.5, load };
  });
  const population = { source: 'a test', clients: 1 };
  return { population, load: 10, services: [], added: [], removed: [], total: nobody, regions };
}

test('a region beyond the limit is named with its figure, one at it is not', () => {
  const loads = withLoads(['dublin', 0.91], ['ashburn', 0.9], ['tokyo', undefined]);
  assert.deepEqual(brokenLimits(loads, { ...free, maxLoad: 0.9 }), [
    'dublin would have 91.0 % of its capacity, and --max-load allows 90.0 %',
  ]);
  assert.deepEqual(brokenLimits(loads, free), []);
});

test('where no region states its capacity, a limit on load cannot be kept', () => {
  const [said] = brokenLimits(withLoads(['dublin', undefined]), { ...free, maxLoad: 0.9 });
  assert.match(said ?? '', /cannot be checked$/);
});
