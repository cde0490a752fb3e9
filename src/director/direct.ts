// Question → direction: what a name finds in our zones and, where it is steered, the decision.

import { answerStatic } from '../authority/answer.ts';
import { answerSteered, isSteered } from '../authority/steered.ts';
import { type Found, findName } from '../authority/zone.ts';
import type { Decision, Question, Trail } from '../model/decision.ts';
import type { Answer } from '../model/message.ts';
import type { Millis } from '../model/time.ts';
import { decide } from '../steering/decide.ts';
import { traceDecision } from '../steering/trail.ts';
import type { View } from './snapshot.ts';

export interface Direction {
  readonly found: Found;
  /** Undefined for a name or a type that nobody steers. */
  readonly decision: Decision | undefined;
}

/** The one way from a question to a decision: DNS, HTTP and command line all come through here. */
export function direct(view: View, question: Question, now: Millis): Direction {
  const found = findName(view.zones, question.name, question.type);
  if (found.kind !== 'node' || !isSteered(found.node, question.type)) {
    return { found, decision: undefined };
  }
  const service = found.node.service;
  const plan = service === undefined ? undefined : view.snapshot.plans.get(service.name);
  const decision = plan && decide(plan, question.client, view.snapshot, now);
  return { found, decision };
}

/** The records of a direction, owned by the name as it was asked. */
export function answerDirection(view: View, question: Question, direction: Direction): Answer {
  const { found, decision } = direction;
  if (found.kind === 'node' && decision !== undefined) {
    const { named } = view.snapshot;
    return answerSteered(found.node, question.name, question.type, decision, named);
  }
  const { name, type, wantsDnssec } = question;
  return answerStatic(view.zones, found, name, type, wantsDnssec);
}

/**
 * True when an answer differs by client, so that it states the decision's scope (RFC 7871 §7.2.1).
 * What nobody steers, and every negative answer (§7.4), states 0.
 */
export function isTailored(answer: Answer, decision: Decision | undefined): boolean {
  return decision !== undefined && answer.answers.length > 0;
}

/** Why a direction came out as it did; undefined where nothing was decided. */
export function traceDirection(
  view: View,
  question: Question,
  direction: Direction,
  now: Millis,
): Trail | undefined {
  const { decision } = direction;
  const plan = decision === undefined ? undefined : view.snapshot.plans.get(decision.service);
  if (decision === undefined || plan === undefined) return undefined;
  return traceDecision(plan, question.client, view.snapshot, decision, now);
}
