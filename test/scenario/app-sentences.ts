// Sentences for what applications say of themselves, and for what is said in their names.

import assert from 'node:assert/strict';
import { encodeBallot } from '../../src/director/gossip/ballot.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { ReportState } from '../../src/model/self-report.ts';
import { type Millis, millis, parseSpan } from '../../src/model/time.ts';
import { wrongSecret } from './draft.ts';
import type { Words } from './language.ts';
import { type Act, assemble, boardOf, runningAt, type Seat, seatOf, type Stage } from './stage.ts';

export const appSentences: Readonly<Record<string, Act>> = {
  'report REGION APP WORD [with load LOAD] [for SPAN] [because REASON] at DIRECTOR': async (
    stage,
    words,
  ) => {
    await assemble(stage);
    const { LOAD, SPAN, REASON } = words;
    const load = LOAD === '' ? {} : { load: Number(LOAD) };
    const more = { ...load, ...(SPAN && { for: SPAN }), ...(REASON && { reason: REASON }) };
    await say(stage, words, seatOf(stage, words.DIRECTOR), more);
  },
  'app REGION APP reports WORD every SPAN at DIRECTORS': async (stage, words) => {
    await assemble(stage);
    hush(stage, words);
    const life = new AbortController();
    stage.apps.set(nameOf(words), life);
    void sayEvery(stage, words, life.signal);
    await stage.world.clock.advance(0);
  },
  'app REGION APP falls silent': (stage, words) => {
    assert.ok(hush(stage, words), `${nameOf(words)} says nothing`);
  },
  'forge on BOARD a report of REGION APP that it is WORD': (stage, words) => {
    const { BOARD, REGION, APP } = words;
    const slot = `report.${REGION}.${APP}`;
    return boardOf(stage, BOARD).put(slot, forge(words), forgedLifetime);
  },
  'director DIRECTOR hears REGION APP WORD [with load LOAD]': (stage, words) => {
    const { DIRECTOR, REGION, APP, WORD, LOAD } = words;
    const { api } = runningAt(seatOf(stage, DIRECTOR));
    const found = api.reports().find(({ region, name }) => region === REGION && name === APP);
    assert.equal(found?.state, WORD);
    if (LOAD === '') return;
    const region = api.health().regions.find((each) => each.region === REGION);
    assert.deepEqual([found?.load, region?.load], [Number(LOAD), Number(LOAD)]);
  },
};

function nameOf({ REGION, APP }: Words): string {
  return `${REGION} ${APP}`;
}

/** False when it said nothing anyway. */
function hush({ apps }: Stage, words: Words): boolean {
  apps.get(nameOf(words))?.abort();
  return apps.delete(nameOf(words));
}

/** As any application would: where one director does not answer, it asks the next. */
async function sayEvery(stage: Stage, words: Words, life: AbortSignal): Promise<void> {
  const seats = words.DIRECTORS.split(' ').map((id) => seatOf(stage, id));
  while (!life.aborted) {
    const seat = seats.find(({ running }) => running !== undefined);
    if (seat !== undefined) void say(stage, words, seat, {});
    await stage.world.clock.sleep(parseSpan(words.SPAN) as Millis, life);
  }
}

/** Nothing is waited for: a board may hang, and what is refused fails the test wherever it is then. */
async function say(
  { world }: Stage,
  { REGION, APP, WORD }: Words,
  seat: Seat,
  more: object,
): Promise<void> {
  const { api } = runningAt(seat);
  const answer = api.addReport(REGION, APP, { state: WORD as ReportState, ...more });
  void answer.then((taken) => assert.ok(!('code' in taken), JSON.stringify(taken)));
  await world.clock.sleep(millis(0), AbortSignal.abort());
}

const forgedLifetime = millis(45_000);

/** Later than any true one, so that nothing but the seal tells it from that. */
function forge({ REGION, APP, WORD }: Words): string {
  const about = { region: REGION as RegionId, name: APP, state: WORD as ReportState };
  const said = { load: undefined, connections: undefined, reason: '' };
  const clock = { wall: millis(8e15), counter: 0, node: 'eu-1' };
  const report = { ...about, ...said, start: millis(0), end: forgedLifetime, clock };
  const ballot = { kind: 'report', report, age: millis(0), lifetime: forgedLifetime } as const;
  return encodeBallot(ballot, createSeal([wrongSecret]));
}
