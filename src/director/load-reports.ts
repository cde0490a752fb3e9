// Load reports: what a region says of its load as a whole becomes a register that every director hears of.

import { shareOf } from '../health/load.ts';
import type { Fault } from '../model/fault.ts';
import type { LoadReceipt, LoadRequest } from '../model/load-report.ts';
import type { LoadSettings, RegionId } from '../model/region.ts';
import { loadName, maxLoad } from '../model/self-report.ts';
import { formatSpan, millis, parseSpan } from '../model/time.ts';
import type { SelfReportOptions } from './self-reports.ts';

export interface LoadReports {
  put(region: string, request: LoadRequest): Promise<LoadReceipt | Fault>;
}

/** A report that speaks for less is over before all have heard it. */
const shortest = 1000;

export function createLoadReports({
  cell,
  gossip,
  clock,
}: Omit<SelfReportOptions, 'log'>): LoadReports {
  return {
    async put(id, request) {
      const region = cell.view.snapshot.settings.regions.get(id as RegionId);
      if (region === undefined) {
        return { code: 'region.unknown', message: `there is no region "${id}"`, path: '/region' };
      }
      const { load: settings } = region;
      if (settings === undefined) {
        const message = `region ${region.id} has no load block`;
        return { code: 'load.unset', message, path: '/region' };
      }
      const fault = faultIn(request, settings);
      if (fault !== undefined) return fault;
      const { connections, for: span = '' } = request;
      const start = clock.now();
      const lasts = parseSpan(span) ?? settings.lifetime;
      const share = shareOf(request, settings);
      // Requests become a share here: no release has to know of them, nor of a capacity that changes.
      const load = share === undefined ? undefined : Math.min(maxLoad, share);
      const said = { name: loadName, state: 'up', reason: '', load, connections } as const;
      const timed = { start, end: millis(start + lasts), clock: gossip.nextClock() };
      const { hearing, posted } = await gossip.putReport({ region: region.id, ...said, ...timed });
      if (hearing === 'full') {
        return { code: 'report.full', message: `there is no room for the load of ${region.id}` };
      }
      const told = { load: load ?? null, connections: connections ?? null };
      return { region: region.id, ...told, leftSeconds: lasts / 1000, posted };
    },
  };
}

function faultIn(request: LoadRequest, settings: LoadSettings): Fault | undefined {
  const { load, connections, requests, for: span } = request;
  if (load === undefined && connections === undefined && requests === undefined) {
    return refuse('', 'want at least one of load, connections and requests');
  }
  if (load !== undefined && !(load >= 0 && load <= maxLoad)) {
    return refuse('/load', `want a number from 0 to ${maxLoad}, where 1 is full`);
  }
  if (connections !== undefined && !(Number.isSafeInteger(connections) && connections >= 0)) {
    return refuse('/connections', 'want a whole number');
  }
  if (requests !== undefined && !(requests >= 0 && Number.isFinite(requests))) {
    return refuse('/requests', 'want a number of 0 or more');
  }
  if (requests !== undefined && settings.capacity === undefined) {
    return refuse('/requests', 'mean nothing until load.capacity says how many fill the region');
  }
  const { lifetime } = settings;
  const wanted = span === undefined ? lifetime : parseSpan(span);
  if (wanted !== undefined && wanted >= shortest && wanted <= lifetime) return undefined;
  const range = `from ${formatSpan(shortest)} to ${formatSpan(lifetime)}`;
  return refuse('/for', `got "${span}", want a time ${range}, the lifetime of the region's load`);
}

function refuse(path: string, message: string): Fault {
  return { code: 'request.invalid', path, message };
}
