// What is wrong with a zone's files: as much of it as anybody reads, and how much there is.

import type { Fault, FaultCode, SourcePosition } from '../../model/fault.ts';

/** More faults than this have one cause, or an enemy. */
const most = 100;

/** A fault names what was found, but not at any length. */
const longestMessage = 300;

export class Complaints {
  readonly #faults: Fault[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(code: FaultCode, position: SourcePosition, message: string): void {
    if (this.#count++ >= most) return;
    const isLong = message.length > longestMessage;
    const words = isLong ? `${message.slice(0, longestMessage)}…` : message;
    this.#faults.push({ code, position, message: words });
  }

  /** In the order of the files; `file` is where what is left out is counted. */
  list(file: string): Fault[] {
    const left = this.#count - this.#faults.length;
    if (left === 0) return this.#faults;
    const position = { file, line: 1, column: 1 };
    const message = `${left} more faults are not listed`;
    return [...this.#faults, { code: 'zone.syntax', position, message }];
  }
}
