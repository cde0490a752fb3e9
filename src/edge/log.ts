// The log: JSON lines that are written beside the program's work, and given up rather than waited for.

import { type LoggerOptions, pino } from 'pino';
import type { Log, LogFields } from '../ports.ts';

export interface DirectorLog extends Log, AsyncDisposable {
  /** Lines given up since the start, because nobody took them. */
  dropped(): number;
  /** Settles once every line so far is written, or after a second when nobody takes them. */
  flush(): Promise<void>;
}

export interface LogOptions {
  readonly level: Level;
  /** A file descriptor or the path of a file to append to; standard output by default. */
  readonly destination?: number | string;
}

type Level = 'debug' | 'info' | 'warn' | 'error';

/** What a reader that has stopped can make us hold, in bytes. */
const heldAtMost = 1 << 20;

const patienceMs = 1000;

/** The fields that whoever collects logs relies on. */
const lineShape: LoggerOptions = {
  base: { service: 'meridian' },
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (word) => ({ level: word }) },
};

/** Never throws, also when nobody reads any more. Disposing writes what is left. */
export function createLog({ level, destination = 1 }: LogOptions): DirectorLog {
  // Lines are written as soon as the line before is out, so a quiet director's appear at once and a
  // busy one's are joined. Not 0: with 0 the library's flush() waits for nothing.
  const file = pino.destination({
    dest: destination,
    sync: false,
    minLength: 1,
    maxLength: heldAtMost,
  });
  let dropped = 0;
  let isOver = false;
  file.on('drop', () => void dropped++);
  // A full disk may empty again; a pipe whose reader has gone stays broken.
  file.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') isOver = true;
  });
  const write = (line: string): void => {
    if (isOver) dropped++;
    else file.write(line);
  };
  const logger = pino({ ...lineShape, level }, { write });
  const at = (of: Level) => (event: string, fields?: LogFields) => logger[of]({ ...fields, event });
  const flush = (): Promise<void> =>
    new Promise((resolve) => {
      if (isOver) return resolve();
      const timer = setTimeout(resolve, patienceMs);
      file.flush(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    dropped: () => dropped,
    flush,
    async [Symbol.asyncDispose]() {
      await flush();
      isOver = true;
      file.destroy();
    },
  };
}
