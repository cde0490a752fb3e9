// A question by HTTP or command line → the same decision as by DNS, as plain data.

import type { Client, Question } from '../model/decision.ts';
import type { Fault } from '../model/fault.ts';
import { formatIp, formatPrefix, type Prefix, parseIp, parsePrefix, widthOf } from '../model/ip.ts';
import { type Answer, parseType, typeName } from '../model/message.ts';
import { formatName, parseName } from '../model/name.ts';
import type { ResolveReport, ResolveRequest } from '../model/report.ts';
import type { Clock } from '../ports.ts';
import { decisionId } from '../steering/decide.ts';
import { explain } from '../steering/explain.ts';
import { answerDirection, type Direction, direct, isTailored, traceDirection } from './direct.ts';
import type { View } from './snapshot.ts';

/** Reads the words of a request; what cannot be read is a fault that names the field. */
export function resolve(view: View, request: ResolveRequest, clock: Clock): ResolveReport | Fault {
  const refuse = (path: string, message: string): Fault => ({
    code: 'request.invalid',
    path,
    message,
  });
  // In a zone file @ is the zone itself, but no zone is meant here.
  const name = request.name === '@' ? undefined : parseName(request.name);
  if (name === undefined) return refuse('/name', `got "${request.name}", want a domain name`);
  const type = parseType(request.type);
  if (type === undefined)
    return refuse('/type', `got "${request.type}", want a record type such as A`);
  const subnet = request.client === undefined ? undefined : readClient(request.client);
  if (request.client !== undefined && subnet === undefined) {
    return refuse(
      '/client',
      `got "${request.client}", want an address or a prefix without stray bits`,
    );
  }
  const resolver = request.resolver === undefined ? undefined : parseIp(request.resolver);
  if (request.resolver !== undefined && resolver === undefined) {
    return refuse('/resolver', `got "${request.resolver}", want an address`);
  }
  const client: Client =
    resolver === undefined
      ? { address: request.peer, origin: 'peer', subnet }
      : { address: resolver, origin: 'given', subnet };
  const question: Question = { name, type, client };
  const now = clock.now();
  const direction = direct(view, question, now);
  const answer = answerDirection(view, question, direction);
  const asked = subnet === undefined ? formatIp(client.address) : formatClient(subnet);
  const report = reportResolution(view, question, direction, answer, asked);
  const trail = request.explain ? traceDirection(view, question, direction, now) : undefined;
  if (trail === undefined || direction.decision === undefined) return report;
  return { ...report, trail: { ...trail, text: explain(direction.decision, trail) } };
}

/** Somebody asked about by address is treated as if that address had come as a client subnet. */
function readClient(text: string): Prefix | undefined {
  const ip = parseIp(text);
  return ip === undefined ? parsePrefix(text) : { ip, length: widthOf(ip.family) };
}

function formatClient(subnet: Prefix): string {
  return subnet.length === widthOf(subnet.ip.family) ? formatIp(subnet.ip) : formatPrefix(subnet);
}

function reportResolution(
  view: View,
  { name, type }: Question,
  { decision }: Direction,
  answer: Answer,
  client: string,
): ResolveReport {
  const answers = answer.answers.flatMap((set) =>
    set.data.map(({ text }) => ({ type: typeName(set.type), data: text, ttl: set.ttl })),
  );
  const ttls = [...answer.answers, ...answer.authority].map((set) => set.ttl);
  return {
    name: formatName(name),
    type: typeName(type),
    client,
    status: answer.rcode,
    answers,
    ttl: ttls.length === 0 ? 0 : Math.min(...ttls),
    regions: decision?.regions ?? [],
    scope: decision !== undefined && isTailored(answer, decision) ? decision.scope : 0,
    epoch: view.snapshot.epoch,
    decisionId: decision === undefined ? `e${view.snapshot.epoch}` : decisionId(decision),
    ...(answer.extendedError === undefined ? {} : { note: answer.extendedError.text }),
  };
}
