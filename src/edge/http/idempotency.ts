// Idempotency keys: a write that is sent again gets the answer that it got, and happens once.

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FaultError } from '../../model/fault.ts';
import type { Clock } from '../../ports.ts';
import { holderOf } from './access.ts';
import type { HttpDoors } from './app.ts';

/** How long an answer is kept. */
const lifetime = 86_400_000;

/** Of one token, or of this machine; a request that never ends makes room like any other. */
const mostOfOne = 256;

interface Kept {
  /** Of method, address and body. */
  readonly print: string;
  readonly at: number;
  /** Nothing came of it: the key is free again. */
  readonly forget: () => void;
  /** Undefined while the first request is under way. */
  answer?: Answer;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an answer says of itself, beside its body. */
const keptHeaders = ['content-type', 'location', 'etag'] as const;

/** Nothing came of these, so the same may be tried again. */
const passing: ReadonlySet<number> = new Set([401, 403, 408, 412, 429]);

/**
 * For routes of a write: `keep` as `preHandler`, once the caller may write and the body fits, and
 * `note` as `onSend`. Keys are those of one holder, so nobody can try out another's.
 */
export function createIdempotency({ clock, settings }: Pick<HttpDoors, 'clock' | 'settings'>) {
  /** By holder, then by key, oldest first. */
  const tables = new Map<string, Map<string, Kept>>();
  const own = new WeakMap<FastifyRequest, Kept>();
  const keep = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const key = keyOf(request);
    if (key === undefined) return undefined;
    const holder = holderOf(request, settings().http) ?? '';
    const table = tables.get(holder) ?? new Map<string, Kept>();
    tables.set(holder, table);
    prune(table, clock);
    const print = printOf(request);
    const known = table.get(key);
    if (known === undefined) {
      const kept = { print, at: clock.now(), forget: () => void table.delete(key) };
      table.set(key, kept);
      own.set(request, kept);
      return undefined;
    }
    const { status, headers, body } = answerTo(known, print);
    return reply
      .code(status)
      .headers({ ...headers, 'idempotency-replayed': 'true' })
      .send(body);
  };
  const note = async (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
  ): Promise<unknown> => {
    const kept = own.get(request);
    const { statusCode: status } = reply;
    if (kept === undefined) return payload;
    if (status >= 500 || passing.has(status)) {
      kept.forget();
      return payload;
    }
    kept.answer = answerOf(reply, payload);
    return payload;
  };
  return { preHandler: keep, onSend: note };
}

function answerOf(reply: FastifyReply, payload: unknown): Answer {
  const headers = keptHeaders.flatMap((name) => {
    const value = reply.getHeader(name);
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const body = typeof payload === 'string' ? payload : '';
  return { status: reply.statusCode, headers: Object.fromEntries(headers), body };
}

/** What the first request got; throws a FaultError where there is no answer for this one. */
function answerTo({ print: first, answer }: Kept, print: string): Answer {
  if (first !== print) {
    const message = 'this key was used with another request: want a new key for each';
    throw new FaultError({ code: 'request.key-reused', path: '/idempotency-key', message });
  }
  if (answer !== undefined) return answer;
  const message = 'the first request with this key is under way: ask again in a moment';
  throw new FaultError({ code: 'request.key-busy', path: '/idempotency-key', message });
}

function prune(table: Map<string, Kept>, clock: Clock): void {
  for (const [key, { at }] of table) {
    if (table.size < mostOfOne && clock.now() - at < lifetime) return;
    table.delete(key);
  }
}

/** As the draft writes it, a string in quotes, or bare as most clients do. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = typeof given === 'string' ? /^"?([!#-[\]-~]{1,255})"?$/.exec(given)?.[1] : undefined;
  if (key !== undefined) return key;
  const message = 'want at most 255 printable characters of ASCII without quotes and backslashes';
  throw new FaultError({ code: 'request.invalid', path: '/idempotency-key', message });
}

function printOf({ method, url, body }: FastifyRequest): string {
  const text = JSON.stringify([method, url, body ?? null]);
  return createHash('sha256').update(text).digest('base64url');
}
