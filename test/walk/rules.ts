// What must hold after every step, whatever was done to the fleet.

import assert from 'node:assert/strict';
import type { View } from '../../src/director/snapshot.ts';
import { askOctets, compareDoors } from './answers.ts';
import { clients } from './fleet.ts';
import type { Life, Seat, Site } from './site.ts';
import { type LifeFacts, returnOf, type Truth, type WordFact } from './truth.ts';

/** What a walk found broken. */
export class Broken extends Error {
  readonly rule: string;

  constructor(rule: string, message: string) {
    super(message);
    this.rule = rule;
  }
}

/** From a change at one director to its answers, at most. */
const lag = 600;

/**
 * By so much directors may differ on when a word ends: each that hears it may be 5 s off, since it
 * takes clocks that differ by less for the same, and posts are under way for up to 2 s.
 */
export const blurOf = ({ directors }: { directors: readonly string[] }): number =>
  (directors.length - 1) * 7000 + 1000;

export interface Watched {
  view: View | undefined;
  answers: readonly string[];
  isPaused: boolean;
  /** When it went on: what it says just then it has not looked at yet. */
  resumedAt: number;
}

/** Looks at one director that runs. */
export function checkDirector(seat: Seat, life: Life, watched: Watched, truth: Truth): void {
  const now = truth.now();
  truth.noteJudged(seat);
  const facts = truth.lifeOf(seat);
  const hasLooked = now - watched.resumedAt >= lag;
  checkWords(seat, life, facts, hasLooked, truth);
  const { view } = life.director.cell;
  if (watched.view !== view) {
    const before = watched.answers;
    watched.view = view;
    watched.answers = askOctets(life.director, truth.fleet.regions);
    tellAnswers(seat, before, watched.answers, truth);
  }
  if (!hasLooked) return;
  for (const [i, { name, order }] of clients.entries()) {
    const answer = watched.answers[i] ?? '';
    const regions = order.filter((region) => truth.fleet.serving.includes(region));
    if (answer === '') checkEmpty(seat, view, regions, name, truth);
    else checkSkipped(seat, view, regions, answer, name, truth);
  }
}

function tellAnswers(
  { id }: Seat,
  before: readonly string[],
  after: readonly string[],
  truth: Truth,
): void {
  for (const [i, { name }] of clients.entries()) {
    if (before[i] === after[i]) continue;
    truth.tell(`${id} answers ${name} with ${after[i] || 'nothing'} (was ${before[i] ?? 'off'})`);
  }
}

function checkEmpty(
  seat: Seat,
  view: View,
  regions: readonly string[],
  client: string,
  truth: Truth,
): void {
  const fine = regions.every((region) => isTakenOut(region, view, truth));
  if (!fine) throw new Broken('empty', `${seat.id} answers ${client} nothing, by no word`);
}

/** Each region that is nearer must have been voted down, be on its way back, or be taken out. */
function checkSkipped(
  seat: Seat,
  view: View,
  regions: readonly string[],
  answer: string,
  client: string,
  truth: Truth,
): void {
  const at = regions.indexOf(answer);
  if (at < 0) throw new Broken('answer', `${seat.id} answers ${client} with ${answer}`);
  for (const region of regions.slice(0, at)) {
    if (isTakenOut(region, view, truth)) continue;
    if (!isHeldUp(region, seat, truth) && mayBeAway(region, seat, truth)) continue;
    const words = `${seat.id} answers ${client} with ${answer}, past ${region}`;
    throw new Broken('minority', `${words}, that no majority has seen down and nobody took out`);
  }
  const word = truth.lifeOf(seat).held.get(answer);
  if (word !== undefined && word.kind !== 'up' && isInForce(word, truth)) {
    throw new Broken('drained', `${seat.id} answers ${client} with ${answer}, which is taken out`);
  }
}

/** The director says that a word takes the region out; true when somebody did say that word. */
function isTakenOut(region: string, view: View, truth: Truth): boolean {
  const active = view.snapshot.overrides.get(region);
  const word = active && truth.words.get(active.id);
  return word !== undefined && word.region === region && word.kind !== 'up';
}

function isHeldUp(region: string, seat: Seat, truth: Truth): boolean {
  const word = truth.lifeOf(seat).held.get(region);
  return word !== undefined && word.kind === 'up' && isInForce(word, truth);
}

