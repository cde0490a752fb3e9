// Access: who the client is, and who may change anything.

import type {
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  preParsingAsyncHookHandler,
} from 'fastify';
import { type Fault, FaultError } from '../../model/fault.ts';
import { type Ip, isAmong, type Prefix, parseIp, parsePrefix } from '../../model/ip.ts';
import { pushProbesOf, type RegionId } from '../../model/region.ts';
import type { Settings } from '../../model/settings.ts';
import { addressOf } from '../udp.ts';
import { doorNameOf, heldTokens, isByCertificate, knownTokens, markOf } from './held.ts';

type HttpSettings = Settings['http'];

/** Whom to decide for: the nearest address that is not one of the configured proxies. */
export function clientOf(request: FastifyRequest): Ip {
  return parseForwarded(request.ip) ?? peerOf(request);
}

/** The other end of the connection, whatever headers say. */
function peerOf(request: FastifyRequest): Ip {
  return addressOf(request.socket.remoteAddress ?? '');
}

/** Some proxies add a port, which RFC 7239 §6 gives a form to. */
function parseForwarded(text: string): Ip | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text) ?? /^(\d+(?:\.\d+){3}):\d+$/.exec(text);
  return parseIp(bare?.[1] ?? text);
}

export function isTrustedProxy(address: string, proxies: readonly Prefix[]): boolean {
  const ip = parseIp(address);
  return ip !== undefined && isAmong(ip, proxies);
}

/** For the options of a route. */
export interface Guard {
  readonly onRequest: onRequestAsyncHookHandler;
  readonly preParsing: preParsingAsyncHookHandler;
}

/**
 * Refuses before the body is read, but behind the rate limit, which is told whom: so those who knock
 * in vain are limited as well, and take nothing from the budget of anybody else at their address.
 */
function guard(faultIn: (request: FastifyRequest) => Fault | undefined): Guard {
  return {
    onRequest: async (request) => {
      const fault = faultIn(request);
      if (fault !== undefined) unwelcome.set(request, fault);
    },
    preParsing: async (request, reply) => turnAway(unwelcome.get(request), reply),
  };
}

const unwelcome = new WeakMap<FastifyRequest, Fault>();

/** Whether the caller may not ask this at all, whatever else is answered. */
export function isUnwelcome(request: FastifyRequest): boolean {
  return unwelcome.has(request);
}

export function mayOperate(settings: () => { readonly http: HttpSettings }): Guard {
  return guard((request) => faultInOperator(request, settings().http));
}

/** What tells of clients is for whoever has a token of any scope; without tokens, for this machine alone. */
export function mayRead(settings: () => { readonly http: HttpSettings }): Guard {
  return guard((request) => {
    const { http } = settings();
    return http.tokens.length > 0
      ? faultInToken(request, http.tokens, 'read')
      : faultInPlace(request, http.trustedProxies);
  });
}

/** The same for what operators have said and done; without tokens it is open, as overrides and events are. */
export function mayFollow(settings: () => { readonly http: HttpSettings }): Guard {
  return guard((request) => {
    const { tokens } = settings().http;
    return tokens.length === 0 ? undefined : faultInToken(request, tokens, 'read');
  });
}

/** How an operator came in, in words for the audit log. */
export function doorOf(request: FastifyRequest, { tokens }: HttpSettings): string {
  const token = knownTokens(request, tokens).find(({ scope }) => scope === 'operate');
  return token === undefined ? 'loopback' : doorNameOf(token);
}

/** What the known token that a request holds is told by; undefined where it holds none that is known. */
export function holderOf(request: FastifyRequest, { tokens }: HttpSettings): string | undefined {
  const [first] = tokens.length === 0 ? [] : knownTokens(request, tokens);
  return first && markOf(first);
}

/** Lets an application report by its own token, and whoever may operate. */
export function mayReport(settings: () => Pick<Settings, 'http' | 'regions'>): Guard {
  return guard((request) => {
    const { http, regions } = settings();
    const { region, name } = request.params as { readonly region: string; readonly name: string };
    const probes = pushProbesOf(regions.get(region as RegionId) ?? { probes: undefined });
    const own = probes.find((probe) => probe.name === name)?.token;
    return faultInReporter(request, http, own);
  });
}

