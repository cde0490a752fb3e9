// What the votes that a director was handed allow it to conclude: an upper bound, and what is certain.

import type { Seat } from './site.ts';
import type { LifeFacts, Truth, VoteFact } from './truth.ts';

/** Directors conclude every quarter of a second, and at once when there is news. */
const lag = 600;

/** A vote may be under way for so long, from board to board, and look that much younger. */
const journey = 5000;

/** Brings up to date what a director may hold of each region. */
export function judge(truth: Truth, seat: Seat): void {
  const life = truth.lifeOf(seat);
  const now = truth.now();
  for (const region of truth.fleet.regions) {
    const benches = benchesOn(region, seat, truth);
    if (mayConcludeDown(region, seat, benches)) {
      life.mayBeDown.set(region, true);
      life.upSince.delete(region);
    } else if (isUpForCertain(benches)) {
      const since = life.upSince.get(region) ?? now;
      life.upSince.set(region, since);
      if (now - since > lag) {
        life.mayBeDown.set(region, false);
        life.proven.add(region);
      }
    } else {
      life.upSince.delete(region);
    }
    if (life.mayBeDown.get(region) === true) life.lastDown.set(region, now);
  }
}

/**
 * Who has had no majority yet takes what any other holds, down or on its way back, and goes on from there,
 * also from its disk. Comes behind the judgement of all, since word travels within a step.
 */
export function takeOver({ fleet, lives, now }: Truth): void {
  for (const region of fleet.regions) {
    const moments = Array.from(lives.values(), ({ lastDown }) => lastDown.get(region) ?? -Infinity);
    const last = Math.max(...moments);
    if (last === -Infinity) continue;
    for (const { proven, lastDown, mayBeDown } of lives.values()) {
      if (proven.has(region)) continue;
      lastDown.set(region, last);
      if (last === now()) mayBeDown.set(region, true);
    }
  }
}

/** What the directors of an observing region may be saying to another, as far as it was handed their votes. */
interface Bench {
  readonly home: string;
  /** Directors that may say `down`, that surely say `up`, and that surely say it and nothing else. */
  readonly downs: number;
  readonly ups: number;
  readonly onlyUps: number;
  readonly size: number;
  /** One of them is heard for certain. */
  readonly isHeard: boolean;
}

function benchesOn(region: string, seat: Seat, truth: Truth): Bench[] {
  const life = truth.lifeOf(seat);
  return truth.fleet.observers.map((home) => {
    const directors = truth.benches.get(home) ?? [];
    let [downs, ups, onlyUps, isHeard] = [0, 0, 0, false];
    for (const observer of directors) {
      const voice = voiceOf(observer, home, region, life, truth);
      if (voice.canSayDown) downs++;
      if (voice.saysUp) ups++;
      if (voice.saysUp && !voice.canSayDown) onlyUps++;
      isHeard ||= voice.isHeard;
    }
    return { home, downs, ups, onlyUps, size: directors.length, isHeard };
  });
}

function voiceOf(observer: string, home: string, region: string, life: LifeFacts, truth: Truth) {
  const { voteLifetime } = truth.fleet.patience;
  const now = truth.now();
  let last: VoteFact | undefined;
  let canSayDown = false;
  let isAlwaysUp = true;
  for (const { vote, goneAt } of life.heard.get(observer) ?? []) {
    if (goneAt <= now - lag || vote.madeAt <= now - voteLifetime - journey) continue;
    const verdict = vote.said.get(region);
    canSayDown ||= verdict === 'down';
    isAlwaysUp &&= verdict === 'up';
    last = vote;
  }
  const isHeard =
    last !== undefined &&
    last.isHighest &&
    last.madeAt >= life.startedAt &&
    last.madeAt > now - voteLifetime + lag;
  return { canSayDown, isHeard, saysUp: isHeard && isAlwaysUp && seesOther(last, home) };
}

/** Who says `up` of nothing but its own region may be left out as isolated. */
function seesOther(vote: VoteFact | undefined, home: string): boolean {
  for (const [region, verdict] of vote?.said ?? []) {
    if (region !== home && verdict === 'up') return true;
  }
  return false;
}

/**
 * A strict majority of the configured observing regions; the judged region's own do not count
 * while they are silent, unless it is they who judge.
 */
function mayConcludeDown(region: string, seat: Seat, benches: readonly Bench[]): boolean {
  let downs = 0;
  let isOwnDown = false;
  let mayOwnBeSilent = false;
  for (const bench of benches) {
    const isDown = bench.downs > bench.onlyUps;
    if (isDown) downs++;
    if (bench.home !== region || bench.home === seat.region) continue;
    isOwnDown = isDown;
    mayOwnBeSilent = !bench.isHeard;
  }
  if (downs * 2 > benches.length) return true;
  return mayOwnBeSilent && (downs - (isOwnDown ? 1 : 0)) * 2 > benches.length - 1;
}

function isUpForCertain(benches: readonly Bench[]): boolean {
  const ups = benches.filter((bench) => bench.ups * 2 > bench.size).length;
  return ups * 2 > benches.length;
}
