// The control side's door: the same decisions as DNS, and what the fleet knows, as plain data.

import type { Question } from '../model/decision.ts';
import type { Fault } from '../model/fault.ts';
import {
  formatIp,
  formatPrefix,
  type Ip,
  type Prefix,
  parseIp,
  parsePrefix,
  widthOf,
} from '../model/ip.ts';
import { type Answer, parseType, recordTypes, typeName } from '../model/message.ts';
import { formatName, parseName } from '../model/name.ts';
import type { RegionId } from '../model/region.ts';
import { formatInstant } from '../model/time.ts';
import type { Api, Clock, ResolveReport, ResolveRequest } from '../ports.ts';
import { decisionId } from '../steering/decide.ts';
import { explain } from '../steering/explain.ts';
import type { Conclude } from './conclude.ts';
import type { Control } from './control.ts';
import { answerDirection, type Direction, direct, isTailored, traceDirection } from './direct.ts';
import type { Gossip } from './gossip.ts';
import {
  reportFacts,
  reportHealth,
  reportOverride,
  reportRegion,
  reportService,
} from './report.ts';
import type { SnapshotCell, View } from './snapshot.ts';

export interface ApiOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly conclude: Conclude;
  readonly control: Control;
  readonly clock: Clock;
  readonly version: string;
  /** Why queries should go elsewhere for now; empty when all is well. */
  readonly unready: () => readonly string[];
}

export function createApi(options: ApiOptions): Api {
  const { cell, gossip, conclude, control, clock } = options;
  const snapshot = () => cell.view.snapshot;
  return {
    resolve: (request) => resolve(cell.view, request, clock),
    redirect: (name, peer) => redirect(cell.view, name, peer, clock),
    health() {
      const { settings, epoch, overrides } = snapshot();
      const now = clock.now();
      const { voteLifetime } = settings.health;
      const fresh = gossip.votes().filter(({ freshAt }) => now - freshAt <= voteLifetime);
      const heardRegions = new Set(fresh.map(({ vote }) => vote.region));
      const facts = { heardRegions, boards: gossip.boards() };
      return reportHealth(settings, epoch, conclude.health(), overrides, facts, now);
    },
    regionHealth(id) {
      const { settings, overrides } = snapshot();
      const region = settings.regions.get(id as RegionId);
      if (region === undefined)
        return { code: 'region.unknown', message: `there is no region "${id}"` };
      const health = conclude.health().get(region.id);
      return reportRegion(region, health, overrides.get(region.id), clock.now());
    },
    regions: () => [...snapshot().settings.regions.values()].map(reportFacts),
    services: () => [...snapshot().settings.services.values()].map(reportService),
    overrides: () => gossip.overrides().map((word) => reportOverride(word, clock.now())),
    async addOverride(request) {
      const added = await control.add(request);
      return 'code' in added ? added : reportOverride(added.override, clock.now(), added.posted);
    },
    async endOverride(id, actor) {
      const ended = await control.end(id, actor);
      return 'code' in ended ? ended : reportOverride(ended.override, clock.now(), ended.posted);
    },
    about() {
      const { atlas, settings } = snapshot();
      return {
        version: options.version,
        director: settings.director.id,
        geo: {
          source: atlas?.source ?? 'none',
          dataDate: atlas === undefined ? null : formatInstant(atlas.dataDate),
          attribution: atlas?.attribution ?? '',
        },
      };
    },
    unready: options.unready,
  };
}

function resolve(view: View, request: ResolveRequest, clock: Clock): ResolveReport | Fault {
  const refuse = (path: string, message: string): Fault => ({
    code: 'request.invalid',
    path,
    message,
  });
  const name = parseName(request.name);
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
  const client = { address: request.peer, origin: 'peer', subnet } as const;
  const question: Question = { name, type, client };
  const now = clock.now();
  const direction = direct(view, question, now);
  const answer = answerDirection(view, question, direction);
  const asked = subnet === undefined ? formatIp(request.peer) : formatClient(subnet);
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

function redirect(
  view: View,
  text: string,
  peer: Ip,
  clock: Clock,
): { region: string; url: URL } | Fault {
  const name = parseName(text);
  const unknown: Fault = {
    code: 'service.unknown',
    message: `no steered service is called "${text}"`,
  };
  if (name === undefined) return unknown;
  const client = { address: peer, origin: 'peer', subnet: undefined } as const;
  const { decision } = direct(view, { name, type: recordTypes.A, client }, clock.now());
  if (decision === undefined) return unknown;
  for (const id of decision.regions) {
    const url = view.snapshot.settings.regions.get(id)?.url;
    if (url !== undefined) return { region: id, url };
  }
  return { code: 'region.no-target', message: `no region chosen for "${text}" has a url` };
}
