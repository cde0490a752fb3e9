// Sentences for drills, and for what their director reports of the last one.

import assert from 'node:assert/strict';
import type { DrillReport, DrillRequest } from '../../src/model/drill.ts';
import type { Words } from './language.ts';
import { type Act, assemble, runningAt, seatOf, type Stage } from './stage.ts';

export const drillSentences: Readonly<Record<string, Act>> = {
  'drill REGION [within NAME] by STEPS for SPAN each by ACTOR because REASON at DIRECTOR': async (
    stage,
    words,
  ) => {
    const answer = await begin(stage, words);
    assert.ok('phase' in answer, JSON.stringify(answer));
    assert.notEqual(answer.phase, 'aborted', JSON.stringify(answer.abort));
  },
  'drill REGION [within NAME] by STEPS for SPAN each by ACTOR because REASON at DIRECTOR is refused as CODE':
    async (stage, words) => {
      const answer = await begin(stage, words);
      assert.ok('code' in answer, JSON.stringify(answer));
      assert.equal(answer.code, `drill.${words.CODE}`);
    },
  'abort the drill by ACTOR at DIRECTOR': async (stage, words) => {
    const { api } = runningAt(seatOf(stage, words.DIRECTOR));
    const aborting = api.abortDrill(lastOf(stage, words).id, words.ACTOR);
    await stage.world.clock.advance(0);
    assert.ok('phase' in (await aborting));
  },
  'director DIRECTOR reports its drill PHASE [as CODE]': (stage, words) => {
    const { phase, abort } = lastOf(stage, words);
    assert.equal(`${phase} ${abort?.code ?? ''}`, `${words.PHASE} ${words.CODE}`, abort?.message);
  },
};

async function begin(stage: Stage, words: Words) {
  await assemble(stage);
  const { api } = runningAt(seatOf(stage, words.DIRECTOR));
  const request: DrillRequest = {
    region: words.REGION,
    ...(words.NAME && { service: `${words.NAME}.example.test` }),
    steps: words.STEPS.split(' ').map((share) => ({
      share: Number.parseInt(share, 10) / 100,
      hold: words.SPAN,
    })),
    actor: words.ACTOR,
    reason: words.REASON,
  };
  const starting = api.startDrill(request);
  // Its first word is on its way to boards, which may take a moment.
  await stage.world.clock.advance(1000);
  return starting;
}

function lastOf(stage: Stage, { DIRECTOR }: Words): DrillReport {
  const [last] = runningAt(seatOf(stage, DIRECTOR)).api.drills();
  return last ?? assert.fail(`${DIRECTOR} knows of no drill`);
}
