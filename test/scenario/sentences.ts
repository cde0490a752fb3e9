// Every sentence of the language, and what it does.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { encodeBallot } from '../../src/director/ballot.ts';
import type { GossipEvent } from '../../src/director/gossip.ts';
import { createSeal } from '../../src/edge/seal.ts';
import type { Verdict } from '../../src/model/health.ts';
import type { RegionId } from '../../src/model/region.ts';
import { type Millis, millis, parseSpan } from '../../src/model/time.ts';
import type { HealthReport, OverrideReport, OverrideRequest } from '../../src/ports.ts';
import type { Asking } from './doors.ts';
import { type Place, wrongSecret } from './draft.ts';
import { expectAnswer, expectMoves } from './expect.ts';
import { linesOf, understand, type Words } from './language.ts';
import type { recordTypes } from '../../src/model/message.ts';
import type { Fault } from '../../src/model/fault.ts';
import {
  addressOf,
  addSeat,
  ask,
  assemble,
  boardOf,
  follow,
  networkOf,
  pass,
  runningAt,
  seatOf,
  type Stage,
  start,
  stop,
} from './stage.ts';
import type { Behaviour, Cut } from './world.ts';

type Act = (stage: Stage, words: Words) => void | Promise<void>;

/** Does what one line says. */
export async function perform(line: string, stage: Stage): Promise<void> {
  const { act, words } = understand(line, sentences);
  await act(stage, words);
}

/** The fleet, told before any time passes; only directors may still join later. */
const fleetSentences: Readonly<Record<string, Act>> = {
  'fleet FLEET': async (stage, { FLEET }) => {
    const text = readFileSync(new URL(`fleets/${FLEET}.txt`, import.meta.url), 'utf8');
    for (const { line } of linesOf(text)) await perform(line, stage);
  },
  'region REGION at PLACE [weight WEIGHT]': ({ draft }, { REGION, PLACE, WEIGHT }) => {
    draft.regions.set(REGION, { at: placeOf(PLACE), weight: Number(WEIGHT || 100) });
  },
  'observers REGIONS': ({ draft }, { REGIONS }) => {
    draft.observers = REGIONS.split(' ');
  },
  'boards BOARDS': ({ draft }, { BOARDS }) => {
    draft.boards = BOARDS.split(' ');
  },
  'director DIRECTOR in REGION': (stage, { DIRECTOR, REGION }) => addSeat(stage, DIRECTOR, REGION),
  'service NAME over REGIONS by POLICY': ({ draft }, { NAME, REGIONS, POLICY }) => {
    draft.services.push({ name: NAME, regions: REGIONS.split(' '), policy: POLICY });
  },
  'static NAME TYPE DATA': ({ draft }, { NAME, TYPE, DATA }) => {
    draft.records.push({ name: NAME, type: TYPE, data: DATA });
  },
  'client CLIENT NETWORK at PLACE': ({ draft }, { CLIENT, NETWORK, PLACE }) => {
    draft.clients.set(CLIENT, { network: NETWORK, at: placeOf(PLACE) });
  },
  'settle SPAN': ({ draft }, { SPAN }) => {
    draft.settle = SPAN;
  },
};

/** What happens. */
const worldSentences: Readonly<Record<string, Act>> = {
  'pass SPAN': (stage, { SPAN }) => pass(stage, spanOf(SPAN)),
  'probe REGION BEHAVIOUR [from DIRECTOR]': ({ world }, { REGION, BEHAVIOUR, DIRECTOR }) => {
    const behaviours: Readonly<Record<string, Behaviour>> = { works: 'healthy', hangs: 'silent' };
    world.setProbe(REGION, behaviours[BEHAVIOUR] ?? 'refused', DIRECTOR || undefined);
  },
  'probe REGION flaps every SPAN': ({ world }, { REGION, SPAN }) => {
    world.setProbe(REGION, { flapsEvery: spanOf(SPAN) });
  },
  'board BOARD FATE': (stage, { BOARD, FATE }) => {
    const states = { dies: 'dead', hangs: 'hung', returns: 'alive' } as const;
    boardOf(stage, BOARD).state = states[FATE as keyof typeof states];
  },
  'cut DIRECTOR from BOARDS': (stage, words) => cut(stage, words, 'all'),
  'mute DIRECTOR on BOARDS': (stage, words) => cut(stage, words, 'posting'),
  'deafen DIRECTOR on BOARDS': (stage, words) => cut(stage, words, 'reading'),
  'mend DIRECTOR and BOARDS': (stage, words) => cut(stage, words, undefined),
  'clock of DIRECTOR WAY SPAN': ({ world }, { DIRECTOR, WAY, SPAN }) => {
    world.ahead.set(DIRECTOR, spanOf(SPAN) * (WAY === 'ahead' ? 1 : -1));
  },
  'clock of DIRECTOR right': ({ world }, { DIRECTOR }) => void world.ahead.delete(DIRECTOR),
  'director DIRECTOR TURN': async (stage, { DIRECTOR, TURN }) => {
    const seat = seatOf(stage, DIRECTOR);
    if (TURN !== 'starts') await stop(seat, TURN === 'crashes');
    if (TURN === 'starts' || TURN === 'restarts') await start(stage, seat);
  },
  'director DIRECTOR loses its disk': (stage, { DIRECTOR }) => {
    seatOf(stage, DIRECTOR).disk.files.clear();
  },
};