/** For certain, and for so long that answers must follow. */
function isInForce(word: WordFact, { fleet, now, lives }: Truth): boolean {
  if (word.isLifted) return false;
  const [moment, blur] = [now(), blurOf(fleet)];
  const known = Math.max(...[...lives.values()].map(({ startedAt }) => startedAt));
  if (moment - Math.max(word.saidAt + blur, known) < lag) return false;
  return moment < word.end - blur - word.early;
}

function mayBeAway(region: string, seat: Seat, truth: Truth): boolean {
  const life = truth.lifeOf(seat);
  if (life.mayBeDown.get(region) === true || isReturning(life, region, truth)) return true;
  const claims = truth.fleet.observers.filter((home) =>
    [...truth.lives].some(
      ([id, each]) => id.startsWith(`${home}-`) && isReturning(each, region, truth),
    ),
  );
  // Half of the observing regions are enough; who has had no majority yet takes the word of whom it hears.
  const least = life.proven.has(region) ? Math.ceil(truth.fleet.observers.length / 2) : 1;
  return claims.length >= least;
}

function isReturning({ lastDown }: LifeFacts, region: string, truth: Truth): boolean {
  const moment = lastDown.get(region);
  return moment !== undefined && truth.now() - moment <= returnOf(truth.fleet);
}

/** No word is forgotten before its end, gives way to an older one, or goes on after its end. */
function checkWords(
  seat: Seat,
  { director }: Life,
  life: LifeFacts,
  hasLooked: boolean,
  truth: Truth,
): void {
  const now = truth.now();
  const held = truth.heldBy(director.gossip);
  const blur = blurOf(truth.fleet);
  for (const [region, before] of life.held) {
    const after = held.get(region);
    if (after === before) continue;
    const what = `the word of ${before.director} on ${region}${before.isLifted ? ' (an end)' : ''}`;
    if (after === undefined && !mayHaveEnded(before, truth)) {
      throw new Broken('lost', `${seat.id} has forgotten ${what}`);
    }
    if (after !== undefined && before.beats.has(after)) {
      throw new Broken('lost', `${seat.id} has gone back from ${what} to the one before`);
    }
  }
  for (const [region, word] of held) {
    if (word !== life.held.get(region)) life.heldSince.set(region, now);
  }
  life.held = held;
  if (hasLooked) checkHeeded(seat, director.cell.view, life, truth);
  for (const { id, region } of director.cell.view.snapshot.overrides.values()) {
    const word = truth.words.get(id);
    if (word === undefined)
      throw new Broken('lost', `nobody gave ${seat.id} the word on ${region}`);
    if (hasLooked && now > word.end + blur + word.late) {
      const late = Math.round(now - word.end);
      throw new Broken(
        'outlived',
        `${seat.id} keeps to a word on ${region}, ${late} ms past its end`,
      );
    }
  }
}

/** A word is in force from the moment it is heard, whatever the clock of who gave it says. */
function checkHeeded(
  { id }: Seat,
  { snapshot }: View,
  { held, heldSince }: LifeFacts,
  { now, fleet }: Truth,
): void {
  for (const [region, word] of held) {
    const isNew = now() - (heldSince.get(region) ?? 0) < lag;
    const mayBeOver = now() >= word.end - blurOf(fleet) - word.early;
    if (word.isLifted || isNew || mayBeOver) continue;
    if (snapshot.overrides.get(region)?.id === word.id) continue;
    throw new Broken('heeded', `${id} has heard the word of ${word.director} on ${region} in vain`);
  }
}

/** Its own end has come, or that of a word that takes its place. */
export function mayHaveEnded(word: WordFact, { words, fleet, now }: Truth): boolean {
  const limit = now() + blurOf(fleet);
  return [...words.values()].some(
    (each) =>
      each.region === word.region && !word.beats.has(each) && limit >= each.end - each.early,
  );
}

/** A sample: the same question by both doors. */
export function checkDoors({ seats }: Site, step: number): void {
  const lives = [...seats.values()].filter(({ life }) => life?.machine.isPaused === false);
  const seat = lives[step % lives.length];
  if (seat?.life === undefined) return;
  try {
    compareDoors(seat.life.director, step);
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error;
    throw new Broken('doors', `${seat.id}: ${error.message}`);
  }
}
