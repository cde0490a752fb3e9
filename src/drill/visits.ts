// Visits: what a thread that answers tells of a drill, as rows of numbers, and no more than it must.

import { Slots } from './slots.ts';

/** One answer that the drill is about; hashes are of 32 bits. */
export interface Visit {
  /** What is drawn by: the hash of the client network. */
  readonly network: number;
  /** Of the network and the service it asked for: the same network may be drained from one and not the other. */
  readonly client: number;
  /** Of these two and the resolver. */
  readonly pair: number;
  /** In seconds. */
  readonly ttl: number;
  /** True where the region stood first. */
  readonly isRegion: boolean;
  /** In ms since the Unix epoch. */
  readonly at: number;
}

/** Numbers of one row, in the order in which a `Visit` has them. */
export const rowLength = 6;

/** What is asked within so many ms of the last question, such as AAAA after A, is the same visit. */
export const sameVisit = 1000;

/** Pairs that are remembered; when there are more, some are told of twice. */
const mostPairs = 32_768;

/** Rows that are handed on together. */
const mostRows = 1024;

/**
 * Each thread has one of its own. Two are added by handing the rows of both to one `Measure`, in any
 * order: rows are facts about moments, and a measure takes two of one visit for one. Memory is
 * fixed: 0.9 MB, and a row for each visit until `flush`.
 */
export class Visits {
  readonly #send: (rows: Float64Array) => void;
  readonly #slots = new Slots(mostPairs);
  readonly #lastAt = new Float64Array(mostPairs);
  readonly #wasRegion = new Uint8Array(mostPairs);
  readonly #rows = new Float64Array(mostRows * rowLength);
  #filled = 0;

  /** `send` takes rows that are its own, to be transferred between threads if it likes. */
  constructor(send: (rows: Float64Array) => void) {
    this.#send = send;
  }

  /** To be called with every answer that the drill is about. */
  note({ network, client, pair, ttl, isRegion, at }: Visit): void {
    let slot = this.#slots.find(pair);
    if (slot >= 0) {
      const isSame = (this.#wasRegion[slot] === 1) === isRegion;
      if (isSame && at - (this.#lastAt[slot] as number) < sameVisit) return;
    } else {
      if (this.#slots.size === mostPairs) this.#slots.clear();
      slot = this.#slots.add(pair);
    }
    this.#lastAt[slot] = at;
    this.#wasRegion[slot] = isRegion ? 1 : 0;
    this.#rows.set([network, client, pair, ttl, isRegion ? 1 : 0, at], this.#filled);
    this.#filled += rowLength;
    if (this.#filled === this.#rows.length) this.flush();
  }

  /** To be called a few times a second, and before anything is read of the measure. */
  flush(): void {
    if (this.#filled === 0) return;
    const rows = this.#rows.slice(0, this.#filled);
    this.#filled = 0;
    this.#send(rows);
  }
}
