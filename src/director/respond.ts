// Packet → packet: decode, look up, decide, answer, encode; every query counted exactly once.

import { isTransfer } from '../authority/answer.ts';
import { answerChaos } from '../authority/chaos.ts';
import type { Decision, Question } from '../model/decision.ts';
import type { Peer, Query } from '../model/message.ts';
import { classAny, classChaos, classIn } from '../model/message.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { Clock, Log, Respond } from '../ports.ts';
import { decodeQuery, type Refused } from '../wire/decode.ts';
import {
  bareAnswer,
  type CompiledAnswer,
  compileAnswer,
  errorReply,
  refusal,
  reply,
  truncated,
} from '../wire/encode.ts';
import { clientCookieSize } from '../wire/cookie.ts';
import { headerSize } from '../wire/octets.ts';
import type { SipKey } from '../wire/siphash.ts';
import type { Counters, QueryOutcome } from './counters.ts';
import { type Extras, extrasFor } from './extras.ts';
import { AnswerCache } from './answer-cache.ts';
import { direct } from './direct.ts';
import { asksWhy, explainTxt } from './explain-txt.ts';
import type { Rule } from './rates.ts';
import type { OnAnswer } from './sampled.ts';
import type { SnapshotCell, View } from './snapshot.ts';

export interface RespondOptions {
  readonly cell: SnapshotCell;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
  /** The first makes cookies, all are believed (RFC 9018 §4.4); undefined knows no cookies. */
  readonly cookieKeys?: ((settings: Settings) => readonly SipKey[]) | undefined;
  /** What becomes of an answer over UDP; undefined sends them all. */
  readonly rule?: Rule | undefined;
  /** Called with every answered query, for sampled query logs; undefined costs nothing. */
  readonly onAnswer?: OnAnswer | undefined;
}

export function createRespond(options: RespondOptions): Respond {
  const { cell, clock, counters, log } = options;
  const cache = new AnswerCache();
  let hasFailed = false;
  return (bytes, peer) => {
    counters.received[peer.transport]++;
    // Nobody can receive an answer at port 0: such a datagram is forged.
    if (peer.port === 0) return drop(counters, 'dropped-source');
    const query = decodeQuery(bytes);
    if ('kind' in query) {
      if (query.kind === 'silent') {
        return drop(counters, query.reason === 'short' ? 'dropped-short' : 'dropped-response');
      }
      return refuse(query, bytes, peer, options);
    }
    try {
      const now = clock.now();
      const { view } = cell;
      const extras = extrasOf(query, peer, view, now, options);
      return answerQuery({ query, bytes, peer, view, extras, scope: 0 }, now, cache, options);
    } catch (error) {
      // The last net: a mistake of ours costs one SERVFAIL, never the process.
      if (!hasFailed) log.error('query.failed', { reason: String(error) });
      hasFailed = true;
      counters.outcomes.servfail++;
      return refusal(query, bytes, 'SERVFAIL');
    }
  };
}

/** A query that could be read, with what its reply needs besides the answer. */
interface Asked {
  readonly query: Query;
  readonly bytes: Uint8Array;
  readonly peer: Peer;
  readonly view: View;
  readonly extras: Extras | undefined;
  scope: number;
}

/** What is malformed is told so, unless its sender is told so too often. */
function refuse(
  malformed: Refused,
  bytes: Uint8Array,
  peer: Peer,
  { cell, clock, counters, rule }: RespondOptions,
): Uint8Array | undefined {
  const outcome = malformedOutcomes[malformed.rcode];
  const { dns } = cell.view.snapshot.settings;
  const isFree = peer.transport !== 'udp' || rule === undefined;
  if (!isFree && rule(dns, outcome, peer.address, clock.now()) !== 'send') {
    return drop(counters, 'dropped-rate');
  }
  counters.outcomes[outcome]++;
  return errorReply(bytes, malformed);
}

const malformedOutcomes = { FORMERR: 'formerr', NOTIMP: 'notimp', BADVERS: 'badvers' } as const;

function drop(counters: Counters, outcome: QueryOutcome): undefined {
  counters.outcomes[outcome]++;
}

