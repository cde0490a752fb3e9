// Answers ready to be sent: compiled once, kept as long as what they were compiled from.

import type { Node } from '../authority/node.ts';
import type { Decision, Question } from '../model/decision.ts';
import { type Answer, isAddressType, recordTypes } from '../model/message.ts';
import type { RegionId } from '../model/region.ts';
import type { Zone } from '../model/settings.ts';
import { type CompiledAnswer, compileAnswer } from '../wire/encode.ts';
import type { QueryOutcome } from './counters.ts';
import { answerDirection, type Direction, isTailored } from './direct.ts';
import type { View } from './snapshot.ts';

/** An answer ready to be patched and sent, with what it counts as. */
export interface Ready {
  readonly compiled: CompiledAnswer;
  readonly outcome: QueryOutcome;
  readonly isTailored: boolean;
}

/** What is ready for one list of regions. */
interface Steered {
  /** Addresses, which are the same whatever the name: the question comes before them as it was asked. */
  readonly alike: Map<number, Ready>;
  /** What is said of one name. */
  readonly own: Map<Node, Map<number, Ready>>;
}

/**
 * A steered answer hangs on the decision's own list of regions, a static one on its node, that a name
 * is not there on its zone, so a new snapshot starts afresh.
 */
export class AnswerCache {
  readonly #steered = new WeakMap<readonly RegionId[], Steered>();
  readonly #static = new WeakMap<Node, Map<number, Ready>>();
  /** By the length of the name, which is all that such an answer has of it. */
  readonly #missing = new WeakMap<Zone, Map<number, Ready>>();

  find(view: View, question: Question, direction: Direction): Ready {
    const { found, decision } = direction;
    if (found.kind === 'missing') {
      const shelf = shelfOf(this.#missing, found.zone);
      return shelved(shelf, question.name.length, view, question, direction);
    }
    // Pointers in a compiled answer fit one length of name, and a wildcard has many.
    if (found.kind !== 'node' || found.isWildcard || found.node.isPassing) {
      return prepare(view, question, direction);
    }
    const { node } = found;
    if (decision !== undefined) return this.#findSteered(view, question, direction, node, decision);
    const key = keyOf(node, question.type);
    if (key === undefined) return prepare(view, question, direction);
    return shelved(shelfOf(this.#static, node), key, view, question, direction);
  }

  #findSteered(
    view: View,
    question: Question,
    direction: Direction,
    node: Node,
    { regions, ttl, state }: Decision,
  ): Ready {
    const shelves = this.#steered.get(regions) ?? { alike: new Map(), own: new Map() };
    // A CNAME answers every type alike; addresses that stand in for one do not.
    const isCname = node.service?.answers === 'cname' && state !== 'stand-in';
    const key = ttl * 0x10000 + (isCname ? recordTypes.CNAME : question.type);
    const isAddress = !isCname && isAddressType(question.type) && question.name.length > 1;
    const alike = isAddress ? shelves.alike.get(key) : undefined;
    if (alike !== undefined) return alike;
    const known = shelves.own.get(node)?.get(key);
    if (known !== undefined) return known;
    this.#steered.set(regions, shelves);
    const ready = prepare(view, question, direction);
    const isAlike = isAddress && ready.compiled.answers > 0;
    (isAlike ? shelves.alike : shelfOf(shelves.own, node)).set(key, ready);
    return ready;
  }
}

function shelved(
  shelf: Map<number, Ready>,
  key: number,
  view: View,
  question: Question,
  direction: Direction,
): Ready {
  const known = shelf.get(key);
  if (known !== undefined) return known;
  const ready = prepare(view, question, direction);
  shelf.set(key, ready);
  return ready;
}

function shelfOf<K extends object>(
  shelves: Pick<WeakMap<K, Map<number, Ready>>, 'get' | 'set'>,
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
function keyOf(node: Node, type: number): number | undefined {
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
