// A walk: legs of a few hundred moves and thousands of steps, each over a fleet of its own.

import { chanceOf } from '../support/chance.ts';
import { judge, takeOver } from './ballots.ts';
import { beginCalm, type Calm, checkCalm, roundsToAgree } from './calm.ts';
import { drawFleet } from './fleet.ts';
import { describeMove, drawMoves, type Timed } from './moves.ts';
import { Broken, checkDirector, checkDoors, type Watched } from './rules.ts';
import { openSite, type Site, type Tamper } from './site.ts';
import { settle } from './timeline.ts';
import { Truth } from './truth.ts';

export interface LegOptions {
  readonly seed: string;
  /** Others than those that are drawn, when it is walked again. */
  readonly moves?: readonly Timed[] | undefined;
  readonly tamper?: Tamper | undefined;
  /** No more steps than these. */
  readonly steps?: number | undefined;
  /** Ends it then, in ms of true time. */
  readonly until?: number | undefined;
  /** Keeps what happens, line by line. */
  readonly isTold?: boolean;
}

export interface Leg {
  /** What happened: moves, messages that came to their end, and timers. */
  readonly steps: number;
  readonly moves: readonly Timed[];
  readonly made: number;
  readonly fleet: string;
  readonly broken: Broken | undefined;
  /** In ms of true time. */
  readonly at: number;
  readonly story: readonly string[];
  /** The most rounds that directors took to agree, once everything was mended. */
  readonly rounds: number;
}

interface Walker {
  readonly site: Site;
  readonly truth: Truth;
  readonly watched: ReadonlyMap<string, Watched>;
  calm: Calm | undefined;
  steps: number;
  made: number;
  rounds: number;
}

/** Walks one leg to its end or to the first thing that is broken. */
export async function walkLeg(options: LegOptions): Promise<Leg> {
  const { seed, tamper, steps = Number.POSITIVE_INFINITY } = options;
  const random = chanceOf(seed);
  const fleet = drawFleet(random);
  const drawn = drawMoves(fleet, random);
  const moves = options.moves ?? drawn.moves;
  const story: string[] = [];
  const now = (): number => site.timeline.now();
  const tell = (line: string): void => {
    if (options.isTold === true) story.push(`${(now() / 1000).toFixed(3).padStart(8)} s  ${line}`);
  };
  const truth = new Truth(fleet, now, tell);
  const site: Site = openSite({ fleet, seed, onlooker: truth, tamper });
  const watched = fleet.directors.map((id): [string, Watched] => [
    id,
    { view: undefined, answers: [], isPaused: false, resumedAt: 0 },
  ]);
  const facts = { calm: undefined, steps: 0, made: 0, rounds: 0 };
  const walker: Walker = { site, truth, watched: new Map(watched), ...facts };
  let broken: Broken | undefined;
  try {
    for (const seat of site.seats.values()) await site.start(seat);
    for (const { at, move } of moves) {
      await passUntil(at, steps, walker);
      if (walker.steps >= steps) break;
      await makeMove(move, walker, tell);
    }
    await passUntil(options.until ?? drawn.until, steps, walker);
  } catch (error) {
    broken = error instanceof Broken ? error : new Broken('error', String(error));
    if (!(error instanceof Broken)) broken.cause = error;
    tell(`BROKEN (${broken.rule}): ${broken.message}`);
  }
  const { made, rounds } = walker;
  return { steps: walker.steps, moves, made, fleet: fleet.name, broken, at: now(), story, rounds };
}

async function makeMove(
  move: Timed['move'],
  walker: Walker,
  tell: (line: string) => void,
): Promise<void> {
  const { site, truth } = walker;
  endCalm(walker);
  const before = move.kind === 'mend' ? await beginCalm(move, site, truth) : undefined;
  const isMade = await site.make(move);
  if (isMade) {
    tell(describeMove(move));
    walker.made++;
  }
  await settle();
  walker.calm = before && { ...before, since: truth.now(), differedAt: truth.now() };
  check(walker);
}

function endCalm(walker: Walker): void {
  const { calm, truth } = walker;
  walker.calm = undefined;
  if (calm === undefined) return;
  const settled = Math.max(calm.since, truth.lastTurn);
  const round = truth.fleet.patience.readEvery * 1.1;
  const links = calm.rounds / roundsToAgree;
  walker.rounds = Math.max(walker.rounds, (calm.differedAt - settled) / round / links);
}

async function passUntil(until: number, steps: number, walker: Walker): Promise<void> {
  while (walker.steps < steps && (await walker.site.timeline.step(until))) check(walker);
}

/** How often both doors are compared. */
const doorsEvery = 25;

function check(walker: Walker): void {
  const { site, truth, watched, calm } = walker;
  walker.steps++;
  const running = [...site.seats.values()].filter(({ life }) => life?.machine.isPaused === false);
  for (const seat of running) judge(truth, seat);
  takeOver(truth);
  for (const seat of site.seats.values()) {
    const each = watched.get(seat.id);
    if (each === undefined || seat.life === undefined) continue;
    const { isPaused } = seat.life.machine;
    if (each.isPaused && !isPaused) each.resumedAt = truth.now();
    each.isPaused = isPaused;
    if (!isPaused) checkDirector(seat, seat.life, each, truth);
  }
  if (walker.steps % doorsEvery === 0) checkDoors(site, walker.steps / doorsEvery);
  if (calm !== undefined) checkCalm(calm, site, watched, truth);
}
