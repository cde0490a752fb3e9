import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { OrderingStep } from '../../src/steering/step.ts';
import { ClassBook } from '../../src/steering/classes.ts';
import { isSpecialAt, seedAt } from '../../src/steering/seeds.ts';
import { special as specialMark, unmarked } from '../../src/steering/overlay.ts';
import { anAtlas } from '../support/atlas.ts';
import { aService } from '../support/fleet.ts';

const prefer = ['us'] as never;
const rule = { networks: [], countries: [], prefer };
const service = aService({ regions: ['eu', 'us'], steps: [{ kind: 'rules', rules: [rule] }] });
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
    const seeds = book.finish();
    assert.equal(seedAt(seeds, ruled).rule, 1);
    assert.equal(isSpecialAt(seeds, ruled), false);
    assert.equal(isSpecialAt(seeds, special), true);
  });

  test('where orders are not compared, each position is a class, and none is worked out', () => {
    const step = countingStep();
    const positions = { of: Uint32Array.of(0, 1, 1, 2), count: 3 };
    const book = new ClassBook(service, [step], undefined, positions, 5);
    const found = [0, 1, 2, 3, 1].map((place) => book.classOf(place, plain));
    assert.deepEqual(found, [0, 1, 1, 2, 1]);
    const mark = { ...plain, rule };
    const marked = [1, 2, 3].map((place) => book.classOf(place, mark));
    assert.deepEqual(marked, [3, 3, 4]);
    assert.equal(step.runs, 0);
    assert.deepEqual(seedAt(book.finish(), 4), {
      place: 3,
      rule: 1,
      asn: 0,
      network: 0,
      isSpecial: false,
    });
  });
});
