// The site of a walk: real directors on machines of their own, between them boards, links and regions that fail.

import type { OverrideKind } from '../../src/model/override.ts';
import { probedHost } from '../../src/model/region.ts';
import { millis } from '../../src/model/time.ts';
import type { Board, Posted, Probe, Seal, Store } from '../../src/ports.ts';
import type { Sample } from '../../src/model/health.ts';
import type { NetworkProbe } from '../../src/model/region.ts';
import { createSeal } from '../../src/edge/seal.ts';
import { type Director, type DirectorParts, startDirector } from '../scenario/director.ts';
import { createScriptedBoard, type ScriptedBoard } from '../scenario/world.ts';
import { chanceOf } from '../support/chance.ts';
import { noon } from '../support/fleet.ts';
import { type Fleet, regionOf } from './fleet.ts';
import type { Fate, Move, Turn } from './moves.ts';
import { createTimeline, type Machine, settle, type Timeline } from './timeline.ts';

/** A director's place, from one life to the next. */
export interface Seat {
  readonly id: string;
  readonly region: string;
  /** By how much its machine's clock is ahead of the true time, in ms. */
  ahead: number;
  readonly rate: number;
  files: ReadonlyMap<string, string>;
  /** What was on its disk at each write. */
  readonly versions: ReadonlyMap<string, string>[];
  lives: number;
  life: Life | undefined;
}

export interface Life {
  readonly machine: Machine;
  readonly director: Director;
}

/** Whoever looks on, from outside of the directors. */
export interface Onlooker {
  onStart(seat: Seat, now: number): void;
  onSample(seat: Seat, region: string, isHealthy: boolean, clock: number): void;
  onPost(seat: Seat, slot: string, text: string): void;
  onRead(seat: Seat, found: ReadonlyMap<string, Posted>): void;
  onSave(seat: Seat, files: ReadonlyMap<string, string>): void;
  onSay(seat: Seat, said: { region: string; kind: OverrideKind; span: number }): void;
  onUnsay(seat: Seat, region: string): void;
}

/** Puts something else in the place of a part of a director: how a walk is shown to notice faults. */
export type Tamper = (parts: DirectorParts, seat: Seat, seal: Seal) => DirectorParts;

export interface Site {
  readonly fleet: Fleet;
  readonly timeline: Timeline;
  readonly seats: ReadonlyMap<string, Seat>;
  readonly boards: readonly ScriptedBoard[];
  /** False when it could not be made. */
  make(move: Move): Promise<boolean>;
  start(seat: Seat): Promise<void>;
}

export interface SiteOptions {
  readonly fleet: Fleet;
  readonly seed: string;
  readonly onlooker: Onlooker;
  readonly tamper: Tamper | undefined;
}

interface Ground extends SiteOptions {
  readonly timeline: Timeline;
  readonly seats: Map<string, Seat>;
  readonly boards: readonly ScriptedBoard[];
  readonly fates: Map<string, Fate>;
  readonly seal: Seal;
}

/** A clock that goes wrong by more is no clock. */
const drift = 0.002;

export function openSite(options: SiteOptions): Site {
  const { fleet, seed } = options;
  const timeline = createTimeline();
  const chance = chanceOf(`${seed} clocks`);
  const seats = fleet.directors.map((id): [string, Seat] => {
    const rate = 1 + drift * (2 * chance() - 1);
    const ahead = Math.round(4000 * (2 * chance() - 1));
    const disk = { files: new Map(), versions: [] };
    return [id, { id, region: regionOf(id), ahead, rate, ...disk, lives: 0, life: undefined }];
  });
  const boards = fleet.boards.map((name) => createScriptedBoard(name, timeline.clock, seed));
  const seal = createSeal(fleet.settings.gossip.secrets);
  const ground: Ground = {
    ...options,
    timeline,
    seats: new Map(seats),
    boards,
    fates: new Map(),
    seal,
  };
  return {
    fleet,
    timeline,
    seats: ground.seats,
    boards,
    make: (move) => make(move, ground),
    start: (seat) => start(seat, ground),
  };
}

