// Sentences for what operators say, and for what those do who should have no say.

import assert from 'node:assert/strict';
import { type Door, handRound } from '../../src/cli/hand-round.ts';
import { encodeBallot } from '../../src/director/gossip/ballot.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { Verdict } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { type Millis, millis, parseSpan } from '../../src/model/time.ts';
import type { OverrideRequest } from '../../src/model/override-request.ts';
import type { OverrideReport } from '../../src/model/report.ts';
import { wrongSecret } from './draft.ts';
import type { Words } from './language.ts';
import { type Act, assemble, boardOf, runningAt, seatOf, type Stage } from './stage.ts';

const about = 'KIND REGION [within NAME] [at ADDRESS] [for SHARE of clients]';

export const peopleSentences: Readonly<Record<string, Act>> = {
  [`override ${about} for SPAN by ACTOR because REASON at DIRECTOR`]: async (stage, words) => {
    await assemble(stage);
    const { api } = runningAt(seatOf(stage, words.DIRECTOR));
    await take(stage, api.addOverride({ ...requestOf(words), for: words.SPAN }));
  },
  [`override ${about} for SPAN by ACTOR because REASON at DIRECTOR is refused by RULE`]: async (
    stage,
    words,
  ) => {
    await assemble(stage);
    const { api } = runningAt(seatOf(stage, words.DIRECTOR));
    const answer = await api.addOverride({ ...requestOf(words), for: words.SPAN });
    assert.ok('code' in answer && answer.code === 'safety.refused', JSON.stringify(answer));
    assert.deepEqual(
      answer.rules?.map(({ rule }) => rule),
      [words.RULE],
    );
  },
  [`override ${about} for good by ACTOR because REASON at DIRECTOR`]: async (stage, words) => {
    await assemble(stage);
    const { api } = runningAt(seatOf(stage, words.DIRECTOR));
    const request = { ...requestOf(words), permanent: true, confirm: words.REGION };
    await take(stage, api.addOverride(request));
  },
  [`override ${about} for SPAN by ACTOR because REASON directly at DIRECTORS`]: async (
    stage,
    words,
  ) => {
    await assemble(stage);
    const request = { ...requestOf(words), for: words.SPAN };
    const doors = words.DIRECTORS.split(' ').map((name): Door => {
      const { api } = runningAt(seatOf(stage, name));
      return {
        name,
        make: () => api.addOverride(request),
        take: ({ id, signed = '' }) => api.takeOverride(id, signed),
      };
    });
    await take(
      stage,
      handRound(doors).then(({ answers }) => {
        const all = [...answers.values()];
        return all.find((answer) => 'code' in answer) ?? (all[0] as OverrideReport);
      }),
    );
  },
  'end override on REGION [within NAME] [at ADDRESS] by ACTOR at DIRECTOR': async (
    stage,
    words,
  ) => {
    const { api } = runningAt(seatOf(stage, words.DIRECTOR));
    const { region, service, endpoint } = requestOf(words);
    const word = api
      .overrides()
      .find(
        (each) =>
          each.isActive &&
          each.region === region &&
          each.service === service &&
          each.endpoint === endpoint,
      );
    assert.ok(word, `${words.DIRECTOR} knows of no such override on ${region}`);
    await take(stage, api.endOverride(word.id, words.ACTOR));
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

function requestOf({ KIND, REGION, NAME, ADDRESS, SHARE, ACTOR, REASON }: Words): OverrideRequest {
  return {
    region: REGION,
    kind: KIND as OverrideRequest['kind'],
    actor: ACTOR,
    reason: REASON,
    ...(NAME && { service: `${NAME}.example.test` }),
    ...(ADDRESS && { endpoint: ADDRESS }),
    ...(SHARE && { share: Number.parseInt(SHARE, 10) / 100 }),
  };
}

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
