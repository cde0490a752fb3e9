// Request ids: one word for a request in its answer, in the log and in the audit log.

import { randomUUID } from 'node:crypto';

/** What may stand in a line of a log as it is. */
const sane = /^[A-Za-z0-9._:-]{1,64}$/;

/** The client's own, where it gives one that can be kept as it is; else a new one. */
export function requestIdOf(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && sane.test(given) ? given : randomUUID();
}
