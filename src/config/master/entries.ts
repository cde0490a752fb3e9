// Entries of a master file (RFC 1035 §5.1): words, with comments gone and parentheses joined.

/** A record or a directive. */
export interface Entry {
  readonly words: readonly string[];
  /** Where in the text each word starts. */
  readonly starts: readonly number[];
  /** False where it begins with a blank: then the owner is the last one. */
  readonly hasOwner: boolean;
  /** The line on which it begins, counted from 1. */
  readonly line: number;
  readonly start: number;
  /** What is wrong with its quotes or parentheses. */
  readonly fault: EntryFault | undefined;
}

export interface EntryFault {
  readonly at: number;
  readonly message: string;
}

/** No data is longer: 65,535 octets of which each has a word of its own. */
const mostWords = 70_000;

const newline = 10;
const quoteMark = 34;
const backslash = 92;

/** Reads entry by entry, so that a large file never stands in memory as words. */
export class EntryReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #depth = 0;
  #open = 0;
  #words: string[] = [];
  #starts: number[] = [];
  #fault: EntryFault | undefined;

  constructor(text: string) {
    this.#text = text;
    // The mark of a byte order, which some editors put first.
    if (text.charCodeAt(0) === 0xfeff) this.#at = 1;
  }

  /** Undefined behind the last entry. */
  next(): Entry | undefined {
    while (this.#at < this.#text.length) {
      const start = this.#at;
      const line = this.#line;
      this.#words = [];
      this.#starts = [];
      this.#fault = undefined;
      this.#depth = 0;
      this.#readLines();
      if (this.#depth > 0) this.#complain(this.#open, 'this parenthesis is never closed');
      if (this.#words.length === 0 && this.#fault === undefined) continue;
      const hasOwner = this.#starts[0] === start;
      const [words, starts, fault] = [this.#words, this.#starts, this.#fault];
      return { words, starts, hasOwner, line, start, fault };
    }
    return undefined;
  }

  /** To the end of the line, or of that on which the last parenthesis is closed. */
  #readLines(): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (Number.isNaN(code)) return;
      if (code === newline) {
        this.#at++;
        this.#line++;
        if (this.#depth === 0) return;
      } else if (isBlank(code)) this.#at++;
      else if (code === 59) this.#skipComment();
      else if (code === 40 || code === 41) this.#readParenthesis(code === 40);
      else this.#readWord(code);
    }
  }

  #skipComment(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #readParenthesis(isOpening: boolean): void {
    if (isOpening) {
      if (this.#depth++ === 0) this.#open = this.#at;
    } else if (this.#depth === 0) this.#complain(this.#at, 'this parenthesis was never opened');
    else this.#depth--;
    this.#at++;
  }

  #readWord(first: number): void {
    const start = this.#at;
    if (first === quoteMark) this.#skipQuoted();
    else this.#skipBare();
    if (this.#words.length === mostWords) {
      this.#complain(start, `want at most ${mostWords} words in one entry`);
    } else if (this.#words.length < mostWords) {
      this.#words.push(this.#text.slice(start, this.#at));
      this.#starts.push(start);
    }
  }

  /** A value in quotes belongs to the `key=` before it (RFC 9460 §2.1). */
  #skipBare(): void {
    const text = this.#text;
    for (let last = 0; ; ) {
      const code = text.charCodeAt(this.#at);
      if (code === quoteMark && last === 61) return this.#skipQuoted();
      if (Number.isNaN(code) || isEnd(code)) return;
      if (code === backslash && isNewlineOrEnd(text.charCodeAt(this.#at + 1))) {
        this.#complain(this.#at, 'nothing stands behind this backslash');
      } else if (code === backslash) this.#at++;
      this.#at++;
      last = code;
    }
  }

  #skipQuoted(): void {
    const start = this.#at++;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (isNewlineOrEnd(code)) {
        return this.#complain(start, 'this quotation mark has no partner on its line');
      }
      if (code === backslash && !isNewlineOrEnd(this.#text.charCodeAt(this.#at + 1))) this.#at++;
      this.#at++;
      if (code === quoteMark) return;
    }
  }

  /** Of several mistakes in one entry, the first says most. */
  #complain(at: number, message: string): void {
    this.#fault ??= { at, message };
  }
}

/** Line and column of a place in an entry, both counted from 1. */
export function placeIn(
  text: string,
  { line: first, start }: Entry,
  at: number,
): { readonly line: number; readonly column: number } {
  let line = first;
  let lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (start === 0) lineStart = 0;
  for (
    let end = text.indexOf('\n', start);
    end >= 0 && end < at;
    end = text.indexOf('\n', end + 1)
  ) {
    line++;
    lineStart = end + 1;
  }
  return { line, column: at - lineStart + 1 };
}

/** The carriage return too, before a line feed as others write it. */
function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13 && code !== newline);
}

/** A blank, a new line, `"`, `(`, `)` or `;`. */
function isEnd(code: number): boolean {
  if (code > 59) return false;
  return (
    isBlank(code) || code === newline || code === 34 || code === 40 || code === 41 || code === 59
  );
}

function isNewlineOrEnd(code: number): boolean {
  return Number.isNaN(code) || code === newline;
}
