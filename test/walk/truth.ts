// The truth about a fleet, gathered from outside: what observers saw, what was handed to whom, what operators said.

import type { Override, OverrideKind } from '../../src/model/override.ts';
import type { Millis } from '../../src/model/time.ts';
import type { Posted } from '../../src/ports.ts';
import type { ScriptedBoard } from '../scenario/world.ts';
import { type Fleet, regionOf } from './fleet.ts';
import { look, newSight, type Sight } from './sight.ts';
import type { Onlooker, Seat } from './site.ts';

/** A vote as its observer made it. */
export interface VoteFact {
  readonly observer: string;
  readonly incarnation: number;
  readonly sequence: number;
  /** In true time. */
  readonly madeAt: number;
  /** False where its observer was numbered higher in a life before. */
  readonly isHighest: boolean;
  readonly said: ReadonlyMap<string, Sight['verdict']>;
}

/** A vote that was handed to a director, until it was handed a newer one. */
export interface Heard {
  readonly vote: VoteFact;
  goneAt: number;
}

/** An operator's word, as it was said. */
export interface WordFact {
  readonly id: string;
  readonly region: string;
  readonly kind: OverrideKind;
  readonly isLifted: boolean;
  /** In true time. */
  readonly saidAt: number;
  readonly end: number;
  readonly director: string;
  /** Words that the director knew when it was given this one, which comes after them. */
  readonly beats: ReadonlySet<WordFact>;
  /** By how much a clock that was set while its director was off may have moved the end, in ms. */
  late: number;
  early: number;
}

export interface LifeFacts {
  readonly startedAt: number;
  readonly sights: ReadonlyMap<string, Sight>;
  /** By observer, newest last. */
  readonly heard: Map<string, Heard[]>;
  /** By region: its verdict may be `down`. */
  readonly mayBeDown: Map<string, boolean>;
  /** By region: since when a majority has said `up` for certain. */
  readonly upSince: Map<string, number>;
  /** Regions on which it has had a majority of its own for certain, so that no hearsay counts any more. */
  readonly proven: Set<string>;
  /** By region: when its verdict may last have been `down`. */
  readonly lastDown: Map<string, number>;
  /** By region: the word that it holds. */
  held: Map<string, WordFact>;
  /** By region: since when it holds that one, in this life. */
  readonly heldSince: Map<string, number>;
}

/** What stood on a disk, besides its text. */
interface DiskFacts {
  readonly savedAt: number;
  /** By the director's own clock. */
  readonly clock: number;
  mayBeDown: ReadonlyMap<string, boolean>;
  lastDown: ReadonlyMap<string, number>;
  readonly held: ReadonlyMap<string, WordFact>;
}

export class Truth implements Onlooker {
  readonly fleet: Fleet;
  /** Directors by the observing region that they stand in. */
  readonly benches: ReadonlyMap<string, readonly string[]>;
  readonly now: () => number;
  readonly lives = new Map<string, LifeFacts>();
  readonly words = new Map<string, WordFact>();
  /** When what any observer says of a region last changed. */
  lastTurn = 0;
  /** What happened, for the story; filled only when somebody wants it. */
  readonly tell: (line: string) => void;
  readonly #texts = new Map<string, VoteFact>();
  readonly #votes = new Map<string, VoteFact>();
  readonly #highest = new Map<string, VoteFact>();
  readonly #fresh = new Map<string, DiskFacts>();
  readonly #disks = new Map<ReadonlyMap<string, string>, DiskFacts>();

  constructor(fleet: Fleet, now: () => number, tell: (line: string) => void) {
    this.fleet = fleet;
    this.benches = new Map(
      fleet.observers.map((home) => [home, fleet.directors.filter((id) => regionOf(id) === home)]),
    );
    this.now = now;
    this.tell = tell;
  }

  lifeOf({ id }: Pick<Seat, 'id'>): LifeFacts {
    const life = this.lives.get(id);
    if (life === undefined) throw new Error(`${id} has not been started`);
    return life;
  }

