// The stage of one scenario: its fleet, what it was last asked, and the answers it is followed for.

import assert from 'node:assert/strict';
import { createSeal } from '../../src/edge/seal.ts';
import type { ReturnClaim } from '../../src/model/health.ts';
import { type Ip, ipv4, parseIp } from '../../src/model/ip.ts';
import type { RegionId } from '../../src/model/region.ts';
import type { Settings } from '../../src/model/settings.ts';
import type { Posted } from '../../src/ports.ts';
import { chanceOf } from '../support/chance.ts';
import { assertCountersSum } from '../support/dns-stage.ts';
import { aPrefix, anIp } from '../support/fleet.ts';
import {
  createDisk,
  type Director,
  type DirectorParts,
  type ScriptedDisk,
  startDirector,
} from './director.ts';
import { askBoth, type Asking, type Said } from './doors.ts';
import { atlasOf, type Draft, settle, startDraft } from './draft.ts';
import type { Words } from './language.ts';
import { asOlder } from './older.ts';
import { swearing } from './swear.ts';
import { createScriptedBoard, createWorld, type ScriptedBoard, type World } from './world.ts';

export interface Stage {
  /** What chance hangs on: another seed, other jitter and other luck with bad links. */
  readonly seed: string;
  /** Lets somebody look on, or take a part's place, as a director starts. */
  readonly attend: (seat: Seat, parts: DirectorParts) => DirectorParts;
  readonly draft: Draft;
  /** What the draft came to when the first director started: all have the same but their names. */
  settings: Settings | undefined;
  readonly world: World;
  readonly seats: Map<string, Seat>;
  /** What was on boards when they were copied. */
  readonly copies: Map<string, ReadonlyMap<string, Posted>>;
  /** Applications that report by themselves, until they are told to stop. */
  readonly apps: Map<string, AbortController>;
  /** The answers that the next `expect` is about. */
  heard: readonly Heard[];
  isChecked: boolean;
  followed: Followed | undefined;
  /** Answers by network, of each poll. */
  readonly polls: ReadonlyMap<string, string>[];
}

/** What a sentence does. */
export type Act = (stage: Stage, words: Words) => void | Promise<void>;

/** A director's place, from one life to the next. */
export interface Seat {
  readonly id: string;
  readonly region: string;
  readonly disk: ScriptedDisk;
  /** Whether it speaks as the release before this one did. */
  isOlder: boolean;
  /** What it says of returns instead of what it saw. */
  readonly claims: Map<RegionId, ReturnClaim>;
  lives: number;
  running: Director | undefined;
}

export interface Heard {
  readonly seat: Seat;
  readonly asking: Asking;
  readonly said: Said;
}

interface Followed {
  readonly asking: Asking;
  /** Every running director where none is named. */
  readonly director: string;
  /** What each director answered last, and how often that was something else than before. */
  readonly last: Map<string, string>;
  readonly moves: Map<string, number>;
}

export function createStage(facts: Partial<Pick<Stage, 'seed' | 'attend'>> = {}): Stage {
  return {
    seed: '',
    attend: (_seat, parts) => parts,
    ...facts,
    draft: startDraft(),
    settings: undefined,
    world: createWorld(),
    seats: new Map(),
    copies: new Map(),
    apps: new Map(),
    heard: [],
    isChecked: true,
    followed: undefined,
    polls: [],
  };
}

/** Starts every director that has not yet had its first life. */
export async function assemble(stage: Stage): Promise<void> {
  for (const seat of stage.seats.values()) if (seat.lives === 0) await start(stage, seat);
}

export async function start(stage: Stage, seat: Seat): Promise<void> {
  assert.equal(seat.running, undefined, `${seat.id} is running`);
  const { draft, world } = stage;
  const director = { id: seat.id, region: seat.region };
  stage.settings ??= settle(draft, director);
  seat.disk.isFrozen = false;
  seat.lives++;
  const seal = createSeal(stage.settings.gossip.secrets);
  const boards = draft.boards.map((name) => boardOf(stage, name).linkOf(seat.id));
  const sworn = boards.map((board) => swearing(board, seat, seal));
  const parts: DirectorParts = {
    settings: { ...stage.settings, director },
    seal,
    atlas: atlasOf(draft),
    clock: world.clockOf(seat.id),
    boards: seat.isOlder ? boards.map((board) => asOlder(board, seal)) : sworn,
    probe: world.probeOf(seat.id),
    random: chanceOf(`${stage.seed}${seat.id} ${seat.lives}`),
    store: seat.disk,
  };
  seat.running = await startDirector(stage.attend(seat, parts));
}

/** Has a running director read its files anew, `health` in them changed. */
export async function reload(stage: Stage, seat: Seat, health: object): Promise<void> {
  const { director } = runningAt(seat).cell.ground.settings;
  const next = settle({ ...stage.draft, health }, director);
  const digest = JSON.stringify(health);
  assert.deepEqual(await runningAt(seat).reload({ ...next, director, digest }), []);
}

