import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type KeptAreas, keepAreas, readAreas } from '../../src/steering/kept-areas.ts';
import { areaKey } from '../../src/steering/order.ts';
import { anAtlas } from '../support/atlas.ts';
import { aRegion, aService, compileToEnd } from '../support/fleet.ts';
import { arbitrarySnapshot } from '../support/random-fleet.ts';

const bare = anAtlas([]);

describe('a map that is kept', () => {
  test('reads back equal, whatever was compiled', () => {
    fc.assert(
      fc.property(arbitrarySnapshot(), ({ settings, atlas = bare, plans }) => {
        for (const { areas, service } of plans.values()) {
          const kept = structuredClone(keepAreas(areas));
          assert.deepEqual(
            readAreas(kept, atlas),
            { ...areas, atlas },
            areaKey(service, settings.regions),
          );
        }
      }),
      { numRuns: 50 },
    );
  });

  const regions = new Map(['ash', 'elm'].map((id) => [aRegion(id).id, aRegion(id)]));
  const service = aService({ regions: [...regions.values()] });
  const atlas = anAtlas([{ prefix: '9.0.0.0/8', lat: 0, lon: 70 }]);
  const kept = keepAreas(compileToEnd(service, regions, atlas));
  const { v4 } = kept.ranges;

  const odd: Readonly<Record<string, unknown>> = {
    nothing: undefined,
    'another kind of table': atlas,
    'a place that there is not': { ...kept, seeds: kept.seeds.map(() => atlas.size) },
    'half a seed': { ...kept, seeds: kept.seeds.subarray(0, -1) },
    'seeds of another kind': { ...kept, seeds: [...kept.seeds] },
    'no classes': { ...kept, seeds: new Uint32Array(0) },
    'ranges of another kind': withV4({ values: [...v4.values] }),
    'a class that there is not': withV4({ values: v4.values.map(() => 99) }),
    'an index beyond the ranges': withV4({ index: v4.index.map(() => v4.high.length) }),
    'an index that goes back': withV4({ index: v4.index.map((_, i) => (i === 5 ? 1 : 0)) }),
    'ranges of two lengths': withV4({ high: v4.high.subarray(0, -1) }),
    'IPv4 as wide as IPv6': withV4({ low: v4.high }),
    'IPv6 as narrow as IPv4': { ...kept, ranges: { v4, v6: { ...v4 } } },
  };
  for (const [what, value] of Object.entries(odd)) {
    test(`is not believed with ${what}`, () => {
      assert.equal(readAreas(value, atlas), undefined);
    });
  }

  function withV4(other: object): unknown {
    const { ranges }: KeptAreas = kept;
    return { ...kept, ranges: { ...ranges, v4: { ...ranges.v4, ...other } } };
  }
});