function answerQuery(
  asked: Asked,
  now: Millis,
  cache: AnswerCache,
  options: RespondOptions,
): Uint8Array | undefined {
  const { query, peer, view, extras } = asked;
  if (query.questionEnd === headerSize) return sendCookie(asked, now, options);
  if (extras?.cookie === 'new' && peer.transport === 'udp' && requiresCookie(view)) {
    return send(asked, badCookie, 'badcookie', undefined, now, options);
  }
  if (query.class === classChaos) {
    const answer = answerChaos(query.name, query.type, view.snapshot.settings.dns);
    const compiled = compileAnswer(query.name, answer, classChaos);
    const outcome = answer.rcode === 'REFUSED' ? 'refused' : 'chaos';
    return send(asked, compiled, outcome, undefined, now, options);
  }
  if (!isOurs(query)) return send(asked, notOurs, 'refused', undefined, now, options);
  const subnet = query.edns?.subnet?.source;
  const client = { address: peer.address, origin: 'resolver', subnet } as const;
  if (asksWhy(query.name, query.type)) {
    const explained = explainTxt(view, query.name, client, now);
    if (explained !== undefined) {
      const compiled = compileAnswer(query.name, explained.answer);
      const outcome = explained.answer.rcode === 'REFUSED' ? 'refused' : 'explained';
      asked.scope = explained.scope;
      return send(asked, compiled, outcome, undefined, now, options);
    }
  }
  const wantsDnssec = query.edns?.wantsDnssec ?? false;
  const question: Question = { name: query.name, type: query.type, client, wantsDnssec };
  const direction = direct(view, question, now);
  const ready = cache.find(view, question, direction);
  const { decision } = direction;
  if (ready.isTailored) asked.scope = decision?.scope ?? 0;
  return send(asked, ready.compiled, ready.outcome, decision, now, options);
}

/** RFC 7873 §5.4: whoever asks nothing wants a cookie, or to hear whether theirs is still good. */
function sendCookie(asked: Asked, now: Millis, options: RespondOptions): Uint8Array | undefined {
  const { query, extras } = asked;
  const hasOurs = (query.edns?.asks?.cookie?.length ?? 0) > clientCookieSize;
  if (extras === undefined || extras.cookie === 'none') {
    return send(asked, noCookies, 'formerr', undefined, now, options);
  }
  return hasOurs && extras.cookie === 'new'
    ? send(asked, badCookie, 'badcookie', undefined, now, options)
    : send(asked, onlyCookie, 'cookie', undefined, now, options);
}

const noCookies = bareAnswer('FORMERR');
const onlyCookie = bareAnswer('NOERROR');
const badCookie = bareAnswer('BADCOOKIE');
const notOurs = bareAnswer('REFUSED');

/** The last step of every query that could be read: the guard may still withhold the answer. */
function send(
  asked: Asked,
  compiled: CompiledAnswer,
  outcome: QueryOutcome,
  decision: Decision | undefined,
  now: Millis,
  options: RespondOptions,
): Uint8Array | undefined {
  const { query, bytes, peer, view, extras, scope } = asked;
  const { dns } = view.snapshot.settings;
  const isKnown = peer.transport !== 'udp' || extras?.cookie === 'valid';
  const ruling = isKnown ? 'send' : (options.rule?.(dns, outcome, peer.address, now) ?? 'send');
  if (ruling === 'drop') return drop(options.counters, 'dropped-rate');
  // Without a cookie the address may be forged: what is sent there is bounded by what came from there.
  const longest = isKnown ? 0xffff : bytes.length * dns.amplification;
  const message = reply(query, bytes, ruling === 'slip' ? truncated : compiled, {
    transport: peer.transport,
    scope,
    extras: extras?.octets,
    longest,
  });
  count(query, peer, ruling === 'slip' ? 'slipped' : outcome, decision, options);
  return message;
}

/** Undefined for the many who ask for nothing more than an answer. */
function extrasOf(
  { edns }: Query,
  peer: Peer,
  { snapshot }: View,
  now: Millis,
  { cookieKeys, counters }: RespondOptions,
): Extras | undefined {
  const asks = edns?.asks;
  if (asks === undefined) return undefined;
  const { settings } = snapshot;
  const extras = extrasFor(asks, peer, settings.dns, cookieKeys?.(settings) ?? [], now);
  if (extras.cookie !== 'none') counters.withCookie++;
  if (extras.cookie === 'valid') counters.withGoodCookie++;
  return extras;
}

function requiresCookie({ snapshot }: View): boolean {
  return snapshot.settings.dns.cookies.isRequired;
}

/** Comes last, when nothing can go wrong any more and make the query count as SERVFAIL too. */
function count(
  query: Query,
  peer: Peer,
  outcome: QueryOutcome,
  decision: Decision | undefined,
  { counters, onAnswer }: RespondOptions,
): void {
  onAnswer?.(query, peer, outcome, decision);
  counters.outcomes[outcome]++;
  if (query.edns?.subnet !== undefined) counters.withSubnet++;
  if (decision?.state === 'fail-open') counters.failedOpen++;
  if (decision?.state === 'below-floor') counters.belowFloor++;
  const first = decision?.regions[0];
  if (first !== undefined) counters.chosen.set(first, (counters.chosen.get(first) ?? 0) + 1);
}

/** Only the internet class (RFC 1035 §3.2.4), and no transfers. */
function isOurs(query: Query): boolean {
  const isInternet = query.class === classIn || query.class === classAny;
  return isInternet && !isTransfer(query.type);
}