async function start(seat: Seat, ground: Ground): Promise<void> {
  const { fleet, timeline, onlooker, tamper, seal, seed } = ground;
  const machine = timeline.startMachine({
    wall: noon + timeline.now() + seat.ahead,
    rate: seat.rate,
  });
  seat.lives++;
  const parts: DirectorParts = {
    settings: { ...fleet.settings, director: { id: seat.id, region: seat.region } },
    seal,
    atlas: fleet.atlas,
    clock: machine.clock,
    boards: ground.boards.map((board) => reach(board.linkOf(seat.id), seat, machine, onlooker)),
    probe: probeOf(seat, machine, ground),
    random: chanceOf(`${seed} ${seat.id} ${seat.lives}`),
    store: diskOf(seat, onlooker),
  };
  onlooker.onStart(seat, machine.clock.now());
  const director = await startDirector(tamper?.(parts, seat, seal) ?? parts);
  seat.life = { machine, director };
}

/** The board as this life sees it: nothing comes to who is paused or killed. */
function reach(board: Board, seat: Seat, machine: Machine, onlooker: Onlooker): Board {
  return {
    ...board,
    async post(slot, value, lifetime, isQuiet) {
      onlooker.onPost(seat, slot, value);
      try {
        await board.post(slot, value, lifetime, isQuiet);
      } finally {
        await machine.awake();
      }
    },
    async read(only) {
      try {
        const found = await board.read(only);
        await machine.awake();
        onlooker.onRead(seat, found);
        return found;
      } catch (error) {
        await machine.awake();
        throw error;
      }
    },
    onHint: (listener) => board.onHint((slot) => void machine.awake().then(() => listener(slot))),
  };
}

function probeOf(seat: Seat, machine: Machine, ground: Ground): Probe<NetworkProbe> {
  const { fates, timeline, onlooker } = ground;
  return async (spec, signal) => {
    const region = probedHost(spec);
    const fate = fates.get(`${region} ${seat.id}`) ?? fates.get(region) ?? 'works';
    if (fate === 'hangs') await machine.clock.sleep(spec.timeout, signal);
    const isHealthy =
      fate === 'works' || (fate === 'flaps' && Math.floor(timeline.now() / flapEvery) % 2 === 0);
    await machine.awake();
    if (!signal.aborted) onlooker.onSample(seat, region, isHealthy, machine.clock.now());
    const sample: Sample = { isHealthy, latency: millis(20), reason: isHealthy ? '' : fate };
    return sample;
  };
}

const flapEvery = 3500;

function diskOf(seat: Seat, onlooker: Onlooker): Store {
  return {
    load: async (name) => seat.files.get(name),
    save: async (name, text) => {
      const files = new Map(seat.files).set(name, text);
      seat.files = files;
      // The second of the two files that are written together.
      if (name !== 'gossip') return undefined;
      seat.versions.push(files);
      onlooker.onSave(seat, files);
      return undefined;
    },
  };
}

async function make(move: Move, ground: Ground): Promise<boolean> {
  const { boards, fates, seats, fleet } = ground;
  switch (move.kind) {
    case 'probe':
      setFate(move.region, move.fate, move.by, fates);
      return true;
    case 'board': {
      const board = boardOf(move.board, ground);
      board.state = stateOf[move.fate];
      return true;
    }
    case 'link':
      boardOf(move.board, ground).weather.set(move.director, move.weather);
      return true;
    case 'cut':
      setCut(boardOf(move.board, ground), move.director, move.what);
      return true;
    case 'split':
      for (const [i, board] of boards.entries()) {
        for (const id of seats.keys()) {
          setCut(board, id, move.side.includes(id) === (i === 0) ? 'nothing' : 'all');
        }
      }
      return true;
    case 'turn':
      return turn(seatOf(move.director, ground), move.turn);
    case 'start':
      return startAgain(move, ground);
    case 'say':
      return say(move, ground);
    case 'unsay':
      return unsay(move, ground);
    case 'mend':
      for (const region of fleet.regions) {
        setFate(region, move.failing.includes(region) ? 'fails' : 'works', '', fates);
      }
      await mend(move.isChain, ground);
      return true;
    default:
      return move satisfies never;
  }
}