/** Lets a region report its load by its own token, and whoever may operate. */
export function mayReportLoad(settings: () => Pick<Settings, 'http' | 'regions'>): Guard {
  return guard((request) => {
    const { http, regions } = settings();
    const { region } = request.params as { readonly region: string };
    const own = regions.get(region as RegionId)?.load?.token;
    return faultInReporter(request, http, own);
  });
}

function turnAway(fault: Fault | undefined, reply: FastifyReply): void {
  if (fault === undefined) return;
  if (fault.code === 'request.unauthorized') {
    void reply.header('www-authenticate', 'Bearer realm="meridian"');
  }
  throw new FaultError(fault);
}

function faultInOperator(request: FastifyRequest, http: HttpSettings): Fault | undefined {
  return http.tokens.length > 0
    ? faultInToken(request, http.tokens, 'operate')
    : faultInPlace(request, http.trustedProxies);
}

/** A token that is shown must fit, also where none would be needed: else a wrong one went unnoticed. */
function faultInReporter(
  request: FastifyRequest,
  http: HttpSettings,
  own: string | undefined,
): Fault | undefined {
  const { authorization } = request.headers;
  const fault = faultInOperator(request, http);
  if (own === undefined || (fault === undefined && authorization === undefined)) return fault;
  const tokens = [...http.tokens, { sha256: own, scope: 'operate' as const }];
  return faultInToken(request, tokens, 'report');
}

function faultInToken(
  request: FastifyRequest,
  tokens: HttpSettings['tokens'],
  what: string,
): Fault | undefined {
  const held = heldTokens(request, tokens);
  if ('code' in held) return { ...held, message: want(held, what, tokens.some(isByCertificate)) };
  if (what === 'read' || held.some(({ scope }) => scope === 'operate')) return undefined;
  const shown = request.headers.authorization === undefined ? 'client certificate' : 'bearer token';
  return { code: 'request.forbidden', message: `this ${shown} may read, not ${what}` };
}

function want({ message }: Fault, what: string, isByEither: boolean): string {
  const wish = isByEither ? 'a bearer token, or a client certificate,' : 'a bearer token';
  return message === '' ? `want ${wish} that may ${what}` : message;
}

const loopback: readonly Prefix[] = ['127.0.0.0/8', '::1/128'].map(
  (text) => parsePrefix(text) as Prefix,
);

/**
 * Without tokens, whoever sits at this machine may operate. Being at it is not enough for that:
 * - a proxy on this machine brings requests from elsewhere, which its headers or our list give away;
 * - a web page that somebody here looks at can send requests here, but a browser names the page in
 *   `Origin`, and the name in `Host` where that name was made to lead here (DNS rebinding).
 */
function faultInPlace(request: FastifyRequest, proxies: readonly Prefix[]): Fault | undefined {
  const { headers } = request;
  const refuse = (message: string): Fault => ({
    code: 'request.forbidden',
    message: `without configured tokens, this is for this machine only: ${message}`,
  });
  const peer = peerOf(request);
  if (!isAmong(peer, loopback)) return refuse('this connection comes from elsewhere');
  if (isAmong(peer, proxies) || proxyHeaders.some((name) => headers[name] !== undefined)) {
    return refuse('this request came through a proxy');
  }
  const host = headers.host ?? '';
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host)) {
    return refuse('the Host header must be localhost or a loopback address');
  }
  if (headers.origin !== undefined && headers.origin !== `${schemeOf(request)}://${host}`) {
    return refuse('this request was sent by a page of another site');
  }
  return undefined;
}

/** Of the connection itself, whatever headers say. */
function schemeOf({ socket }: FastifyRequest): string {
  return 'encrypted' in socket && socket.encrypted === true ? 'https' : 'http';
}

const proxyHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
];
