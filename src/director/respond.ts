// Packet → packet: decode, look up, decide, answer, encode; every query counted exactly once.

import { isTransfer } from '../authority/answer.ts';
import { answerChaos } from '../authority/chaos.ts';
import type { Decision, Question } from '../model/decision.ts';
import type { Peer, Query } from '../model/message.ts';
import { classAny, classChaos, classIn } from '../model/message.ts';
import type { Settings } from '../model/settings.ts';
import type { Millis } from '../model/time.ts';
import type { Clock, Log, Respond } from '../ports.ts';
import { decodeQuery } from '../wire/decode.ts';
import { compileAnswer, errorReply, refusal, reply } from '../wire/encode.ts';
import type { SipKey } from '../wire/siphash.ts';
import type { Counters, QueryOutcome } from './counters.ts';
import { type Extras, extrasFor } from './extras.ts';
import { AnswerCache } from './answer-cache.ts';
import { direct } from './direct.ts';
import type { OnAnswer } from './sampled.ts';
import type { SnapshotCell, View } from './snapshot.ts';

export interface RespondOptions {
  readonly cell: SnapshotCell;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
  /** The first makes cookies, all are believed (RFC 9018 §4.4); undefined knows no cookies. */
  readonly cookieKeys?: ((settings: Settings) => readonly SipKey[]) | undefined;
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
      counters.outcomes[malformedOutcomes[query.rcode]]++;
      return errorReply(bytes, query);
    }
    try {
      return answerQuery(query, bytes, peer, cell.view, clock.now(), cache, options);
    } catch (error) {
      // The last net: a mistake of ours costs one SERVFAIL, never the process.
      if (!hasFailed) log.error('query.failed', { reason: String(error) });
      hasFailed = true;
      counters.outcomes.servfail++;
      return refusal(query, bytes, 'SERVFAIL');
    }
  };
}

const malformedOutcomes = { FORMERR: 'formerr', NOTIMP: 'notimp', BADVERS: 'badvers' } as const;

function drop(counters: Counters, outcome: QueryOutcome): undefined {
  counters.outcomes[outcome]++;
}

function answerQuery(
  query: Query,
  bytes: Uint8Array,
  peer: Peer,
  view: View,
  now: Millis,
  cache: AnswerCache,
  options: RespondOptions,
): Uint8Array {
  const extras = extrasOf(query, peer, view, now, options);
  if (extras?.cookie === 'new' && peer.transport === 'udp' && requiresCookie(view)) {
    const message = refusal(query, bytes, 'BADCOOKIE', undefined, extras.octets);
    count(query, peer, 'badcookie', undefined, options);
    return message;
  }
  if (query.class === classChaos) return answerSelf(query, bytes, peer, view, extras, options);
  if (!isOurs(query)) {
    const message = refusal(query, bytes, 'REFUSED', undefined, extras?.octets);
    count(query, peer, 'refused', undefined, options);
    return message;
  }
  const subnet = query.edns?.subnet?.source;
  const client = { address: peer.address, origin: 'resolver', subnet } as const;
  const wantsDnssec = query.edns?.wantsDnssec ?? false;
  const question: Question = { name: query.name, type: query.type, client, wantsDnssec };
  const direction = direct(view, question, now);
  const ready = cache.find(view, question, direction);
  const { decision } = direction;
  const scope = ready.isTailored ? decision?.scope : 0;
  const message = reply(query, bytes, ready.compiled, {
    transport: peer.transport,
    scope,
    extras: extras?.octets,
  });
  count(query, peer, ready.outcome, decision, options);
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

/** RFC 4892: the answer stands in the class that was asked about. */
function answerSelf(
  query: Query,
  bytes: Uint8Array,
  peer: Peer,
  { snapshot }: View,
  extras: Extras | undefined,
  options: RespondOptions,
): Uint8Array {
  const answer = answerChaos(query.name, query.type, snapshot.settings.dns);
  const compiled = compileAnswer(query.name, answer, classChaos);
  const message = reply(query, bytes, compiled, {
    transport: peer.transport,
    extras: extras?.octets,
  });
  count(query, peer, answer.rcode === 'REFUSED' ? 'refused' : 'chaos', undefined, options);
  return message;
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
  const first = decision?.regions[0];
  if (first !== undefined) counters.chosen.set(first, (counters.chosen.get(first) ?? 0) + 1);
}

/** Only the internet class (RFC 1035 §3.2.4), and no transfers. */
function isOurs(query: Query): boolean {
  const isInternet = query.class === classIn || query.class === classAny;
  return isInternet && !isTransfer(query.type);
}
