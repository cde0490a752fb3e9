// Packet → packet: decode, look up, decide, answer, encode; every query counted exactly once.

import { isTransfer } from '../authority/answer.ts';
import type { Node } from '../authority/zone.ts';
import type { Decision, Question } from '../model/decision.ts';
import type { Answer, Peer, Query } from '../model/message.ts';
import { classAny, classIn, recordTypes } from '../model/message.ts';
import type { RegionId } from '../model/region.ts';
import type { Millis } from '../model/time.ts';
import type { Clock, Log, Respond } from '../ports.ts';
import { decodeQuery } from '../wire/decode.ts';
import { type CompiledAnswer, compileAnswer, errorReply, refusal, reply } from '../wire/encode.ts';
import type { Counters, QueryOutcome } from './counters.ts';
import { answerDirection, type Direction, direct, isTailored } from './direct.ts';
import type { OnAnswer } from './sampled.ts';
import type { SnapshotCell, View } from './snapshot.ts';

export interface RespondOptions {
  readonly cell: SnapshotCell;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
  /** Called with every answered query, for sampled query logs; undefined costs nothing. */
  readonly onAnswer?: OnAnswer | undefined;
}

/** An answer ready to be patched and sent, with what it counts as. */
interface Ready {
  readonly compiled: CompiledAnswer;
  readonly outcome: QueryOutcome;
  readonly isTailored: boolean;
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
  if (!isOurs(query)) {
    const message = refusal(query, bytes, 'REFUSED');
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
  const message = reply(query, bytes, ready.compiled, { transport: peer.transport, scope });
  count(query, peer, ready.outcome, decision, options);
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

/**
 * Compiled answers, kept as long as what they were compiled from: a steered one hangs on the
 * decision's own list of regions, a static one on its node, so a new snapshot starts afresh.
 */
class AnswerCache {
  readonly #steered = new WeakMap<readonly RegionId[], Map<number, Ready>>();
  readonly #static = new WeakMap<Node, Map<number, Ready>>();

  find(view: View, question: Question, direction: Direction): Ready {
    const { found, decision } = direction;
    // Pointers in a compiled answer fit one length of name, and a wildcard has many.
    if (found.kind !== 'node' || found.isWildcard) return prepare(view, question, direction);
    const shelf =
      decision === undefined
        ? shelfOf(this.#static, found.node)
        : shelfOf(this.#steered, decision.regions);
    const key = keyOf(found.node, question.type, decision);
    if (key === undefined) return prepare(view, question, direction);
    const known = shelf.get(key);
    if (known !== undefined) return known;
    const ready = prepare(view, question, direction);
    shelf.set(key, ready);
    return ready;
  }
}

function shelfOf<K extends object>(
  shelves: WeakMap<K, Map<number, Ready>>,
  key: K,
): Map<number, Ready> {
  const known = shelves.get(key);
  if (known !== undefined) return known;
  const shelf = new Map<number, Ready>();
  shelves.set(key, shelf);
  return shelf;
}

/**
 * Types that a node does not have all get the same NODATA, so they share one key: shelves stay small.
 * Behind a CNAME they do not, so there only types that somebody may really ask for are kept.
 */
function keyOf(node: Node, type: number, decision: Decision | undefined): number | undefined {
  if (decision !== undefined) {
    // A CNAME answers every type alike.
    const answered = node.service?.answers === 'cname' ? recordTypes.CNAME : type;
    return decision.ttl * 0x10000 + answered;
  }
  if (node.sets.has(type) || type === recordTypes.ANY) return type;
  if (!node.sets.has(recordTypes.CNAME)) return -1;
  return knownTypes.has(type) ? type : undefined;
}

const knownTypes: ReadonlySet<number> = new Set(Object.values(recordTypes));

function prepare(view: View, question: Question, direction: Direction): Ready {
  const answer = answerDirection(view, question, direction);
  return {
    compiled: compileAnswer(question.name, answer),
    outcome: outcomeOf(answer, direction),
    isTailored: isTailored(answer, direction.decision),
  };
}

function outcomeOf(answer: Answer, { decision }: Direction): QueryOutcome {
  if (answer.rcode === 'NXDOMAIN') return 'nxdomain';
  if (answer.rcode === 'REFUSED') return 'refused';
  if (!answer.isAuthoritative) return 'referral';
  if (answer.answers.length === 0) return 'nodata';
  return decision === undefined ? 'static' : 'steered';
}
