// One request of a command over HTTP or HTTPS, with the certificates that its options name.

import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { request as requestHttp } from '../edge/node-http.ts';
import { type Pem, readPem } from '../edge/pem.ts';
import { FaultError } from '../model/fault.ts';
import type { Io, Options } from './command.ts';

/** Of every command that may speak HTTPS with a director. */
export const tlsOptions = {
  ca: { type: 'string' },
  cert: { type: 'string' },
  key: { type: 'string' },
} as const;

export interface Sent {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/**
 * `--ca` are whom the director's certificate may be signed by, in place of those that Node knows;
 * `--cert` and `--key` are shown to it; MERIDIAN_CA, MERIDIAN_CERT and MERIDIAN_KEY stand for them.
 * Read for each request, so that what was renewed is shown. Throws a FaultError.
 */
export async function pemOf(options: Options, env: Io['env']): Promise<Pem> {
  const named = (option: string): string | undefined => {
    const value = options[option] ?? env[`MERIDIAN_${option.toUpperCase()}`];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [certificate, key] = [named('cert'), named('key')];
  if ((certificate === undefined) !== (key === undefined)) {
    const message = 'want a client certificate and its key together: --cert and --key';
    throw new FaultError({ code: 'request.invalid', message });
  }
  return readPem({ ca: named('ca'), certificate, key });
}

/** The answer as it begins; redirects are answers. Rejects with the socket's error, or the signal's. */
export async function send(url: URL, { body, ...sent }: Sent, pem: Pem): Promise<Response> {
  // With a method that seldom has a body, Node frames none by itself.
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const headers = { ...sent.headers, ...length };
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = start(url, { ...sent, headers, ...pem }, resolve);
    request.on('error', reject);
    request.end(body);
  });
  const { statusCode: status = 502 } = incoming;
  // A Response has none with these (Fetch §2.2.3).
  const isEmpty = status === 204 || status === 205 || status === 304;
  const stream = isEmpty ? null : Readable.toWeb(incoming);
  return new Response(stream as ReadableStream | null, { status });
}
