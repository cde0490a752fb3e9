// Entity tags of reports: whether what somebody holds still says what would be sent (RFC 9110 §8.8.3).

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultError } from '../../model/fault.ts';

/** What moves with every moment and every vote, while the report says the same. */
const moving = new Set(['ageSeconds', 'latencyMs', 'at', 'nextAt', 'load', 'connections']);

/**
 * Sends a report, or 304 to who holds it. The tag is weak: ages, latencies, loads and the moments of
 * what comes next may differ between two reports that have the same.
 */
export function sendTagged<T extends object>(
  report: T,
  request: FastifyRequest,
  reply: FastifyReply,
): T | FastifyReply {
  const tag = tagOf(report);
  // What is held may be used again, but never without asking.
  void reply.headers({ etag: tag, 'cache-control': 'no-cache' });
  return isHeld(tag, request.headers['if-none-match']) ? reply.code(304).send() : report;
}

/**
 * The same with a strong tag, for what is written to as well: another tag at any change of what is
 * sent, so that `If-Match` means what was read (RFC 9110 §13.1.1). A text is sent as it is, under a tag of
 * its own, which `If-Match` does not know.
 */
export function sendStrong<T extends object | string>(
  report: T,
  request: FastifyRequest,
  reply: FastifyReply,
): T | FastifyReply {
  const tag = strongTag(typeof report === 'string' ? report : JSON.stringify(report));
  void reply.headers({ etag: tag, 'cache-control': 'no-cache' });
  return isHeld(tag, request.headers['if-none-match']) ? reply.code(304).send() : report;
}

/**
 * Throws a FaultError where what the client holds is no longer what there is; undefined is that there
 * is nothing, which `*` refuses too. To be called in the same turn in which the write begins.
 */
export function requireMatch(report: object | undefined, { headers }: FastifyRequest): void {
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  const held = wanted.trim() === '*' ? undefined : wanted.split(',').map((tag) => tag.trim());
  const isFine =
    report !== undefined && (held?.includes(strongTag(JSON.stringify(report))) ?? true);
  if (isFine) return;
  const message = 'want an If-Match of what there is now: it has changed, or is gone';
  throw new FaultError({ code: 'request.precondition', path: '/if-match', message });
}

function strongTag(text: string): string {
  const digest = createHash('sha256').update(text).digest('base64url');
  return `"${digest.slice(0, 22)}"`;
}

function tagOf(report: object): string {
  const text = JSON.stringify(report, (key, value: unknown) =>
    moving.has(key) ? undefined : value,
  );
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

/** RFC 9110 §13.1.2: weak comparison, so a mark of weakness does not count. */
function isHeld(tag: string, held: string | undefined): boolean {
  if (held === undefined) return false;
  const tags: readonly string[] = held.match(/"[^"]*"/g) ?? [];
  return held.trim() === '*' || tags.includes(tag.replace(/^W\//, ''));
}
