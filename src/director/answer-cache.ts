// Answers ready to be sent: compiled once, kept as long as what they were compiled from.

import type { Node } from '../authority/node.ts';
import type { Decision, Question } from '../model/decision.ts';
import { type Answer, recordTypes } from '../model/message.ts';
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

/**
 * A steered answer hangs on the decision's own list of regions, a static one on its node, that a name
 * is not there on its zone, so a new snapshot starts afresh.
 */
export class AnswerCache {
  readonly #steered = new WeakMap<readonly RegionId[], Map<number, Ready>>();
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
    const shelf =
      decision === undefined
        ? shelfOf(this.#static, found.node)
        : shelfOf(this.#steered, decision.regions);
    const key = keyOf(found.node, question.type, decision);
    if (key === undefined) return prepare(view, question, direction);
    return shelved(shelf, key, view, question, direction);
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
