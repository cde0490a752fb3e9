// Words and their numbers, as long as there are numbers left.

/** Gives each new word the next number; when all are given, a further word has number 0, as has the empty one. */
export class Numbers {
  readonly #most: number;
  readonly #words: string[] = [''];
  readonly #numbers = new Map<string, number>([['', 0]]);

  constructor(most: number) {
    this.#most = most;
  }

  of(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    const number = this.#words.length;
    if (number === this.#most) return 0;
    this.#words.push(word);
    this.#numbers.set(word, number);
    return number;
  }

  /** Every word by its number. */
  all(): readonly string[] {
    return this.#words;
  }

  /** Empty for a number that was never given. */
  word(number: number): string {
    return this.#words[number] ?? '';
  }
}