/** Ends a life in order: it takes back what it has to take back, and writes what it knows. */
export async function stop(seat: Seat): Promise<void> {
  const { running } = seat;
  assert.ok(running, `${seat.id} is not running`);
  seat.running = undefined;
  await running[Symbol.asyncDispose]();
  assertCountersSum(running.counters);
  assert.equal(running.counters.received.udp, running.asked, 'queries counted');
  assert.equal(running.counters.outcomes.servfail, 0, 'SERVFAIL');
  const errors = running.log.lines.filter((line) => line.startsWith('error '));
  assert.deepEqual(errors, [], `${seat.id} logged errors`);
}

/** Ends a life at once: the disk holds what was written before, and nobody hears of it any more. */
export async function crash(stage: Stage, seat: Seat): Promise<void> {
  const boards = stage.draft.boards.map((name) => boardOf(stage, name));
  const before = boards.map(({ cuts }) => cuts.get(seat.id));
  for (const { cuts } of boards) cuts.set(seat.id, 'all');
  seat.disk.isFrozen = true;
  await stop(seat);
  for (const [i, { cuts }] of boards.entries()) {
    const cut = before[i];
    if (cut === undefined) cuts.delete(seat.id);
    else cuts.set(seat.id, cut);
  }
}

/** Lets time pass; whoever is followed is asked every second. */
export async function pass(stage: Stage, span: number): Promise<void> {
  await assemble(stage);
  const { followed, world } = stage;
  const step = followed === undefined ? 600_000 : 1000;
  for (let left = span; left > 0; left -= step) {
    await world.clock.advance(Math.min(step, left));
    if (followed !== undefined) look(stage, followed);
  }
}

export async function follow(stage: Stage, asking: Asking, director: string): Promise<void> {
  await assemble(stage);
  stage.followed = { asking, director, last: new Map(), moves: new Map() };
  look(stage, stage.followed);
}

function look(stage: Stage, { asking, director, last, moves }: Followed): void {
  for (const { seat, said } of askAll(askedIn(stage, director), asking)) {
    const answer = said.data.join(' ');
    const before = last.get(seat.id) ?? answer;
    last.set(seat.id, answer);
    moves.set(seat.id, (moves.get(seat.id) ?? 0) + (answer === before ? 0 : 1));
  }
}

export async function ask(stage: Stage, asking: Asking, director: string): Promise<void> {
  await assemble(stage);
  assert.ok(stage.isChecked, 'the answer before this one was not checked');
  stage.heard = askAll(askedIn(stage, director), asking);
  stage.isChecked = false;
}

/** Asks for that many networks, each of them a pick of its own; all directors must answer alike. */
export async function poll(stage: Stage, asking: Asking, count: number): Promise<void> {
  await assemble(stage);
  const answers = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const subnet = `81.${i >>> 4}.${(i & 15) << 4}.0/20`;
    const heard = askAll(askedIn(stage, ''), { ...asking, subnet });
    const [first = '', ...others] = heard.map(({ seat, said }) =>
      said.data.map((address) => regionOf(address, seat)).join(' '),
    );
    assert.ok(
      others.every((other) => other === first),
      `${subnet} is answered in different ways`,
    );
    answers.set(subnet, first);
  }
  stage.polls.push(answers);
}

function askAll(seats: readonly Seat[], asking: Asking): Heard[] {
  return seats.map((seat) => ({ seat, asking, said: askBoth(runningAt(seat), asking) }));
}

/** Every running director where none is named. */
function askedIn(stage: Stage, director: string): Seat[] {
  if (director !== '') return [seatOf(stage, director)];
  const seats = [...stage.seats.values()].filter((seat) => seat.running !== undefined);
  assert.ok(seats.length > 0, 'no director is running');
  return seats;
}

export function runningAt({ id, running: director }: Seat): Director {
  assert.ok(director, `${id} is not running`);
  return director;
}

/** The region that an address belongs to; other data as it is. */
export function regionOf(address: string, seat: Seat): string {
  const facts = runningAt(seat).api.regions();
  const owner = facts.find((each) => [...each.ipv4, ...each.ipv6].includes(address));
  return owner?.region ?? address;
}

export function addSeat(stage: Stage, id: string, region: string): void {
  assert.ok(!stage.seats.has(id), `${id} is there already`);
  const disk = createDisk();
  const facts = { id, region, disk, isOlder: false, claims: new Map() };
  stage.seats.set(id, { ...facts, lives: 0, running: undefined });
}

export function seatOf({ seats }: Stage, id: string): Seat {
  const seat = seats.get(id);
  assert.ok(seat, `there is no director ${id}`);
  return seat;
}

export function boardOf({ draft, world, seed }: Stage, name: string): ScriptedBoard {
  assert.ok(draft.boards.includes(name), `there is no board ${name}`);
  const board = world.boards.get(name) ?? createScriptedBoard(name, world.clock, seed);
  world.boards.set(name, board);
  return board;
}

/** The network that a client's name stands for; a network stands for itself. */
export function networkOf({ draft }: Stage, client: string): string {
  return draft.clients.get(client)?.network ?? client;
}

/** A resolver is named by its address, or by a client's name when it stands where that client is. */
export function addressOf(stage: Stage, resolver: string): Ip {
  const network = stage.draft.clients.get(resolver)?.network;
  if (network === undefined) return parseIp(resolver) ?? anIp(resolver);
  const { ip } = aPrefix(network);
  return ip.family === 4 ? ipv4(ip.a + 53) : { ...ip, d: 53 };
}
