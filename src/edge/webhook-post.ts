// Webhooks over HTTP: one signed POST on a connection of its own (Standard Webhooks).

import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { type Millis, millis } from '../model/time.ts';
import type { HookAnswer } from '../model/webhook.ts';
import type { PostHook } from '../ports.ts';
import { request as requestHttp } from './node-http.ts';
import { createGuard, OutsideError } from './probe-guard.ts';

/** From looking up the name to the last octet of the answer. */
const patienceMs = 10_000;

const headerLimit = 16 * 1024;

/** What a receiver says is of no interest beyond its status: more is not read. */
const bodyLimit = 16 * 1024;

/**
 * Never rejects. No redirect is followed: it would take a signed message to where nobody sent it.
 * The time in the signature is the system clock's, by which receivers judge how old it is.
 */
export const postHook: PostHook = async (hook, { id, body }, signal) => {
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'user-agent': 'meridian',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': hook.secrets
      .map((secret) => signatureOf(secret, `${id}.${timestamp}.${body}`))
      .join(' '),
  };
  const late = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  try {
    const url = new URL(hook.url);
    const guard = createGuard(() => hook.networks, undefined, 'webhooks[].networks');
    guard.check(url.hostname.replace(/^\[(.*)\]$/, '$1'));
    const { lookup } = guard;
    return await send(url, body, { headers, lookup, signal: late });
  } catch (error) {
    const isLate = late.aborted && !signal.aborted;
    return { isTaken: false, reason: isLate ? 'no answer in time' : wordsOf(error) };
  }
};

/** `v1,` and the base64 of an HMAC-SHA256 by the octets behind `whsec_`. */
export function signatureOf(secret: string, content: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

function send(
  url: URL,
  body: string,
  options: {
    readonly headers: Readonly<Record<string, string | number>>;
    readonly lookup: ReturnType<typeof createGuard>['lookup'];
    readonly signal: AbortSignal;
  },
): Promise<HookAnswer> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = open(url, {
      ...options,
      method: 'POST',
      agent: false,
      maxHeaderSize: headerLimit,
    });
    // Such as after 101 Switching Protocols, which is neither a response nor an error.
    request.on('close', () => reject(new Error('connection closed without an answer')));
    request.on('error', reject);
    request.on('response', (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<HookAnswer> {
  const { statusCode: status = 0, headers } = response;
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > bodyLimit) break;
  }
  if (status >= 200 && status < 300) return { isTaken: true };
  const reason = `status ${status}, want 200 to 299`;
  const isRefused = status >= 400 && status < 500 && !passing.has(status);
  return { isTaken: false, reason, isRefused, retryAfter: spanOf(headers['retry-after']) };
}

/** Of those that say that the message is at fault, the ones that do not: too slow, too early, too many. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/** RFC 9110 §10.2.3, in seconds; a date is not looked at. */
function spanOf(text: string | undefined): Millis | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? millis(Number(text) * 1000) : undefined;
}

/** Messages of Node's errors name the host, which may be no less secret than the rest of the URL. */
function wordsOf(error: unknown): string {
  if (error instanceof OutsideError) return `the host lies outside ${error.setting}`;
  if (!(error instanceof Error)) return 'failed';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
