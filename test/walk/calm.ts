// What must hold once everything is mended: all directors come to the same, and to what is true.

import type { RegionId } from '../../src/model/region.ts';
import { clients } from './fleet.ts';
import { calmOf, type Move } from './moves.ts';
import { blurOf, Broken, mayHaveEnded, type Watched } from './rules.ts';
import type { Seat, Site } from './site.ts';
import type { Truth, WordFact } from './truth.ts';

/**
 * Rounds, of `gossip.readEvery` each, in which directors that reach the same boards come to agree,
 * counted from when they do and observers have made up their minds; twice as many where two hear each
 * other only through a third. `docs/gossip.md` says so.
 */
export const roundsToAgree = 6;

/** For so long a stage may begin at one director and not yet at another. */
const tolerance = 1500;

export interface Calm {
  readonly since: number;
  readonly failing: readonly string[];
  /** In which directors must agree. */
  readonly rounds: number;
  /** Words that stood anywhere when it began. */
  readonly words: ReadonlySet<WordFact>;
  differentSince: number | undefined;
  /** When it was last found that directors differ. */
  differedAt: number;
}

export async function beginCalm(
  { failing, isChain }: Extract<Move, { kind: 'mend' }>,
  site: Site,
  truth: Truth,
): Promise<Calm> {
  const words = new Set<WordFact>();
  for (const board of site.boards) for (const word of await truth.wordsOn(board)) words.add(word);
  for (const seat of site.seats.values()) {
    for (const word of truth.lifeOf(seat).held.values()) words.add(word);
  }
  const since = truth.now();
  const rounds = roundsToAgree * (isChain ? 2 : 1);
  return { since, failing, rounds, words, differentSince: undefined, differedAt: since };
}

/** Looks at all directors together. */
export function checkCalm(
  calm: Calm,
  site: Site,
  watched: ReadonlyMap<string, Watched>,
  truth: Truth,
): void {
  const { readEvery } = truth.fleet.patience;
  const now = truth.now();
  const seats = [...site.seats.values()];
  const round = readEvery * 1.1;
  if (now - calm.since > calm.rounds * round) checkHeld(calm, seats, truth);
  const pictures = seats.map((seat) => pictureOf(seat, watched.get(seat.id)));
  const isOne = pictures.every((picture) => picture === pictures[0]);
  if (isOne) calm.differentSince = undefined;
  else calm.differentSince ??= now;
  const settled = Math.max(calm.since, truth.lastTurn);
  const isDifferent =
    calm.differentSince !== undefined && now - calm.differentSince > tolerance && !isAtEdge(truth);
  if (isDifferent && now - settled > calm.rounds * round) {
    const found = seats.map(({ id }, i) => `${id}: ${pictures[i]}`).join('; ');
    throw new Broken('agree', `directors do not agree, ${calm.rounds} rounds after: ${found}`);
  }
  if (isDifferent) calm.differedAt = now;
  if (now - calm.since > calmOf(truth.fleet) - 5000) checkTrue(calm, seats, watched, truth);
}

/** Verdicts, stages and overrides as they decide, and the answers that come of them. */
function pictureOf({ life }: Seat, watched: Watched | undefined): string {
  const view = watched?.view;
  if (life === undefined || view === undefined) return 'off';
  const { health, overrides } = view.snapshot;
  const regions = Array.from(health, ([id, { verdict, recovery }]) => {
    const word = overrides.get(id);
    return `${id} ${verdict} ${recovery.share} ${word === undefined ? '' : word.id}`;
  });
  return `${regions.join(', ')} → ${watched?.answers.join(' ') ?? ''}`;
}

/** True while a word is about to end, or has just: directors may differ on that. */
function isAtEdge(truth: Truth): boolean {
  const now = truth.now();
  const blur = blurOf(truth.fleet);
  return [...truth.words.values()].some(
    ({ saidAt, end, early, late, isLifted }) =>
      !isLifted && now > Math.max(saidAt, end - blur - early) && now < end + blur + late + 1000,
  );
}

/** No word that stood anywhere is lost, and all hold the same one. */
function checkHeld({ words }: Calm, seats: readonly Seat[], truth: Truth): void {
  const lives = seats.map((seat) => [seat.id, truth.lifeOf(seat).held] as const);
  for (const word of words) {
    if (mayHaveEnded(word, truth)) continue;
    const found = lives.map(([, held]) => held.get(word.region));
    for (const [i, [id]] of lives.entries()) {
      const kept = found[i];
      if (kept !== undefined && !word.beats.has(kept) && kept === found[0]) continue;
      const what = `the word of ${word.director} on ${word.region}`;
      const why = kept === undefined ? 'does not know' : 'holds another word than';
      throw new Broken('lost', `${id} ${why} ${what}, which stood somewhere`);
    }
  }
}

/** Everybody gets the nearest region that works and that nobody has taken out. */
function checkTrue(
  { failing }: Calm,
  seats: readonly Seat[],
  watched: ReadonlyMap<string, Watched>,
  truth: Truth,
): void {
  if (isAtEdge(truth)) return;
  const now = truth.now();
  for (const seat of seats) {
    const { held } = truth.lifeOf(seat);
    const kindOf = (region: string): string => {
      const word = held.get(region);
      return word === undefined || word.isLifted || now > word.end ? '' : word.kind;
    };
    for (const [i, { name, order }] of clients.entries()) {
      const left = order.filter((region) => truth.fleet.serving.includes(region));
      const open = left.filter((region) => !['drain', 'down'].includes(kindOf(region)));
      const alive = open.filter((region) => !failing.includes(region) || kindOf(region) === 'up');
      const wanted = alive[0] ?? open[0] ?? '';
      const answer = watched.get(seat.id)?.answers[i];
      if (answer === wanted) continue;
      throw new Broken('true', `${seat.id} answers ${name} with ${answer}, and not ${wanted}`);
    }
    const health = seat.life?.director.cell.view.snapshot.health;
    for (const region of truth.fleet.regions) {
      if (health?.get(region as RegionId)?.isKept === false) continue;
      throw new Broken('true', `${seat.id} keeps an old verdict on ${region}, and need not`);
    }
  }
}
