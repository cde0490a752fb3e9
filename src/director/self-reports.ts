// Self-reports: what an application says of itself becomes a register that every director hears of.

import { spanOf } from '../health/push.ts';
import type { Fault } from '../model/fault.ts';
import { type PushProbe, pushProbesOf, type Region, type RegionId } from '../model/region.ts';
import {
  maxLoad,
  type ReportFacts,
  type ReportRequest,
  type ReportState,
  type SelfReport,
} from '../model/self-report.ts';
import { formatSpan, type Millis, millis, parseSpan } from '../model/time.ts';
import type { Clock, Log } from '../ports.ts';
import type { Gossip } from './gossip/gossip.ts';
import { reportKey } from './gossip/ledger.ts';
import type { SnapshotCell } from './snapshot.ts';

export interface SelfReports {
  put(region: string, name: string, request: ReportRequest): Promise<ReportFacts | Fault>;
  /** One for each push probe of the running configuration. */
  list(): readonly ReportFacts[];
}

export interface SelfReportOptions {
  readonly cell: SnapshotCell;
  readonly gossip: Gossip;
  readonly clock: Clock;
  readonly log: Log;
}

/** A report that speaks for less is over before all have heard it. */
const shortest = 1000;

export function createSelfReports({ cell, gossip, clock, log }: SelfReportOptions): SelfReports {
  const regions = (): ReadonlyMap<RegionId, Region> => cell.view.snapshot.settings.regions;
  return {
    async put(id, name, request) {
      const region = regions().get(id as RegionId);
      if (region === undefined) {
        return { code: 'region.unknown', message: `there is no region "${id}"`, path: '/region' };
      }
      const probe = pushProbesOf(region).find((each) => each.name === name);
      if (probe === undefined) {
        const message = `region ${region.id} has no push probe "${name}"`;
        return { code: 'report.unknown', message, path: '/name' };
      }
      const fault = faultIn(request, probe);
      if (fault !== undefined) return fault;
      const now = clock.now();
      const report = reportOf(request, probe, now, gossip.nextClock());
      const { hearing, posted } = await gossip.putReport(report);
      if (hearing === 'full') {
        return { code: 'report.full', message: `there is no room for "${name}" of ${region.id}` };
      }
      const { state, reason } = report;
      if (hearing === 'news') log.info('report.changed', { region: id, name, state, reason });
      return { ...factsOf(probe, report, now), posted };
    },
    list: () =>
      Array.from(regions().values()).flatMap((region) =>
        factsOfRegion(region, gossip.reports(), clock.now()),
      ),
  };
}

function factsOfRegion(
  region: Region,
  reports: ReadonlyMap<string, SelfReport>,
  now: Millis,
): ReportFacts[] {
  return pushProbesOf(region).map((probe) =>
    factsOf(probe, reports.get(reportKey(region.id, probe.name)), now),
  );
}

function factsOf(probe: PushProbe, report: SelfReport | undefined, now: Millis): ReportFacts {
  const { region, name } = probe;
  const age = report && Math.max(0, now - report.start);
  const left = report === undefined ? 0 : report.start + spanOf(report, probe) - now;
  const spoken = left > 0 ? report : undefined;
  return {
    region,
    name,
    state: spoken?.state ?? 'silent',
    load: spoken?.load ?? null,
    connections: spoken?.connections ?? null,
    reason: spoken?.reason ?? '',
    ageSeconds: age === undefined ? null : tenths(age),
    leftSeconds: tenths(Math.max(0, left)),
    director: report?.clock.node ?? null,
  };
}

function tenths(span: number): number {
  return Math.round(span / 100) / 10;
}

function reportOf(
  { state, load, connections, reason = '', for: span }: ReportRequest,
  { region, name, lifetime }: PushProbe,
  start: Millis,
  clock: SelfReport['clock'],
): SelfReport {
  const end = millis(start + ((span === undefined ? undefined : parseSpan(span)) ?? lifetime));
  // It will stand in operators' terminals.
  const words = reason.replaceAll(/\p{Cc}+/gu, ' ').trim();
  return { region, name, state, load, connections, reason: words, start, end, clock };
}

const states: readonly ReportState[] = ['up', 'draining', 'down'];

function faultIn(request: ReportRequest, { lifetime }: PushProbe): Fault | undefined {
  const { state, load = 0, connections = 0, reason = '', for: span } = request;
  if (!states.includes(state)) return refuse('/state', `want one of ${states.join(', ')}`);
  if (!(load >= 0 && load <= maxLoad)) {
    return refuse('/load', `want a number from 0 to ${maxLoad}, where 1 is full`);
  }
  if (!Number.isSafeInteger(connections) || connections < 0) {
    return refuse('/connections', 'want a whole number');
  }
  if (reason.length > 200) return refuse('/reason', 'want at most 200 characters');
  const wanted = span === undefined ? lifetime : parseSpan(span);
  if (wanted !== undefined && wanted >= shortest && wanted <= lifetime) return undefined;
  const range = `from ${formatSpan(shortest)} to ${formatSpan(lifetime)}`;
  return refuse('/for', `got "${span}", want a time ${range}, the lifetime of the push probe`);
}

function refuse(path: string, message: string): Fault {
  return { code: 'request.invalid', path, message };
}
