// Handing a word round, over directors that are no more than their clocks.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { type Door, handRound } from '../../src/cli/hand-round.ts';
import type { OverrideReport } from '../../src/model/report.ts';

interface Played extends Door {
  /** The latest word that it holds: a higher number is a later one. */
  held: number;
}

const word = { region: 'eu', kind: 'drain' } as OverrideReport;

/** A director makes a word later than all that it has heard of, and takes none that is older. */
function aDoor(name: string, held: number, isUp = true): Played {
  const gone = { code: 'director.unreachable', message: `${name} is gone` } as const;
  const door: Played = {
    name,
    held,
    async make() {
      if (!isUp) return gone;
      return { ...word, id: String(++door.held) };
    },
    async take(given) {
      if (!isUp) return gone;
      if (Number(given.id) < door.held) return { code: 'override.outdone', message: 'older' };
      door.held = Number(given.id);
      return given;
    },
  };
  return door;
}

describe('a word is handed round', () => {
  test('and all that are there hold the same one, whatever they knew before', async () => {
    const director = fc.tuple(fc.nat(5), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(director, { minLength: 1, maxLength: 6 }), async (facts) => {
        const doors = facts.map(([held, isUp], i) => aDoor(`d${i}`, held, isUp));
        const { word: last, answers } = await handRound(doors);
        assert.equal(answers.size, doors.length);
        for (const [i, [, isUp]] of facts.entries()) {
          const answer = answers.get(`d${i}`);
          assert.equal(answer !== undefined && 'id' in answer, isUp);
          if (isUp) assert.equal(String(doors[i]?.held), last?.id);
        }
      }),
    );
  });

  test('and made anew only where a later one is known', async () => {
    const doors = [aDoor('a', 0), aDoor('b', 7), aDoor('c', 3)];
    const { word: last } = await handRound(doors);
    assert.equal(last?.id, '8');
    assert.deepEqual(
      doors.map(({ held }) => held),
      [8, 8, 8],
    );
  });

  test('and no further when it cannot be', async () => {
    const fault = { code: 'request.invalid', message: 'no' } as const;
    const first: Door = { ...aDoor('a', 0), make: async () => fault };
    const second = aDoor('b', 0);
    const { word: last, answers } = await handRound([first, second]);
    assert.deepEqual([last, answers.get('a'), second.held], [undefined, fault, 0]);
  });
});
