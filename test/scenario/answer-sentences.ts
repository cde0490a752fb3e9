// Sentences that ask, and that say what must come back.

import assert from 'node:assert/strict';
import type { GossipEvent } from '../../src/director/gossip/gossip.ts';
import type { recordTypes } from '../../src/model/message.ts';
import type { HealthReport } from '../../src/model/report.ts';
import { parseSpan } from '../../src/model/time.ts';
import type { Asking } from './doors.ts';
import {
  expectAnswer,
  expectMovesFrom,
  expectShares,
  expectTimesMoved,
  expectWhy,
} from './expect.ts';
import type { Words } from './language.ts';
import {
  type Act,
  addressOf,
  ask,
  follow,
  networkOf,
  pass,
  poll,
  runningAt,
  seatOf,
  type Stage,
} from './stage.ts';

export const answerSentences: Readonly<Record<string, Act>> = {
  'ask NAME [TYPE] [from CLIENT] [via RESOLVER] [of DIRECTOR]': (stage, words) =>
    ask(stage, askingOf(stage, words), words.DIRECTOR),
  'expect ANSWER [ttl TTL] [scope SCOPE] [saying NOTE]': expectAnswer,
  'because WHY': (stage, { WHY }) => expectWhy(stage, WHY),
  'follow NAME [TYPE] [from CLIENT] [via RESOLVER] [of DIRECTOR]': (stage, words) =>
    follow(stage, askingOf(stage, words), words.DIRECTOR),
  'moved COUNT times': (stage, { COUNT }) => expectTimesMoved(stage, Number(COUNT), Number(COUNT)),
  'moved at most COUNT times': (stage, { COUNT }) => expectTimesMoved(stage, 0, Number(COUNT)),
  'poll NAME from COUNT networks': (stage, words) =>
    poll(stage, askingOf(stage, words), Number(words.COUNT)),
  'agree on NAME from COUNT networks for SPAN': async (stage, words) => {
    for (let left = parseSpan(words.SPAN) ?? 0; left > 0; left -= 1000) {
      await pass(stage, 1000);
      await poll(stage, askingOf(stage, words), Number(words.COUNT));
    }
  },
  'shares SHARES': (stage, { SHARES }) => expectShares(stage, SHARES),
  'nobody moved': (stage) => expectMovesFrom(stage, undefined),
  'only clients of REGION moved': (stage, { REGION }) => expectMovesFrom(stage, REGION),
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
    assert.equal(`${found?.verdict} ${found?.isKept}`, `${words.VERDICT} ${words.KEPT !== ''}`);
  },
  'director DIRECTOR reports region REGION STAGE [after COUNT trips]': (stage, words) => {
    const found = reportOf(stage, words).regions.find(({ region }) => region === words.REGION);
    const { stage: name, trips } = found?.recovery ?? assert.fail('there is no such region');
    assert.equal(`${name} ${trips}`, `${words.STAGE} ${words.COUNT || 0}`);
  },
  'director DIRECTOR counted EVENT': (stage, { DIRECTOR, EVENT }) => {
    const { events } = runningAt(seatOf(stage, DIRECTOR));
    assert.ok(events.has(EVENT as GossipEvent), `it counted ${[...events.keys()].join(', ')}`);
  },
};

function askingOf(stage: Stage, { NAME, TYPE, CLIENT, RESOLVER }: Words): Asking {
  return {
    name: wholeName(NAME),
    type: (TYPE || 'A') as keyof typeof recordTypes,
    subnet: CLIENT === '' ? undefined : networkOf(stage, CLIENT),
    resolver: addressOf(stage, RESOLVER || '192.0.2.53'),
  };
}

/** As in a zone file: `@` is the zone itself, and a final dot leads out of it. */
function wholeName(text: string): string {
  if (text.endsWith('.')) return text.slice(0, -1);
  return text === '@' ? 'example.test' : `${text}.example.test`;
}

function reportOf(stage: Stage, { DIRECTOR }: Words): HealthReport {
  return runningAt(seatOf(stage, DIRECTOR)).api.health();
}
