// A short run over every decoder, from a seed that never changes: what once broke stays mended.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTally, fuzz, randomOf } from './fuzz.ts';
import { openTargets, type Targets } from './targets.ts';

describe('mutants of everything that is read', () => {
  let targets: Targets;
  before(async () => {
    targets = await openTargets();
  });
  after(() => targets[Symbol.asyncDispose]());

  test('break no rule of any decoder', async (t) => {
    for (const target of targets.all) {
      const tally = createTally(target);
      await fuzz(tally, randomOf(target.name), Math.min(4000, 2 * target.inputs));
      assert.deepEqual(tally.findings, [], target.name);
      const fates = Array.from(tally.fates, ([fate, count]) => `${fate} ${count}`);
      t.diagnostic(`${target.name}: ${tally.inputs} inputs: ${fates.join(', ').slice(0, 300)}`);
      assert.ok(tally.fates.size > 1, `${target.name}: all inputs end alike`);
    }
  });
});
