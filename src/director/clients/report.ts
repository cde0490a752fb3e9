// A histogram told: how much there is, and the busiest with where they are sent now.

import type { ClientReport, ClientsReport } from '../../model/clients-report.ts';
import { formatPrefix } from '../../model/ip.ts';
import { parseName } from '../../model/name.ts';
import { formatInstant, type Millis } from '../../model/time.ts';
import { decide } from '../../steering/decide.ts';
import type { Snapshot } from '../../steering/snapshot.ts';
import type { Clients } from './collect.ts';
import type { HeldRow } from './tally.ts';

/** The `most` busiest pairs. Undefined for `clients` is a director that collects nothing. */
export function reportClients(
  clients: Clients | undefined,
  snapshot: Snapshot,
  most: number,
  now: Millis,
): ClientsReport {
  const director = snapshot.settings.director.id;
  if (clients === undefined) return { ...nothing, director };
  const { tally, since } = clients.counted();
  const { total, byResolver } = tally;
  const outside = [...tally.outside()].sort(([, x], [, y]) => y - x);
  return {
    director,
    isCollecting: true,
    since: formatInstant(since),
    until: formatInstant(now),
    halfLifeSeconds: clients.settings.halfLife / 1000,
    total: Math.round(total),
    resolverShare: total > 0 ? Math.min(1, byResolver / total) : 0,
    networks: tally.networks(),
    outsideShare: tally.outsideShare(),
    outside: outside.map(([region, weight]) => ({ region, weight })),
    clients: tally.top(most).map((row) => reportRow(row, total, snapshot, now)),
  };
}

const nothing: Omit<ClientsReport, 'director'> = {
  isCollecting: false,
  since: null,
  until: null,
  halfLifeSeconds: 0,
  total: 0,
  resolverShare: 0,
  networks: 0,
  outsideShare: 0,
  outside: [],
  clients: [],
};

function reportRow(row: HeldRow, total: number, snapshot: Snapshot, now: Millis): ClientReport {
  const { network, name, by, weight, error } = row;
  return {
    network: formatPrefix(network),
    name,
    by,
    weight,
    error: Math.round(error),
    share: total > 0 ? Math.min(1, weight / total) : 0,
    region: regionNow(row, snapshot, now),
  };
}

/** By the same decision as a query would get. */
function regionNow({ network, name, by }: HeldRow, snapshot: Snapshot, now: Millis): string | null {
  const service = parseName(name);
  const plan = service === undefined ? undefined : snapshot.plans.get(service);
  if (plan === undefined) return null;
  const subnet = by === 'subnet' ? network : undefined;
  const client = { address: network.ip, origin: 'resolver', subnet } as const;
  return decide(plan, client, snapshot, now).regions[0] ?? null;
}
