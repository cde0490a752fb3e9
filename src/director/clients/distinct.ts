// How many different networks asked: an estimate from four thousand octets, however many there are.

/** The first bits of a hash choose a register. */
const registerBits = 12;
const registers = 1 << registerBits;

/** Bias correction (Flajolet and others, HyperLogLog, 2007, figure 3). */
const alpha = 0.7213 / (1 + 1.079 / registers);

/**
 * HyperLogLog: about 1.6 % off (1.04 / √4096) up to some hundred million, beyond which hashes of 32 bits
 * run out. Takes the hash of each network; to see one again changes nothing.
 */
export class Distinct {
  readonly #ranks: Uint8Array;

  constructor(ranks: Uint8Array = new Uint8Array(registers)) {
    this.#ranks = ranks;
  }

  add(hash: number): void {
    const register = hash >>> (32 - registerBits);
    const rank = Math.clz32((hash << registerBits) | (1 << (registerBits - 1))) + 1;
    if (rank > (this.#ranks[register] as number)) this.#ranks[register] = rank;
  }

  /** As if both had seen what each has seen. */
  with(other: Distinct): Distinct {
    return new Distinct(this.#ranks.map((rank, i) => Math.max(rank, other.#ranks[i] as number)));
  }

  estimate(): number {
    let sum = 0;
    let empty = 0;
    for (const rank of this.#ranks) {
      sum += 2 ** -rank;
      if (rank === 0) empty++;
    }
    const raw = (alpha * registers * registers) / sum;
    // Few networks are told better by how many registers none has reached.
    const isSmall = raw <= 2.5 * registers && empty > 0;
    return Math.round(isSmall ? registers * Math.log(registers / empty) : raw);
  }

  /** A character for each register. */
  toText(): string {
    return Array.from(this.#ranks, (rank) => String.fromCharCode(firstCharacter + rank)).join('');
  }

  /** Undefined for what `toText` did not write. */
  static fromText(text: unknown): Distinct | undefined {
    if (typeof text !== 'string' || text.length !== registers) return undefined;
    const ranks = Uint8Array.from(text, (char) => char.charCodeAt(0) - firstCharacter);
    return ranks.every((rank) => rank <= highestRank) ? new Distinct(ranks) : undefined;
  }
}

const firstCharacter = 48;
const highestRank = 32 - registerBits + 1;
