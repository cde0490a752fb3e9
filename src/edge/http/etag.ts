// Entity tags of reports: whether what somebody holds still says what would be sent (RFC 9110 §8.8.3).

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultError } from '../../model/fault.ts';

/** What moves with every moment and every vote, while the report says the same. */
const moving = new Set(['ageSeconds', 'latencyMs', 'at', 'nextAt', 'load', 'connections']);

/** What a drill measures while it runs: nobody who begins or ends one means to have seen the last of it. */
const measured = new Set([
  'steps',
  'others',
  'numbers',
  'objectives',
  'isMet',
  'unnoted',
  'judgements',
  'directors',
]);

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
 * The same with a strong tag, for what is written to as well. It has two parts: the first changes with
 * what a writer goes by, the second with any octet that is sent. So whoever holds a report is sent each
 * new figure, and a write is refused only where what it was meant for is no longer so. A text is sent as
 * it is, under a tag of one part, which `If-Match` does not know.
 */
export function sendStrong<T extends object | string>(
  report: T,
  request: FastifyRequest,
  reply: FastifyReply,
): T | FastifyReply {
  const tag = strongTag(report);
  void reply.headers({ etag: tag, 'cache-control': 'no-cache' });
  return isHeld(tag, request.headers['if-none-match']) ? reply.code(304).send() : report;
}

/**
 * Throws a FaultError where what the client goes by is no longer so: the first part of its tag counts
 * (RFC 9110 §13.1.1 compares whole tags, under which no running drill could ever be aborted). Undefined is that there
 * is nothing, which `*` refuses too. To be called in the same turn in which the write begins.
 */
export function requireMatch(report: object | undefined, { headers }: FastifyRequest): void {
  const wanted = headers['if-match'];
  if (wanted === undefined) return;
  const tags = wanted.trim() === '*' ? undefined : wanted.split(',');
  const held = tags?.map((tag) => /^"([\w-]{22})\.[\w-]{22}"$/.exec(tag.trim())?.[1]);
  const isFine = report !== undefined && (held?.includes(decisionOf(report)) ?? true);
  if (isFine) return;
  const message = 'want an If-Match of what there is now: it has changed, or is gone';
  throw new FaultError({ code: 'request.precondition', path: '/if-match', message });
}

function strongTag(report: object | string): string {
  if (typeof report === 'string') return `"${digestOf(report)}"`;
  return `"${decisionOf(report)}.${digestOf(JSON.stringify(report))}"`;
}

function decisionOf(report: object): string {
  return digestOf(without(measured, report));
}

function tagOf(report: object): string {
  return `W/"${digestOf(without(moving, report))}"`;
}

function without(keys: ReadonlySet<string>, report: object): string {
  return JSON.stringify(report, (key, value: unknown) => (keys.has(key) ? undefined : value));
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** RFC 9110 §13.1.2: weak comparison, so a mark of weakness does not count. */
function isHeld(tag: string, held: string | undefined): boolean {
  if (held === undefined) return false;
  const tags: readonly string[] = held.match(/"[^"]*"/g) ?? [];
  return held.trim() === '*' || tags.includes(tag.replace(/^W\//, ''));
}
