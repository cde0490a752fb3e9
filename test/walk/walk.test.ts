// A short walk, by known seeds and one that nobody knows; and that a walk notices what is broken.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { sabotages } from './sabotage.ts';
import { shrink } from './shrink.ts';
import { type Leg, type LegOptions, walkLeg } from './walk.ts';

async function tellBroken(leg: Leg, options: LegOptions): Promise<string> {
  if (leg.broken === undefined) return '';
  const { story } = await shrink(leg, options);
  return `seed "${options.seed}":\n${story.join('\n')}`;
}

describe('a walk breaks no rule', () => {
  const fresh = randomBytes(4).toString('hex');
  for (const seed of ['c 0', 'c 1', `${fresh} 0`, `${fresh} 1`]) {
    test(`with the seed ${seed}`, async () => {
      const leg = await walkLeg({ seed });
      assert.equal(leg.broken, undefined, await tellBroken(leg, { seed }));
      assert.ok(leg.steps > 1000, `${leg.steps} steps`);
    });
  }

  test('and is the same for the same seed', async () => {
    const [one, other] = [await walkLeg(again), await walkLeg(again)];
    assert.deepEqual(one.story, other.story);
    assert.ok(one.story.length > 20);
  });
});

const again = { seed: 'once more 0', steps: 1500, isTold: true };

describe('a walk notices', () => {
  for (const [name, { rules, ...options }] of Object.entries(sabotages)) {
    test(name, async () => {
      const { broken } = await walkLeg(options);
      const { rule = 'nothing', message = '' } = broken ?? {};
      assert.ok(rules.includes(rule), `${rule}: ${message}`);
    });
  }

  test('and tells the shortest story of it', async () => {
    const { seed, tamper } = sabotages['a quorum of one'] ?? assert.fail();
    const shortest = await shrink(await walkLeg({ seed, tamper }), { seed, tamper });
    assert.equal(shortest.broken?.rule, 'minority');
    assert.ok(shortest.moves.length <= 2, shortest.story.join('\n'));
    assert.match(shortest.story.at(-1) ?? '', /^ *\d+\.\d{3} s {2}BROKEN \(minority\): /);
  });
});
