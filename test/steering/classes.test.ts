import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OrderingStep } from '../../src/steering/step.ts';
import { areaOf, ClassBook } from '../../src/steering/classes.ts';
import { special as specialMark, unmarked } from '../../src/steering/overlay.ts';
import { anAtlas } from '../support/atlas.ts';
import { aService } from '../support/fleet.ts';

const service = aService({ regions: ['eu', 'us'] });
const rule = { networks: [], countries: [], prefer: service.regions.slice(1) };
const plain = unmarked;

/** Puts the preferred first, and otherwise keeps every region in one tier; counts how often it runs. */
function countingStep(): OrderingStep & { runs: number } {
  const step = {
    name: 'test',
    runs: 0,
    apply: (
      tiers: readonly (readonly (typeof service.regions)[number][])[],
      area: { networkRule: unknown },
    ) => {
      step.runs++;
      return area.networkRule === undefined ? tiers : [['us'], ['eu']].map((tier) => tier as never);
    },
    describe: () => '',
  };
  return step;
}

describe('ClassBook', () => {
  test('equal orders share a class, and each position is worked out once', () => {
    const step = countingStep();
    const atlas = anAtlas([{ prefix: '192.0.2.0/24', country: 'IE', lat: 53, lon: -6 }]);
    const positions = { of: Uint32Array.of(0, 1), count: 2 };
    const book = new ClassBook(service, [step], atlas, positions);
    const found = [0, 1, 0, 1].map((place) => book.classOf(place, plain));
    assert.deepEqual(found, [0, 0, 0, 0]);
    assert.equal(step.runs, 2);
  });

  test("a rule's network and a special block have classes of their own", () => {
    const book = new ClassBook(service, [countingStep()], undefined, undefined);
    const ordinary = book.classOf(0, plain);
    const ruled = book.classOf(0, { ...plain, rule });
    const special = book.classOf(0, specialMark);
    assert.equal(new Set([ordinary, ruled, special]).size, 3);
    assert.deepEqual(book.list[ruled]?.tiers, [['us'], ['eu']]);
    assert.equal(book.list[special]?.isSpecial, true);
  });
});

test('areaOf knows no place at index 0 and without an atlas', () => {
  const atlas = anAtlas([{ prefix: '192.0.2.0/24', country: 'IE', lat: 53, lon: -6 }]);
  assert.equal(areaOf(atlas, 0, unmarked).place, undefined);
  assert.equal(areaOf(undefined, 1, unmarked).place, undefined);
  assert.equal(areaOf(atlas, 1, unmarked).place?.country, 'IE');
  assert.equal(areaOf(atlas, 1, { ...unmarked, rule }).networkRule, rule);
});
