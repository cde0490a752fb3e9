// Whether answers are what a scenario expects of them.

import assert from 'node:assert/strict';
import { askWhy } from './doors.ts';
import type { Words } from './language.ts';
import { type Heard, regionOf, runningAt, type Seat, type Stage } from './stage.ts';

/** Every director that was asked must have answered so. */
export function expectAnswer(stage: Stage, words: Words): void {
  assert.ok(stage.heard.length > 0, 'nothing was asked');
  stage.isChecked = true;
  for (const heard of stage.heard) {
    const mistakes = mistakesIn(heard, words);
    if (mistakes.length > 0) assert.fail(`${mistakes.join(', ')}: ${inWords(heard)}`);
  }
}

/** The explanation of each answer must hold these words. */
export function expectWhy({ heard }: Stage, words: string): void {
  for (const each of heard) {
    const text = askWhy(runningAt(each.seat), each.asking);
    assert.ok(text.includes(words), `not the reason: ${inWords(each)}`);
  }
}

/** What the answer differs in; what the sentence leaves out may be anything, but for the note. */
function mistakesIn({ seat, asking, said }: Heard, words: Words): string[] {
  const { ANSWER, TTL, SCOPE, NOTE } = words;
  const isStatus = /^[A-Z]+$/.test(ANSWER);
  const data = isStatus || ANSWER === 'nothing' ? '' : dataOf(ANSWER, seat, asking.type);
  const isFine: Readonly<Record<string, boolean>> = {
    status: said.status === (isStatus ? ANSWER : 'NOERROR'),
    answer: said.data.join(' ') === data,
    ttl: TTL === '' || said.ttl === Number(TTL),
    scope: SCOPE === '' || said.scope === Number(SCOPE),
    note: NOTE === '' ? said.note === undefined : (said.note ?? '').includes(NOTE),
  };
  return Object.keys(isFine).filter((part) => isFine[part] !== true);
}

/** Regions as their addresses; other words are data already. */
function dataOf(answer: string, seat: Seat, type: string): string {
  const facts = runningAt(seat).api.regions();
  const data = answer.split(' ').flatMap((word) => {
    const region = facts.find((each) => each.region === word);
    if (region === undefined) return [word];
    return type === 'AAAA' ? region.ipv6 : region.ipv4;
  });
  return data.join(' ');
}

function inWords({ seat, asking, said }: Heard): string {
  const { status, data, ttl, scope, note } = said;
  const regions = data.map((address) => regionOf(address, seat)).join(' ') || 'nothing';
  const saying = note === undefined ? '' : ` saying "${note}"`;
  const why = askWhy(runningAt(seat), asking);
  return `${seat.id} answered ${status} ${regions} ttl ${ttl} scope ${scope}${saying}\n\n${why}`;
}

/** How often each director's answer has changed since it was followed. */
export function expectTimesMoved({ followed }: Stage, least: number, most: number): void {
  assert.ok(followed, 'nobody is followed');
  for (const [id, moves] of followed.moves) {
    assert.ok(moves >= least && moves <= most, `${id} changed its answer ${moves} times`);
  }
}

/** `eu 60% us 40%` of the networks polled last, give or take 5 %, or half of it if that is less. */
export function expectShares({ polls }: Stage, shares: string): void {
  const answers = [...(polls.at(-1)?.values() ?? [])];
  for (const [, region, wanted] of shares.matchAll(/(\w+) (\d+)%/g)) {
    const share = (100 * answers.filter((each) => each === region).length) / answers.length;
    const off = Math.abs(share - Number(wanted));
    assert.ok(off <= Math.min(5, Number(wanted) / 2), `${region} has ${share}%`);
  }
}

/** Between the last two polls: whom one region served, and some of them; nobody without a region. */
export function expectMovesFrom({ polls }: Stage, region: string | undefined): void {
  const [before, after] = polls.slice(-2);
  assert.ok(before && after, 'want two polls');
  const moved = [...before].filter(([network, answer]) => after.get(network) !== answer);
  assert.equal(moved.length > 0, region !== undefined, `${moved.length} moved`);
  for (const [network, answer] of moved) assert.equal(answer, region, `${network} moved`);
}