  onStart(seat: Seat, clock: number): void {
    const now = this.now();
    const disk = this.#disks.get(seat.files);
    const { regions } = this.fleet;
    const sights = new Map(regions.map((region) => [region, newSight()]));
    const lastDown = new Map<string, number>();
    for (const [region, moment] of disk?.lastDown ?? []) {
      // Who comes back goes on where it was, by a clock that may have been set.
      if ((disk?.savedAt ?? 0) - moment <= returnOf(this.fleet)) lastDown.set(region, now);
    }
    this.lives.set(seat.id, {
      startedAt: now,
      sights,
      heard: new Map(),
      mayBeDown: new Map(disk?.mayBeDown),
      upSince: new Map(),
      proven: new Set(),
      lastDown,
      held: new Map(disk?.held),
      heldSince: new Map(regions.map((region) => [region, now])),
    });
    this.lastTurn = now;
    if (disk === undefined) return;
    const missed = now - disk.savedAt - Math.max(0, clock - disk.clock);
    for (const word of disk.held.values()) {
      word.late += Math.max(0, missed);
      word.early += Math.max(0, -missed);
    }
  }

  onSample(seat: Seat, region: string, isHealthy: boolean, clock: number): void {
    const sight = this.lifeOf(seat).sights.get(region) ?? newSight();
    if (!look(sight, isHealthy, this.fleet.patience, clock)) return;
    this.lastTurn = this.now();
    this.tell(`${seat.id} sees ${region} ${sight.verdict}`);
  }

  onPost(seat: Seat, slot: string, text: string): void {
    if (!slot.startsWith('vote.')) return;
    const { vote } = JSON.parse(text.slice(text.indexOf(' ') + 1)) as { vote: Mark };
    const key = `${vote.observer} ${vote.incarnation} ${vote.sequence}`;
    let fact = this.#votes.get(key);
    if (fact === undefined && vote.observer === seat.id) {
      fact = this.#noteVote(vote, this.lifeOf(seat).sights);
      this.#votes.set(key, fact);
      this.#hear(this.lifeOf(seat), fact);
    }
    if (fact !== undefined) this.#texts.set(text, fact);
  }

