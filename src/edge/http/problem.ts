// Problem documents (RFC 9457): every refusal is a fault of the registry, and none tells of the inside.

import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { type Fault, FaultError, faultRegistry } from '../../model/fault.ts';
import type { Refusal } from '../../model/safety.ts';
import { STATUS_CODES } from '../node-http.ts';
import { requestIdOf } from './request-id.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly field?: string;
  readonly rules?: readonly Refusal[];
  /** What the log and the audit log call the request. */
  readonly request?: string;
}

export function problemOf({ code, message, path, rules }: Fault, request?: string): Problem {
  const { title, status } = faultRegistry[code];
  const field = path === undefined || path === '' ? {} : { field: path.slice(1) };
  const said = { title, status, detail: message, code, ...field, ...(rules && { rules }) };
  const named = request === undefined ? said : { ...said, request };
  return { type: `urn:meridian:fault:${code}`, ...named };
}

const mediaType = 'application/problem+json';

/** Why a request was refused; undefined where it was not. */
export function reasonOf(request: FastifyRequest): Fault | undefined {
  return refusals.get(request);
}

const refusals = new WeakMap<FastifyRequest, Fault>();

export function sendFault(reply: FastifyReply, fault: Fault): void {
  const { request } = reply;
  const problem = problemOf(fault, request.id);
  refusals.set(request, fault);
  // Where the framework refuses, no hook has set it.
  void reply.header('x-request-id', request.id);
  const isForRoom = fault.code === 'request.too-many' || fault.code === 'request.no-room';
  if (isForRoom && !reply.hasHeader('retry-after')) void reply.header('retry-after', 1);
  void reply.code(problem.status).type(mediaType).send(JSON.stringify(problem));
}

/** What a door answered; a fault is thrown, for the error handler to turn into a problem. */
export function answerOf<T extends object>(answer: T | Fault): T {
  if ('code' in answer && 'message' in answer) throw new FaultError(answer);
  return answer;
}

/** The fault behind an error that came while a request was handled; undefined for our own mistakes. */
export function faultOf(error: unknown): Fault | undefined {
  if (error instanceof FaultError) return error.fault;
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode = 500 } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : frameworkFaults[code];
  if (known !== undefined) return known;
  return statusCode < 500 ? { code: 'request.invalid', message: error.message } : undefined;
}

const frameworkFaults: Readonly<Record<string, Fault>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'request.too-large',
    message: 'want at most 64 KiB, or 256 KiB for votes',
  },
  FST_ERR_MAX_PARAM_LENGTH: {
    code: 'request.too-large',
    message: 'a part of the path is too long',
  },
  FST_ERR_BAD_URL: { code: 'request.invalid', message: 'the path has a broken percent escape' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'request.invalid', message: 'the body is empty, want JSON' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'request.invalid', message: 'the body is not JSON' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { code: 'request.media-type', message: 'want application/json' },
  HPE_HEADER_OVERFLOW: { code: 'request.too-large', message: 'the headers are too long' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request.timeout', message: 'want all of it within seconds' },
};

/** Answers what is not HTTP enough to become a request: there is only the socket to write to. */
export function refuseClient(error: NodeJS.ErrnoException, socket: Socket): void {
  // What is wrong with TLS cannot be told over it.
  const isTls = /^(ERR_SSL|ERR_TLS|EPROTO)/.test(error.code ?? '');
  if (error.code === 'ECONNRESET' || isTls || !socket.writable) {
    socket.destroy();
    return;
  }
  const fault = frameworkFaults[error.code ?? ''];
  const message = 'this is not a request of HTTP/1.1';
  const id = requestIdOf(undefined);
  const problem = problemOf(fault ?? { code: 'request.invalid', message }, id);
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    `content-type: ${mediaType}`,
    `x-request-id: ${id}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
}
