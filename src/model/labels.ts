// Labels of places: subdivision and city as octets in a few arrays, which threads share.

import { share } from './shared.ts';

/** Text in UTF-8. Label 0 is empty, and the one of whatever has none. */
export interface Labels {
  /** Per place: the number of its label. */
  readonly of: Uint32Array;
  /** Where in `octets` a text starts: of label n the subdivision at 2n, the city at 2n + 1; the end comes last. */
  readonly starts: Uint32Array;
  readonly octets: Uint8Array;
}

export interface Label {
  readonly subdivision: string;
  readonly city: string;
}

const nothing: Label = { subdivision: '', city: '' };

/** Read each time: not for what has to be quick. */
export function labelAt({ of, starts, octets }: Labels, place: number): Label {
  const label = of[place] ?? 0;
  if (label === 0) return nothing;
  const text = (at: number): string => utf8.decode(octets.subarray(starts[at], starts[at + 1]));
  return { subdivision: text(2 * label), city: text(2 * label + 1) };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Collects labels in the order of their numbers. */
export class LabelBuilder {
  #starts = new Uint32Array(2 ** 12);
  #octets = new Uint8Array(2 ** 16);
  #texts = 0;
  #used = 0;

  constructor() {
    this.add(none, none);
  }

  /** Texts in UTF-8; gives the number of the label. */
  add(subdivision: Uint8Array, city: Uint8Array): number {
    this.#append(subdivision);
    this.#append(city);
    return this.#texts / 2 - 1;
  }

  #append(text: Uint8Array): void {
    if (this.#texts + 1 === this.#starts.length) this.#starts = doubled(this.#starts, 0);
    if (this.#used + text.length > this.#octets.length) {
      this.#octets = doubled(this.#octets, text.length);
    }
    this.#octets.set(text, this.#used);
    this.#used += text.length;
    this.#starts[++this.#texts] = this.#used;
  }

  /** `of` says which label a place has. */
  finish(of: Uint32Array): Labels {
    return {
      of,
      starts: share(this.#starts.subarray(0, this.#texts + 1)),
      octets: share(this.#octets.subarray(0, this.#used)),
    };
  }
}

const none = new Uint8Array(0);

function doubled<T extends Uint8Array | Uint32Array>(array: T, least: number): T {
  const Kind = array.constructor as new (length: number) => T;
  const larger = new Kind(array.length * 2 + least);
  larger.set(array);
  return larger;
}