  #noteVote({ observer, incarnation, sequence }: Mark, sights: LifeFacts['sights']): VoteFact {
    const said = new Map(Array.from(sights, ([region, { verdict }]) => [region, verdict]));
    const highest = this.#highest.get(observer);
    const mark = { observer, incarnation, sequence };
    const isHighest = highest === undefined || isAfter(mark, highest);
    const fact = { ...mark, madeAt: this.now(), isHighest, said };
    if (isHighest) this.#highest.set(observer, fact);
    return fact;
  }

  onRead(seat: Seat, found: ReadonlyMap<string, Posted>): void {
    const life = this.lifeOf(seat);
    for (const { value } of found.values()) {
      const fact = this.#texts.get(value);
      if (fact !== undefined && fact.observer !== seat.id) this.#hear(life, fact);
    }
  }

  #hear({ heard }: LifeFacts, vote: VoteFact): void {
    const list = heard.get(vote.observer) ?? [];
    const last = list.at(-1);
    if (last !== undefined && !isAfter(vote, last.vote)) return;
    const now = this.now();
    if (last !== undefined) last.goneAt = now;
    const kept = list.filter(({ goneAt }) => goneAt > now - 2000);
    heard.set(vote.observer, [...kept, { vote, goneAt: Number.POSITIVE_INFINITY }]);
  }

  onSave(seat: Seat, files: ReadonlyMap<string, string>): void {
    const life = this.lifeOf(seat);
    const clock = seat.life?.machine.clock.now() ?? 0;
    const held = seat.life === undefined ? life.held : this.heldBy(seat.life.director.gossip);
    const disk = { savedAt: this.now(), clock, ...statesOf(life), held: new Map(held) };
    this.#disks.set(files, disk);
    this.#fresh.set(seat.id, disk);
  }

  /** What was written in this very step may know what has just been found of the step. */
  noteJudged(seat: Seat): void {
    const disk = this.#fresh.get(seat.id);
    this.#fresh.delete(seat.id);
    if (disk?.savedAt === this.now()) Object.assign(disk, statesOf(this.lifeOf(seat)));
  }

  onSay(seat: Seat, { region, kind, span }: Parameters<Onlooker['onSay']>[1]): void {
    const saidAt = this.now();
    const times = { saidAt, end: saidAt + span, late: 0, early: 0 };
    this.#noteWord(seat, { region, kind, isLifted: false, ...times });
  }

  onUnsay(seat: Seat, region: string): void {
    const before = this.lifeOf(seat).held.get(region);
    // An end lasts as long as what it ends, by the clock of who ends it.
    const { kind = 'drain', end = 0, late = 0, early = 0 } = before ?? {};
    const times = { saidAt: this.now(), end, late, early };
    this.#noteWord(seat, { region, kind, isLifted: true, ...times });
  }

  #noteWord(
    seat: Seat,
    said: Pick<WordFact, 'region' | 'kind' | 'isLifted' | 'saidAt' | 'end' | 'late' | 'early'>,
  ): void {
    const { held, heldSince } = this.lifeOf(seat);
    const word = seat.life?.director.gossip.overrides().find((it) => it.region === said.region);
    if (word === undefined || this.words.has(keyOf(word))) return;
    const before = held.get(said.region);
    const beats = new Set(before === undefined ? [] : [before, ...before.beats]);
    const fact = { ...said, id: word.id, director: seat.id, beats };
    this.words.set(keyOf(word), fact);
    held.set(said.region, fact);
    heldSince.set(said.region, said.saidAt);
  }

  /** The words that a director says it holds, by region; throws at one that nobody said. */
  heldBy(gossip: { overrides(): readonly Override[] }): Map<string, WordFact> {
    const held = new Map<string, WordFact>();
    for (const word of gossip.overrides()) {
      const fact = this.words.get(keyOf(word));
      if (fact === undefined) throw new Error(`nobody said the word ${keyOf(word)}`);
      held.set(word.region, fact);
    }
    return held;
  }

  /** The words that stand on a board. */
  async wordsOn(board: ScriptedBoard): Promise<WordFact[]> {
    if (board.state === 'dead') return [];
    return Array.from(await board.copy(), ([slot, { value }]) => {
      if (!slot.startsWith('override.')) return [];
      const { override } = JSON.parse(value.slice(value.indexOf(' ') + 1)) as PostedWord;
      const [wall, counter, node] = override.clock;
      return this.words.get(keyOf({ ...override, clock: { wall, counter, node } })) ?? [];
    }).flat();
  }
}

function statesOf({ mayBeDown, lastDown }: LifeFacts): Pick<DiskFacts, 'mayBeDown' | 'lastDown'> {
  return { mayBeDown: new Map(mayBeDown), lastDown: new Map(lastDown) };
}

type Mark = Pick<VoteFact, 'observer' | 'incarnation' | 'sequence'>;
type Word = Pick<Override, 'id' | 'isLifted' | 'clock'>;

/** As it stands on a board. */
interface PostedWord {
  readonly override: Omit<Word, 'clock'> & {
    readonly clock: readonly [wall: Millis, counter: number, node: string];
  };
}

/** On two sides of a cut two people may end the same word: these are two ends. */
function keyOf({ id, isLifted, clock }: Word): string {
  const { wall, counter, node } = clock;
  return isLifted ? `${id} ended ${wall} ${counter} ${node}` : id;
}

function isAfter(x: Mark, y: Mark): boolean {
  return x.incarnation === y.incarnation ? x.sequence > y.sequence : x.incarnation > y.incarnation;
}

/** How long a region may be on its way back, whatever it did before. */
export function returnOf({ patience: { hold, stage, longestHold } }: Fleet): number {
  return Math.max(hold, longestHold) + 3 * stage + 2500;
}
