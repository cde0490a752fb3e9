// Packet → packet: decode, look up, decide, answer, encode; every query counted exactly once.

import { isTransfer } from '../authority/answer.ts';
import { answerChaos } from '../authority/chaos.ts';
import type { Decision, Question } from '../model/decision.ts';
import {
  type Peer,
  type Query,
  classAny,
  classChaos,
  classIn,
  extendedErrors,
} from '../model/message.ts';
import type { Millis } from '../model/time.ts';
import type { Begin, Clock, Hmac, Log, Respond } from '../ports.ts';
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
import type { Counters, QueryOutcome } from './counters.ts';
import { type Extras, extrasOf, type ExtrasOptions } from './extras.ts';
import { AnswerCache } from './answer-cache.ts';
import { answerCookie } from './cookie-answer.ts';
import { direct } from './direct.ts';
import { asksWhy, explainTxt } from './explain-txt.ts';
import { type Opened, openQuery } from './transfer/opened.ts';
import type { Rule } from './rates.ts';
import type { OnAnswer } from './sampled.ts';
import type { View } from './snapshot.ts';
import { createTransfers, type OpenTransfer } from './transfer/transfer.ts';

export interface RespondOptions extends ExtrasOptions {
  readonly cell: { readonly view: View };
  readonly clock: Clock;
  readonly log: Log;
  /** Undefined knows no signatures. */
  readonly hmac?: Hmac | undefined;
  /** What becomes of an answer over UDP; undefined sends them all. */
  readonly rule?: Rule | undefined;
  /** Called with every answered query, for sampled query logs; undefined costs nothing. */
  readonly onAnswer?: OnAnswer | undefined;
}

export function createRespond(options: RespondOptions): Respond {
  const { cell, clock, counters, log } = options;
  const openTransfer = createTransfers(counters, log);
  const means: Means = { ...options, cache: new AnswerCache(), openTransfer };
  let hasFailed = false;
  const answer = (
    query: Query,
    bytes: Uint8Array,
    peer: Peer,
    opened: Opened | undefined,
    begin: Begin | undefined,
  ): Uint8Array | undefined => {
    try {
      const now = clock.now();
      const { view } = cell;
      const extras = extrasOf(query.edns?.asks, peer, view.snapshot.settings, now, options);
      const asked = { query, bytes, peer, view, extras, opened, begin, scope: 0 };
      const message = answerQuery(asked, now, means);
      const signer = opened?.judged?.signer;
      return message === undefined || signer === undefined ? message : signer.sign(message);
    } catch (error) {
      // The last net: a mistake of ours costs one SERVFAIL, never the process.
      if (!hasFailed) log.error('query.failed', { reason: String(error) });
      hasFailed = true;
      counters.outcomes.servfail++;
      return refusal(query, bytes, 'SERVFAIL');
    }
  };
  return (bytes, peer, begin) => {
    counters.received[peer.transport]++;
    // Nobody can receive an answer at port 0: such a datagram is forged.
    if (peer.port === 0) return drop(counters, 'dropped-source');
    const decoded = decodeQuery(bytes);
    if (!('kind' in decoded)) return answer(decoded, bytes, peer, undefined, begin);
    const opened = openQuery(decoded, bytes, cell.view.snapshot.settings.dns.keys, options.hmac);
    if (!('kind' in opened)) return answer(opened.query, opened.bytes, peer, opened, begin);
    if (opened.kind === 'refused') return refuse(opened, bytes, peer, options);
    return drop(counters, opened.reason === 'short' ? 'dropped-short' : 'dropped-response');
  };
}

/** A query that could be read, with what its reply needs besides the answer. */
interface Asked {
  readonly query: Query;
  readonly bytes: Uint8Array;
  readonly peer: Peer;
  readonly view: View;
  readonly extras: Extras | undefined;
  readonly opened: Opened | undefined;
  readonly begin: Begin | undefined;
  scope: number;
}

interface Means extends RespondOptions {
  readonly cache: AnswerCache;
  readonly openTransfer: OpenTransfer;
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

function answerQuery(asked: Asked, now: Millis, options: Means): Uint8Array | undefined {
  const { query, peer, view, extras, opened } = asked;
  const signing = opened?.judged?.error;
  if (signing !== undefined) {
    const error = { code: extendedErrors.other, text: `TSIG: ${signing}` };
    return send(asked, bareAnswer('NOTAUTH', error), 'notauth', undefined, now, options);
  }
  const cookie = answerCookie(query, peer, extras, view.snapshot.settings.dns);
  if (cookie !== undefined) {
    return send(asked, cookie.compiled, cookie.outcome, undefined, now, options);
  }
  if (query.class === classChaos) {
    const answer = answerChaos(query.name, query.type, view.snapshot.settings.dns);
    const compiled = compileAnswer(query.name, answer, classChaos);
    const outcome = answer.rcode === 'REFUSED' ? 'refused' : 'chaos';
    return send(asked, compiled, outcome, undefined, now, options);
  }
  if (!isOurs(query)) return send(asked, notOurs, 'refused', undefined, now, options);
  if (isTransfer(query.type)) return transfer(asked, now, options);
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
  const ready = options.cache.find(view, question, direction);
  const { decision } = direction;
  if (ready.isTailored) asked.scope = decision?.scope ?? 0;
  return send(asked, ready.compiled, ready.outcome, decision, now, options);
}

/** What goes out in several messages is counted as it begins. */
function transfer(asked: Asked, now: Millis, options: Means): Uint8Array | undefined {
  const { query, peer, opened, begin } = asked;
  const { serial, judged } = opened ?? {};
  const answer = options.openTransfer({
    ...asked,
    serial,
    key: judged?.key,
    signer: judged?.signer,
    canStream: begin !== undefined,
  });
  if (answer.kind === 'message') {
    return send(asked, answer.compiled, answer.outcome, undefined, now, options);
  }
  count(query, peer, 'transferred', undefined, options);
  begin?.(answer.messages);
  return undefined;
}

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
  const { query, bytes, peer, view, extras, opened, scope } = asked;
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
    reserved: opened?.judged?.signer.size,
  });
  count(query, peer, ruling === 'slip' ? 'slipped' : outcome, decision, options);
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
  if (decision?.state === 'below-floor') counters.belowFloor++;
  if (decision?.state === 'fail-closed') counters.failedClosed++;
  if (decision?.state === 'stand-in') counters.stoodIn++;
  const first = decision?.regions[0];
  if (first !== undefined) counters.chosen.set(first, (counters.chosen.get(first) ?? 0) + 1);
}

/** Only the internet class (RFC 1035 §3.2.4). */
function isOurs(query: Query): boolean {
  return query.class === classIn || query.class === classAny;
}
