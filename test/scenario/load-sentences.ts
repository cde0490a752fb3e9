// Sentences for how busy regions say they are, and for what directors know and make of it.

import assert from 'node:assert/strict';
import type { LoadFacts } from '../../src/model/load-report.ts';
import { type Millis, millis, parseSpan } from '../../src/model/time.ts';
import type { Words } from './language.ts';
import { type Act, assemble, runningAt, type Seat, seatOf, type Stage } from './stage.ts';

export const loadSentences: Readonly<Record<string, Act>> = {
  'load of REGION is LOAD [for SPAN] at DIRECTOR': async (stage, words) => {
    await assemble(stage);
    await say(stage, words, seatOf(stage, words.DIRECTOR));
  },
  'load of REGION is LOAD every SPAN at DIRECTORS': async (stage, words) => {
    await assemble(stage);
    stage.apps.get(nameOf(words))?.abort();
    const life = new AbortController();
    stage.apps.set(nameOf(words), life);
    void sayEvery(stage, words, life.signal);
    await stage.world.clock.advance(0);
  },
  'load of REGION is told no more': ({ apps }, words) => {
    apps.get(nameOf(words))?.abort();
    assert.ok(apps.delete(nameOf(words)), `nobody tells the load of ${words.REGION}`);
  },
  'director DIRECTOR knows the load of REGION as LOAD': (stage, words) =>
    assert.equal(factsOf(stage, words).load, Number(words.LOAD)),
  'director DIRECTOR knows no load of REGION': (stage, words) =>
    assert.equal(factsOf(stage, words).load, null),
  'director DIRECTOR has REGION pass on nobody': (stage, words) =>
    assert.equal(factsOf(stage, words).shed, 0),
  'directors have REGION pass on FROM to TO': (stage, words) => {
    const sheds = [...stage.seats.values()]
      .filter(({ running }) => running !== undefined)
      .map((seat) => factsOf(stage, { ...words, DIRECTOR: seat.id }).shed);
    const [first = 0] = sheds;
    assert.equal(new Set(sheds).size, 1, `directors differ: ${sheds.join()}`);
    const [from, to] = [words.FROM, words.TO].map((text) => Number.parseFloat(text) / 100);
    assert.ok(first >= (from ?? 0) && first <= (to ?? 0), `${first} is passed on`);
  },
};

function factsOf(stage: Stage, { DIRECTOR, REGION }: Words): LoadFacts {
  const { api } = runningAt(seatOf(stage, DIRECTOR));
  const found = api.loads().find(({ region }) => region === REGION);
  assert.ok(found, `nothing is known of ${REGION}`);
  return found;
}

/** Whoever reports a load is told apart from the region's applications, whose names have no space. */
function nameOf({ REGION }: Words): string {
  return `${REGION} the load`;
}

/** Where one director does not answer, the next is told. */
async function sayEvery(stage: Stage, words: Words, life: AbortSignal): Promise<void> {
  const seats = words.DIRECTORS.split(' ').map((id) => seatOf(stage, id));
  while (!life.aborted) {
    const seat = seats.find(({ running }) => running !== undefined);
    if (seat !== undefined) void say(stage, { ...words, SPAN: '' }, seat);
    await stage.world.clock.sleep(parseSpan(words.SPAN) as Millis, life);
  }
}

/** Nothing is waited for: a board may hang. */
async function say({ world }: Stage, { REGION, LOAD, SPAN }: Words, seat: Seat): Promise<void> {
  const request = { load: Number(LOAD), ...(SPAN && { for: SPAN }) };
  const answer = runningAt(seat).api.addLoad(REGION, request);
  void answer.then((taken) => assert.ok(!('code' in taken), JSON.stringify(taken)));
  await world.clock.sleep(millis(0), AbortSignal.abort());
}
