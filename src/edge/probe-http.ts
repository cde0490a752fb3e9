// The HTTP(S) probe: one request on its own connection, judged by status, header and body.

import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { FigureSource } from '../model/figure.ts';
import type { HeaderWish, HttpProbe } from '../model/region.ts';
import { request as requestHttp } from './node-http.ts';
import type { Finding } from './probe-attempt.ts';
import type { Guard } from './probe-guard.ts';
import { certificateLife } from './probe-tls.ts';
import { type Body, readTold } from './told.ts';

/** How much of a body is looked at, in octets. */
const bodyLimit = 64 * 1024;

/** Longest header that is read, in octets; the connection fails at a longer one. */
const headerLimit = 16 * 1024;

/**
 * Resolves to why the target is not healthy, empty when it is, and then to what it tells of its
 * load; rejects with the error of the connection. Redirects are answers like any other. Certificates are checked against the name in
 * the Host header if one is set, else the URL's.
 */
export function probeHttp(
  spec: HttpProbe,
  { lookup }: Guard,
  signal: AbortSignal,
): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const send = spec.url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(spec.url, {
      method: spec.method,
      headers: { 'user-agent': 'meridian', ...spec.headers },
      // A kept connection would go on proving that a process lives which takes no new ones.
      agent: false,
      lookup,
      maxHeaderSize: headerLimit,
      rejectUnauthorized: spec.verify,
      signal,
    });
    // Such as after 101 Switching Protocols, which is neither a response nor an error.
    const closeUnanswered = (): void => reject(new Error('connection closed without an answer'));
    request.on('close', closeUnanswered);
    request.on('error', reject);
    request.on('response', (response) => {
      request.off('close', closeUnanswered);
      const expiresIn = certificateLife(response.socket);
      judge(spec, response).then((finding) => resolve({ ...finding, expiresIn }), reject);
    });
    request.end();
  });
}

async function judge(spec: HttpProbe, response: IncomingMessage): Promise<Finding> {
  const status = response.statusCode ?? 0;
  if (!spec.statuses.includes(status))
    return { reason: `status ${status}, want ${spec.statuses.join(' or ')}` };
  const wrong = spec.answerHeaders.map((wish) => judgeHeader(wish, response)).find(Boolean);
  if (wrong !== undefined) return { reason: wrong };
  const { contains, matches, tells = [] } = spec;
  const isLookedAt = contains !== undefined || matches !== undefined;
  const body = isLookedAt ? await readStart(response) : undefined;
  const reason = body === undefined ? '' : judgeBody(spec, body.start.subarray(0, bodyLimit));
  if (reason !== '' || tells.length === 0) return { reason };
  // Whoever is healthy is so whether or not it tells its load, and however slowly.
  const told = await tell(tells, response, body).catch(() => undefined);
  return { reason, told };
}

async function tell(
  tells: readonly FigureSource[],
  response: IncomingMessage,
  body: Body | undefined,
): Promise<Finding['told']> {
  const isInBody = tells.some(({ place }) => place.kind !== 'header');
  return readTold(tells, response, body ?? (isInBody ? await readStart(response) : undefined));
}

function judgeBody({ contains, matches }: HttpProbe, body: Buffer): string {
  if (contains !== undefined && !body.includes(contains)) {
    return `body does not contain "${contains}"`;
  }
  const isMatch = matches === undefined || matches.test(body.toString('utf8'));
  return isMatch ? '' : `body does not match ${matches.source}`;
}

/** A field may come several times: one of its values is enough. They may be secrets, so no reason repeats any. */
function judgeHeader({ name, contains, matches }: HeaderWish, response: IncomingMessage): string {
  const values = response.headersDistinct[name] ?? [];
  if (values.length === 0) return `no header ${name}`;
  const holding = values.filter((value) => contains === undefined || value.includes(contains));
  if (holding.length === 0) return `header ${name} does not contain "${contains}"`;
  const isMatch = matches === undefined || holding.some((value) => matches.test(value));
  return isMatch ? '' : `header ${name} does not match ${matches.source}`;
}

/** What comes after the start is still to be read, from the same connection. */
async function readStart(response: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  const rest = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let isWhole = false;
  while (size < bodyLimit && !isWhole) {
    const next = await rest.next();
    isWhole = next.done === true;
    if (next.done === true) break;
    chunks.push(next.value);
    size += next.value.length;
  }
  return { start: Buffer.concat(chunks), rest, isWhole };
}
