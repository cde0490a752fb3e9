// Sentences for what operators say, and for what those do who should have no say.

import assert from 'node:assert/strict';
import { encodeBallot } from '../../src/director/gossip/ballot.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { Verdict } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { type Millis, millis, parseSpan } from '../../src/model/time.ts';
import type { OverrideReport, OverrideRequest } from '../../src/model/report.ts';
import { wrongSecret } from './draft.ts';
import type { Words } from './language.ts';
import { type Act, assemble, boardOf, runningAt, seatOf, type Stage } from './stage.ts';

export const peopleSentences: Readonly<Record<string, Act>> = {
  'override KIND REGION for SPAN by ACTOR because REASON at DIRECTOR': async (stage, words) => {
    await assemble(stage);
    const { REGION, SPAN, ACTOR, REASON, DIRECTOR } = words;
    const kind = words.KIND as OverrideRequest['kind'];
    const request = { region: REGION, kind, actor: ACTOR, reason: REASON, for: SPAN };
    await take(stage, runningAt(seatOf(stage, DIRECTOR)).api.addOverride(request));
  },
  'end override on REGION by ACTOR at DIRECTOR': async (stage, { REGION, ACTOR, DIRECTOR }) => {
    const { api } = runningAt(seatOf(stage, DIRECTOR));
    const word = api.overrides().find(({ region, isActive }) => region === REGION && isActive);
    assert.ok(word, `${DIRECTOR} knows of no override on ${REGION}`);
    await take(stage, api.endOverride(word.id, ACTOR));
  },
  'forge on BOARD a vote of DIRECTOR that REGION is VERDICT': (stage, words) => {
    const { observer, text } = forge(stage, words);
    return boardOf(stage, words.BOARD).put(`vote.${observer}`, text, forgedLifetime);
  },
  'director DIRECTOR claims that REGION came up SPAN ago [after COUNT trips]': (stage, words) => {
    const claim = { ago: parseSpan(words.SPAN) ?? 0, trips: Number(words.COUNT || 0) };
    seatOf(stage, words.DIRECTOR).claims.set(words.REGION as RegionId, claim);
  },
  'copy board BOARD': async (stage, { BOARD }) => {
    stage.copies.set(BOARD, await boardOf(stage, BOARD).copy());
  },
  'replay board BOARD': async (stage, { BOARD }) => {
    const copy = stage.copies.get(BOARD);
    assert.ok(copy, `board ${BOARD} was not copied`);
    for (const [slot, { value }] of copy) {
      await boardOf(stage, BOARD).put(slot, value, lifetimeIn(value));
    }
  },
  'garble board BOARD': async (stage, { BOARD }) => {
    const board = boardOf(stage, BOARD);
    const slots = [...(await board.copy())];
    for (const [i, [slot, { value }]] of slots.entries()) {
      const [, next] = slots[(i + 1) % slots.length] ?? [];
      const bent = [next?.value ?? '', value.slice(0, -1), value.replace('"age":', '"age":1')];
      await board.put(slot, bent[i % bent.length] ?? '', lifetimeIn(value));
    }
  },
};

/** Waits for the answer as long as it needs no time to pass: a board may hang. */
async function take(stage: Stage, answer: Promise<OverrideReport | Fault>): Promise<void> {
  const settled = stage.world.clock.advance(0);
  const taken = await Promise.race([answer, settled]);
  await settled;
  assert.ok(taken === undefined || !('code' in taken), JSON.stringify(taken));
}

/** All that a text was given to live, so that it looks as if it had just been posted. */
function lifetimeIn(text: string): Millis {
  return millis(Number(/"lifetime":(\d+)/.exec(text)?.[1] ?? forgedLifetime));
}

const forgedLifetime = millis(17_000);

/** Of a later life than any, so that nothing but the seal tells it from a true one. */
function forge(stage: Stage, { DIRECTOR, REGION, VERDICT }: Words) {
  const { id: observer, region } = seatOf(stage, DIRECTOR);
  const now = stage.world.clock.now();
  const verdict = VERDICT as Verdict;
  const opinion = { verdict, since: now, latency: undefined, reason: '', isSuspect: false };
  const opinions = new Map([[REGION as RegionId, opinion]]);
  const vote = { observer, region, incarnation: now + 1, sequence: 1, opinions };
  const ballot = { kind: 'vote', vote, age: millis(0), lifetime: forgedLifetime } as const;
  return { observer, text: encodeBallot(ballot, createSeal([wrongSecret])) };
}