/** What operators say, and what somebody does who has a board's password but not the secret. */
const peopleSentences: Readonly<Record<string, Act>> = {
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
  'copy board BOARD': async (stage, { BOARD }) => {
    stage.copies.set(BOARD, await boardOf(stage, BOARD).copy());
  },
  'replay board BOARD': async (stage, { BOARD }) => {
    for (const [slot, { value, remaining }] of stage.copies.get(BOARD) ?? []) {
      await boardOf(stage, BOARD).put(slot, value, remaining);
    }
  },
};

/** What is asked, and what must come back. */
const answerSentences: Readonly<Record<string, Act>> = {
  'ask NAME [TYPE] [from CLIENT] [via RESOLVER] [of DIRECTOR]': (stage, words) =>
    ask(stage, askingOf(stage, words), words.DIRECTOR),
  'expect ANSWER [ttl TTL] [scope SCOPE] [saying NOTE] [because WHY]': expectAnswer,
  'follow NAME [TYPE] [from CLIENT] [via RESOLVER]': (stage, words) =>
    follow(stage, askingOf(stage, words)),
  'moved COUNT times': (stage, { COUNT }) => expectMoves(stage, Number(COUNT), Number(COUNT)),
  'moved at most COUNT times': (stage, { COUNT }) => expectMoves(stage, 0, Number(COUNT)),
  'director DIRECTOR reports gossip STATE': (stage, words) =>
    assert.equal(reportOf(stage, words).gossip, words.STATE),
  'director DIRECTOR reports missing REGIONS': (stage, words) =>
    assert.equal(reportOf(stage, words).missingObservers.join(' '), words.REGIONS),
  'director DIRECTOR reports board BOARD VERDICT': (stage, words) => {
    const found = reportOf(stage, words).boards.find(({ board }) => board === words.BOARD);
    assert.equal(found?.isUp, words.VERDICT === 'up');
  },
  'director DIRECTOR reports region REGION VERDICT [KEPT]': (stage, words) => {
    const found = reportOf(stage, words).regions.find(({ region }) => region === words.REGION);
    assert.equal(found?.verdict, words.VERDICT);
    assert.equal(found?.isKept, words.KEPT !== '');
  },
  'director DIRECTOR counted EVENT': (stage, { DIRECTOR, EVENT }) => {
    const { events } = runningAt(seatOf(stage, DIRECTOR));
    assert.ok(events.has(EVENT as GossipEvent), `counted ${[...events.keys()].join(', ')}`);
  },
};

export const sentences: Readonly<Record<string, Act>> = {
  ...fleetSentences,
  ...worldSentences,
  ...peopleSentences,
  ...answerSentences,
};

function placeOf(text: string): Place {
  const [lat = 0, lon = 0] = text.split(',').map(Number);
  return { lat, lon };
}

function spanOf(text: string): Millis {
  const span = parseSpan(text);
  assert.ok(span !== undefined);
  return span;
}

function cut(stage: Stage, { DIRECTOR, BOARDS }: Words, what: Cut | undefined): void {
  for (const name of BOARDS.split(' ')) {
    const { cuts } = boardOf(stage, name);
    if (what === undefined) cuts.delete(DIRECTOR);
    else cuts.set(DIRECTOR, what);
  }
}

/** Waits for the answer, but not for boards that hang. */
async function take(stage: Stage, answer: Promise<OverrideReport | Fault>): Promise<void> {
  const taken = await Promise.race([answer, stage.world.clock.advance(0)]);
  assert.ok(taken === undefined || !('code' in taken), JSON.stringify(taken));
}

function askingOf(stage: Stage, { NAME, TYPE, CLIENT, RESOLVER }: Words): Asking {
  return {
    name: `${NAME}.example.test`,
    type: (TYPE || 'A') as keyof typeof recordTypes,
    subnet: CLIENT === '' ? undefined : networkOf(stage, CLIENT),
    resolver: addressOf(stage, RESOLVER || '192.0.2.53'),
  };
}

function reportOf(stage: Stage, { DIRECTOR }: Words): HealthReport {
  return runningAt(seatOf(stage, DIRECTOR)).api.health();
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