const stateOf = { dies: 'dead', hangs: 'hung', returns: 'alive' } as const;

function setFate(region: string, fate: Fate, by: string, fates: Map<string, Fate>): void {
  if (by === '')
    for (const key of fates.keys()) if (key.startsWith(`${region} `)) fates.delete(key);
  fates.set(by === '' ? region : `${region} ${by}`, fate);
}

function setCut(board: ScriptedBoard, id: string, what: 'nothing' | 'reading' | 'posting' | 'all') {
  if (what === 'nothing') board.cuts.delete(id);
  else board.cuts.set(id, what);
}

async function mend(isChain: boolean, ground: Ground): Promise<void> {
  for (const board of ground.boards) {
    board.state = 'alive';
    board.cuts.clear();
    board.weather.clear();
  }
  if (isChain) {
    const [first = '', last = ''] = [ground.fleet.directors[0], ground.fleet.directors.at(-1)];
    ground.boards[0]?.cuts.set(first, 'all');
    ground.boards[1]?.cuts.set(last, 'all');
  }
  for (const seat of ground.seats.values()) {
    if (seat.life === undefined) await start(seat, ground);
    else if (seat.life.machine.isPaused) await turn(seat, 'goes on');
  }
}

async function turn(seat: Seat, how: Turn): Promise<boolean> {
  const { life } = seat;
  if (life === undefined) return false;
  const { machine, director } = life;
  if (machine.isPaused !== (how === 'goes on') && how !== 'crashes') return false;
  if (how === 'goes on') {
    machine.resume();
    return true;
  }
  if (how === 'pauses') {
    machine.pause();
    return true;
  }
  if (how === 'stops') await Promise.race([director[Symbol.asyncDispose](), settle().then(settle)]);
  machine.kill();
  seat.life = undefined;
  return true;
}

async function startAgain(
  { director, disk, set }: Extract<Move, { kind: 'start' }>,
  ground: Ground,
): Promise<boolean> {
  const seat = seatOf(director, ground);
  const { life, versions } = seat;
  if (life !== undefined) return false;
  if (disk === 'lost') seat.files = new Map();
  if (disk === 'old') seat.files = versions[versions.length >> 1] ?? seat.files;
  seat.ahead += set;
  await start(seat, ground);
  return true;
}

function say(move: Extract<Move, { kind: 'say' }>, ground: Ground): boolean {
  const seat = seatOf(move.director, ground);
  const { life } = seat;
  if (life === undefined || life.machine.isPaused) return false;
  const { region, word: kind, span } = move;
  const request = { region, kind, for: `${span}ms`, actor: 'alice', reason: 'a walk' };
  void life.director.api.addOverride(request);
  ground.onlooker.onSay(seat, { region, kind, span });
  return true;
}

function unsay({ director, region }: Extract<Move, { kind: 'unsay' }>, ground: Ground): boolean {
  const seat = seatOf(director, ground);
  const { life } = seat;
  if (life === undefined || life.machine.isPaused) return false;
  const word = life.director.gossip.overrides().find((each) => each.region === region);
  if (word === undefined || word.isLifted) return false;
  void life.director.api.endOverride(word.id, 'bob');
  ground.onlooker.onUnsay(seat, region);
  return true;
}

export function seatOf(id: string, { seats }: { seats: ReadonlyMap<string, Seat> }): Seat {
  const seat = seats.get(id);
  if (seat === undefined) throw new Error(`there is no director ${id}`);
  return seat;
}

function boardOf(name: string, { fleet, boards }: Ground): ScriptedBoard {
  const board = boards[fleet.boards.indexOf(name)];
  if (board === undefined) throw new Error(`there is no board ${name}`);
  return board;
}
