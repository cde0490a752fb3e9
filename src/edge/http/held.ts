// The tokens that a request holds: those of its bearer token, else those that its client certificate stands for.

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Fault } from '../../model/fault.ts';
import type { BearerToken, CertificateToken, Token } from '../../model/token.ts';
import { certificateOf, wordOf } from './client-certificate.ts';

/**
 * At least one, or a fault, whose message is empty where nothing was shown. A header is the nearer
 * word: with one, the certificate of the connection does not count.
 */
export function heldTokens(
  request: FastifyRequest,
  tokens: readonly Token[],
): readonly Token[] | Fault {
  const { authorization } = request.headers;
  if (authorization !== undefined) return tokensOfBearer(authorization, tokens);
  const marks = certificateOf(request)?.marks;
  if (marks === undefined) return refuse('');
  if (isForeign(request)) return refuse('a page of another site sent this by your certificate');
  const held = tokens.filter(isByCertificate);
  const own = held.filter(({ certificate }) => marks.has(wordOf(certificate)));
  // Where no certificate stands for anything, none was meant to.
  const words = held.length === 0 ? '' : 'no token stands for this client certificate';
  return own.length === 0 ? refuse(words) : own;
}

/** The same, or none. */
export function knownTokens(request: FastifyRequest, tokens: readonly Token[]): readonly Token[] {
  const held = heldTokens(request, tokens);
  return 'code' in held ? [] : held;
}

/** A browser shows a certificate with whatever any page sends, but names the page. */
function isForeign({ headers: { origin, host } }: FastifyRequest): boolean {
  return origin !== undefined && origin !== `https://${host}`;
}

function tokensOfBearer(authorization: string, tokens: readonly Token[]): readonly Token[] | Fault {
  const token = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (token === undefined) return refuse('');
  const digest = createHash('sha256').update(token).digest();
  // Each is compared, in constant time: how long it takes tells nothing about any of them.
  const held = tokens
    .filter(isBearer)
    .filter(({ sha256 }) => timingSafeEqual(Buffer.from(sha256, 'hex'), digest));
  return held.length === 0 ? refuse('this bearer token is not known') : held;
}

/** What tells one holder from another, for budgets and for keys. */
export function markOf(token: Token): string {
  return isBearer(token) ? token.sha256 : `certificate ${wordOf(token.certificate)}`;
}

/** How the audit log calls it. */
export function doorNameOf(token: Token): string {
  if (isBearer(token)) return `token ${token.name ?? token.sha256.slice(0, 8)}`;
  const { kind, value } = token.certificate;
  return `certificate ${token.name ?? value.slice(0, kind === 'sha256' ? 8 : 100)}`;
}

export function isByCertificate(token: Token): token is CertificateToken {
  return 'certificate' in token;
}

function isBearer(token: Token): token is BearerToken {
  return 'sha256' in token;
}

function refuse(message: string): Fault {
  return { code: 'request.unauthorized', message };
}
