// Sentences that say what happens: time, probes, boards, networks, clocks and directors.

import { parse } from 'yaml';
import { type Millis, parseSpan } from '../../src/model/time.ts';
import type { Words } from './language.ts';
import type { Weather } from './link.ts';
import {
  type Act,
  boardOf,
  crash,
  pass,
  reload,
  seatOf,
  type Stage,
  start,
  stop,
} from './stage.ts';
import type { Behaviour, Cut } from './world.ts';

export const worldSentences: Readonly<Record<string, Act>> = {
  'pass SPAN': (stage, { SPAN }) => pass(stage, spanOf(SPAN)),
  'probe REGION BEHAVIOUR [from DIRECTOR]': ({ world }, { REGION, BEHAVIOUR, DIRECTOR }) => {
    const behaviour = behaviours[BEHAVIOUR as keyof typeof behaviours];
    world.setProbe(REGION, behaviour, DIRECTOR || undefined);
  },
  'probe REGION flaps every SPAN': ({ world }, { REGION, SPAN }) => {
    world.setProbe(REGION, { flapsEvery: spanOf(SPAN) });
  },
  'board BOARD FATE': (stage, { BOARD, FATE }) => {
    boardOf(stage, BOARD).state = fates[FATE as keyof typeof fates];
  },
  'cut DIRECTOR from BOARDS': (stage, words) => cut(stage, words, 'all'),
  'mute DIRECTOR on BOARDS': (stage, words) => cut(stage, words, 'posting'),
  'deafen DIRECTOR on BOARDS': (stage, words) => cut(stage, words, 'reading'),
  'mend DIRECTOR and BOARDS': (stage, words) => cut(stage, words, undefined),
  'link DIRECTOR and BOARDS is WEATHER': (stage, { DIRECTOR, BOARDS, WEATHER }) => {
    for (const name of BOARDS.split(' ')) {
      boardOf(stage, name).weather.set(seatOf(stage, DIRECTOR).id, WEATHER as Weather);
    }
  },
  'clock of DIRECTOR WAY SPAN': ({ world }, { DIRECTOR, WAY, SPAN }) => {
    world.ahead.set(DIRECTOR, spanOf(SPAN) * (WAY === 'ahead' ? 1 : -1));
  },
  'clock of DIRECTOR right': ({ world }, { DIRECTOR }) => void world.ahead.delete(DIRECTOR),
  'director DIRECTOR TURN': async (stage, { DIRECTOR, TURN }) => {
    const seat = seatOf(stage, DIRECTOR);
    if (TURN === 'crashes') await crash(stage, seat);
    else if (TURN !== 'starts') await stop(seat);
    if (TURN === 'starts' || TURN === 'restarts') await start(stage, seat);
  },
  'director DIRECTOR restarts COUNT times, SPAN apart': async (stage, words) => {
    const seat = seatOf(stage, words.DIRECTOR);
    for (let i = 0; i < Number(words.COUNT); i++) {
      await stop(seat);
      await start(stage, seat);
      await pass(stage, spanOf(words.SPAN));
    }
  },
  'director DIRECTOR loses its disk': (stage, { DIRECTOR }) => {
    seatOf(stage, DIRECTOR).disk.files.clear();
  },
  'reload DIRECTOR [with SETTINGS]': (stage, { DIRECTOR, SETTINGS }) =>
    reload(stage, seatOf(stage, DIRECTOR), parse(SETTINGS || '{}') as object),
};

const behaviours = {
  works: 'healthy',
  fails: 'refused',
  hangs: 'silent',
} as const satisfies Record<string, Behaviour>;

const fates = { dies: 'dead', hangs: 'hung', returns: 'alive' } as const;

function cut(stage: Stage, { DIRECTOR, BOARDS }: Words, what: Cut | undefined): void {
  for (const name of BOARDS.split(' ')) {
    const { cuts } = boardOf(stage, name);
    if (what === undefined) cuts.delete(seatOf(stage, DIRECTOR).id);
    else cuts.set(seatOf(stage, DIRECTOR).id, what);
  }
}

/** The form lets nothing through that is no span. */
function spanOf(text: string): Millis {
  return parseSpan(text) as Millis;
}
