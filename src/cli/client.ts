// A director's HTTP API, as commands call it.

import { randomUUID } from 'node:crypto';
import { type Fault, FaultError, faultRegistry } from '../model/fault.ts';
import type { Settings } from '../model/settings.ts';
import { tlsWords } from '../edge/tls-words.ts';
import type { Io, Options } from './command.ts';
import { tryAgain } from './retry.ts';
import { pemOf, type Sent, send, tlsOptions } from './send.ts';

/** Options of every command that talks to a director. */
export const clientOptions = { url: { type: 'string' }, ...tlsOptions } as const;

/** An answer that takes longer helps nobody who waits at a terminal. */
const patienceMs = 5000;

/**
 * Calls a director: `--url`, else MERIDIAN_URL, else the address of MERIDIAN_HTTP, else the default
 * one; MERIDIAN_TOKEN is its bearer token, and `send.ts` says what certificates are taken. Sent again where
 * `tryAgain` does so. Throws a FaultError with the director's own words.
 */
export async function callDirector<T>(
  path: string,
  options: Options,
  io: Pick<Io, 'env' | 'signal' | 'err'>,
  request: { readonly method?: string; readonly body?: unknown } = {},
): Promise<T> {
  const { method = 'GET' } = request;
  const headers = {
    accept: 'application/json',
    ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    // A new one for each command: it happens once, however often it must be sent.
    ...(method !== 'GET' && { 'idempotency-key': randomUUID() }),
  };
  const body = request.body === undefined ? {} : { body: JSON.stringify(request.body) };
  const text = await tryAgain(async () => {
    const signal = AbortSignal.any([io.signal, AbortSignal.timeout(patienceMs)]);
    const response = await ask(path, options, io.env, { method, headers, signal, ...body });
    return response.text();
  }, io);
  return parse(text) as T;
}

/** Where the director is that is meant; `scheme` is that of the one at this machine. */
export function baseOf({ url }: Options, env: Io['env'], scheme = 'http'): string {
  if (typeof url === 'string') return url;
  return env['MERIDIAN_URL'] ?? `${scheme}://${env['MERIDIAN_HTTP'] ?? '127.0.0.1:8053'}`;
}

/** That of the API of a director with these settings. */
export function schemeOf({ http }: Pick<Settings, 'http'>): 'http' | 'https' {
  return http.tls === undefined ? 'http' : 'https';
}

/** A director's answer as it begins, if it is a good one; throws a FaultError like `callDirector`. */
export async function ask(
  path: string,
  options: Options,
  env: Io['env'],
  request: Sent,
): Promise<Response> {
  const base = baseOf(options, env);
  const url = URL.parse(path, base);
  const isKnown = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url === null || !isKnown)
    throw refuse({ code: 'request.invalid', message: `"${base}" is not a URL of http or https` });
  const token = env['MERIDIAN_TOKEN'];
  const hasToken = token !== undefined && token !== '';
  const headers = { ...request.headers, ...(hasToken && { authorization: `Bearer ${token}` }) };
  const pem = url.protocol === 'https:' ? await pemOf(options, env) : {};
  let response: Response;
  try {
    response = await send(url, { ...request, headers }, pem);
  } catch (error) {
    const cause = causeOf(error);
    const reason = tlsWords(cause) ?? (cause instanceof Error ? cause.message : String(cause));
    const message = `no director answers at ${url.origin}: ${reason}`;
    throw new FaultError({ code: 'director.unreachable', message }, cause);
  }
  if (response.ok) return response;
  const fault = faultOf(parse(await response.text()), response);
  throw new FaultError(fault, { status: response.status });
}

/** Where a name has several addresses each has an error, and an abort has its reason. */
function causeOf(error: unknown): unknown {
  if (error instanceof AggregateError) return error.errors[0];
  const { name, cause } = error as Error;
  return name === 'AbortError' && cause instanceof Error ? cause : error;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The problem document's own fault (RFC 9457), or one made from the status. */
function faultOf(json: unknown, response: Response): Fault {
  const problem = (typeof json === 'object' && json !== null ? json : {}) as Record<
    string,
    unknown
  >;
  const code = Object.keys(faultRegistry).find((known) => known === problem['code']);
  const words = problem['detail'] ?? problem['title'];
  return {
    code: (code ?? 'director.internal') as Fault['code'],
    message: typeof words === 'string' ? words : `the director answered ${response.status}`,
    path: typeof problem['field'] === 'string' ? problem['field'] : undefined,
    request: requestOf(problem['request']),
  };
}

/** As it can be looked up in the director's logs; whoever answers may be no director of ours. */
function requestOf(word: unknown): string | undefined {
  return typeof word === 'string' && /^[\w.:-]{1,64}$/.test(word) ? word : undefined;
}

function refuse(fault: Fault): FaultError {
  return new FaultError(fault);
}
