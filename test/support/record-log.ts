// A log for tests that keeps what it is told.

import type { Log, LogFields } from '../../src/ports.ts';

export interface RecordLog extends Log {
  /** `<level> <event>` for each line. */
  readonly lines: string[];
  readonly fields: (LogFields | undefined)[];
}

export function createRecordLog(): RecordLog {
  const lines: string[] = [];
  const fields: (LogFields | undefined)[] = [];
  const keep = (level: string) => (event: string, more?: LogFields) => {
    lines.push(`${level} ${event}`);
    fields.push(more);
  };
  return {
    lines,
    fields,
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
}
