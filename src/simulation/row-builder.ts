// Rows of a population, collected in any order.

import type { Prefix } from '../model/ip.ts';
import { boundsOf } from '../model/ranges.ts';
import type { Crowd, Rows } from './population.ts';

/** Collects networks of both families with what each weighs. */
export class CrowdBuilder {
  readonly #v4 = new RowBuilder(4);
  readonly #v6 = new RowBuilder(6);

  /** `weight` is a number from 0 on. IPv6 networks longer than /64 count as their /64. */
  add(prefix: Prefix, weight: number): void {
    (prefix.ip.family === 4 ? this.#v4 : this.#v6).add(prefix, weight);
  }

  get size(): number {
    return this.#v4.size + this.#v6.size;
  }

  get weight(): number {
    return this.#v4.weight + this.#v6.weight;
  }

  /** In the order of addresses, with so many units for a weight of one. */
  finish(unitsPerWeight: number): Crowd {
    return { v4: this.#v4.finish(unitsPerWeight), v6: this.#v6.finish(unitsPerWeight) };
  }
}

class RowBuilder {
  size = 0;
  weight = 0;
  readonly #family: 4 | 6;
  #words = new Uint32Array(1024);
  #weights = new Float64Array(256);

  constructor(family: 4 | 6) {
    this.#family = family;
  }

  add(prefix: Prefix, weight: number): void {
    const at = this.size++;
    if (at === this.#weights.length) {
      this.#words = grown(this.#words, new Uint32Array(at * 8));
      this.#weights = grown(this.#weights, new Float64Array(at * 2));
    }
    const { first, last } = boundsOf(prefix);
    this.#words.set([...first, ...last], at * 4);
    this.#weights[at] = weight;
    this.weight += weight;
  }

  finish(unitsPerWeight: number): Rows {
    const { size } = this;
    const words = this.#words;
    const order = new Uint32Array(size).map((_, i) => i);
    order.sort((x, y) => {
      const [xAt, yAt] = [x * 4, y * 4];
      const byHigh = (words[xAt] as number) - (words[yAt] as number);
      return byHigh || (words[xAt + 1] as number) - (words[yAt + 1] as number) || x - y;
    });
    const column = (word: number): Uint32Array =>
      Uint32Array.from(order, (row) => words[row * 4 + word] as number);
    const isV4 = this.#family === 4;
    return {
      high: column(0),
      low: isV4 ? undefined : column(1),
      lastHigh: column(2),
      lastLow: isV4 ? undefined : column(3),
      units: Float64Array.from(order, (row) =>
        Math.round((this.#weights[row] as number) * unitsPerWeight),
      ),
    };
  }
}

function grown<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
