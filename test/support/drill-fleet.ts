// Three directors on one board, each of which says that all is well, and a drill of one region.

import assert from 'node:assert/strict';
import { createLocalBoard } from '../../src/edge/local-board.ts';
import type { DrillReport, DrillRequest } from '../../src/model/drill.ts';
import type { Fault } from '../../src/model/fault.ts';
import type { DrillSettings } from '../../src/model/drill-schedule.ts';
import type { HttpProbe } from '../../src/model/region.ts';
import type { SafetySettings } from '../../src/model/safety.ts';
import type { Service } from '../../src/model/settings.ts';
import { millis } from '../../src/model/time.ts';
import type { Board, Probe } from '../../src/ports.ts';
import type { createDisk } from '../scenario/director.ts';
import { type DirectorStage, startDirectorStage } from './director-stage.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { aRegion, aService, aSettings, atOnce, noon } from './fleet.ts';
import { probesWith } from './region-line.ts';

const probes = probesWith('probe: { tcp: "h:1" }');
const ids = ['eu', 'us', 'ap'];
const regions = ids.map((id) => aRegion(id, { probes }));
const health = {
  observers: ids,
  voteLifetime: millis(17_000),
  settle: millis(1000),
  return: atOnce,
  probesInFlight: 64,
  probeNetworks: undefined,
};

export const request: DrillRequest = {
  region: 'eu',
  steps: [
    { share: 0.25, hold: '20s' },
    { share: 1, hold: '20s' },
  ],
  actor: 'alice',
  reason: 'quarterly drill',
};

export interface Fleet {
  readonly clock: FakeClock;
  readonly eu: DirectorStage;
  readonly us: DirectorStage;
  readonly ap: DirectorStage;
  /** Another process in the place of the one in eu, which finds these drills on its disk. */
  readonly anew: (keptDrills: string | undefined) => DirectorStage;
}

export interface Extras {
  readonly disk?: ReturnType<typeof createDisk>;
  readonly keptDrills?: string | undefined;
  readonly probe?: Probe<HttpProbe>;
  readonly safety?: SafetySettings;
  readonly drills?: DrillSettings;
  /** Besides `www`, whose clients are all in eu. */
  readonly services?: readonly Service[];
  readonly keptDrilled?: string | undefined;
  /** How far a director's clock is ahead of the true one, in ms. */
  readonly ahead?: Readonly<Record<string, number>>;
  /** While it says so, their board refuses everything. */
  readonly isCut?: () => boolean;
}

/** One that nobody can reach now and then. */
function boardThat(isCut: () => boolean, clock: FakeClock): Board {
  const board = createLocalBoard(clock);
  const unlessCut = async <T>(call: () => Promise<T>): Promise<T> => {
    if (isCut()) throw new Error('the board is cut off');
    return call();
  };
  return {
    ...board,
    post: (...words) => unlessCut(() => board.post(...words)),
    read: (...words) => unlessCut(() => board.read(...words)),
  };
}

/** Three directors on one board, each of which says that all is well. */
export async function fleet({
  disk,
  probe,
  safety,
  drills,
  services = [],
  ahead = {},
  isCut = () => false,
  ...kept
}: Extras = {}): Promise<Fleet> {
  const clock = createFakeClock(noon);
  const boards = [boardThat(isCut, clock)];
  const start = (id: string, left: Partial<typeof kept> = {}): DirectorStage => {
    const director = { id, region: id };
    const own = {
      regions,
      services: [aService({ regions }), ...services],
      director,
      health,
      safety,
      drills,
    };
    const past = id === 'eu' ? { store: disk, ...kept, ...left } : {};
    const now = () => millis(clock.now() + (ahead[id] ?? 0));
    const parts = { settings: aSettings(own), clock: { ...clock, now }, boards, probe };
    const stage = startDirectorStage({ ...parts, ...past });
    stage.say('eu up, us up, ap up');
    return stage;
  };
  const [eu, us, ap] = ids.map((id) => start(id)) as [DirectorStage, DirectorStage, DirectorStage];
  await pass(clock, 3000, [eu, us, ap]);
  return { clock, eu, us, ap, anew: (keptDrills) => start('eu', { keptDrills }) };
}

/** Time passes, and whoever still lives goes on voting. */
export async function pass(
  clock: FakeClock,
  span: number,
  living: readonly DirectorStage[],
  words = 'eu up, us up, ap up',
): Promise<void> {
  for (let left = span; left > 0; left -= 1000) {
    for (const stage of living) stage.say(words);
    await clock.advance(Math.min(1000, left));
  }
}

export async function begin(stages: Fleet, change: Partial<DrillRequest> = {}, at = stages.eu) {
  const starting = at.api.startDrill({ ...request, ...change });
  await stages.clock.advance(100);
  return starting;
}

export function reportOf(answer: DrillReport | Fault): DrillReport {
  assert.ok('phase' in answer, JSON.stringify(answer));
  return answer;
}

export const everyone = ({ eu, us, ap }: Fleet): DirectorStage[] => [eu, us, ap];

/** What is drained at each director: the share, or nothing. */
export function drained(stages: readonly DirectorStage[]): (number | undefined)[] {
  return stages.map(({ cell }) => {
    const word = cell.view.snapshot.overrides.get('eu');
    return word && (word.share ?? 1);
  });
}
