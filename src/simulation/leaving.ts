// Leaving: clients who go evenly over spans of time, added up to the share that is still there.

export class Leaving {
  /** One more than there are steps after 0. */
  readonly #steps: number;
  readonly #step: number;
  readonly #jumps: Float64Array;
  readonly #slopes: Float64Array;
  readonly #offsets: Float64Array;

  /** `steps` of so many milliseconds each, from 0 on. */
  constructor(steps: number, step: number) {
    this.#steps = steps;
    this.#step = step;
    this.#jumps = new Float64Array(steps);
    this.#slopes = new Float64Array(steps);
    this.#offsets = new Float64Array(steps);
  }

  /** This share of all leaves evenly between two moments; who never leaves is not added. */
  add(from: number, to: number, share: number): void {
    if (to - from < 1e-6) {
      const at = Math.ceil(from / this.#step);
      if (at < this.#steps) this.#jumps[at] = (this.#jumps[at] ?? 0) + share;
      return;
    }
    const slope = share / (to - from);
    this.#bend(from, slope);
    this.#bend(to, -slope);
  }

  /** The share that is still there at each step, exact at these moments. */
  remaining(): Float64Array {
    const shares = new Float64Array(this.#steps);
    let [gone, slope, offset] = [0, 0, 0];
    for (let i = 0; i < this.#steps; i++) {
      gone += this.#jumps[i] ?? 0;
      slope += this.#slopes[i] ?? 0;
      offset += this.#offsets[i] ?? 0;
      shares[i] = Math.max(0, 1 - gone - slope * i * this.#step + offset);
    }
    return shares;
  }

  #bend(at: number, slope: number): void {
    const next = Math.ceil(at / this.#step);
    if (next >= this.#steps) return;
    this.#slopes[next] = (this.#slopes[next] ?? 0) + slope;
    this.#offsets[next] = (this.#offsets[next] ?? 0) + slope * at;
  }
}

/**
 * The same when everybody stays for a while more, of any length up to `span` alike. Before 0 all were
 * there.
 */
export function linger(shares: Float64Array, span: number, step: number): Float64Array {
  const sums = new Float64Array(shares.length);
  for (let i = 1; i < shares.length; i++) {
    sums[i] = (sums[i - 1] ?? 0) + (((shares[i - 1] ?? 0) + (shares[i] ?? 0)) / 2) * step;
  }
  const sumAt = (moment: number): number => {
    if (moment <= 0) return moment;
    const place = moment / step;
    const before = sums[Math.floor(place)] ?? 0;
    const after = sums[Math.ceil(place)] ?? before;
    return before + (after - before) * (place - Math.floor(place));
  };
  return shares.map((_, i) => (sumAt(i * step) - sumAt(i * step - span)) / span);
}
