// The newest lines of a log, as they are read at a start: how it goes on from there.

import { beginning, type Digest, type Entry, readEntry } from '../../audit/entry.ts';
import type { ChainHead } from '../../model/audit.ts';

export class LogTail {
  readonly #digest: Digest;
  readonly #most: number;
  entries: Entry[] = [];
  last: Entry | undefined;
  /** Lines behind the last one that is as it was written. */
  #strange = 0;

  constructor(digest: Digest, mostEntries: number) {
    this.#digest = digest;
    this.#most = mostEntries;
  }

  take(line: string): void {
    const entry = readEntry(line, this.#digest);
    if (entry?.isTrue !== true) {
      this.#strange++;
      return;
    }
    this.#strange = 0;
    this.last = entry;
    if (this.entries.push(entry) >= 2 * this.#most) this.entries = this.entries.slice(-this.#most);
  }

  /** A torn line that was given its end is followed by what tells of it, so it is never the last. */
  get isDamaged(): boolean {
    return this.#strange > 0;
  }

  /** What the next entry follows. Behind what is damaged its number is above all that may stand there. */
  head(file: string | undefined): ChainHead | undefined {
    const { last } = this;
    if (!this.isDamaged) return last && { seq: last.seq, hash: last.hash };
    const from = Math.max(last?.seq ?? 0, Number.parseInt(file ?? '', 10) || 0);
    return { seq: from + this.#strange, hash: last?.hash ?? beginning.hash };
  }
}

/** What a file that begins now is called: by its first entry, unless a newer one was begun and is empty. */
export function nextName(follows: ChainHead, empty = ''): string {
  const name = `${String(follows.seq + 1).padStart(15, '0')}.jsonl`;
  return empty > name ? empty : name;
}
