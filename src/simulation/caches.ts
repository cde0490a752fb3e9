// Who keeps an answer for longer than its TTL: the assumptions of the failover curve, as a table.

import { type Millis, millis, parseSpan } from '../model/time.ts';

/** This share of them keeps every answer for so long at least, whatever its TTL says. */
export interface Keepers {
  /** 0 to 1. */
  readonly share: number;
  readonly least: Millis;
}

/** Who is in no row of a list keeps an answer for its TTL, and no longer. */
export interface Caches {
  /** Resolvers, by the clients behind them. */
  readonly resolvers: readonly Keepers[];
  /** What a client keeps itself: its browser, its runtime, its operating system. */
  readonly clients: readonly Keepers[];
}

export interface Assumption {
  readonly share: number;
  readonly least: string;
  readonly who: string;
  /** Where it is from; what nobody has measured says that it is assumed. */
  readonly source: string;
}

const study =
  'that 8.74 % of resolvers lengthen TTLs: Bhowmick et al., TTL Violation of DNS Resolvers in the ' +
  'Wild, PAM 2023; that they have as many clients as others, and for how long they keep: assumed';

export const assumedResolvers: readonly Assumption[] = [
  { share: 0.06, least: '60s', who: 'resolvers with a floor of a minute', source: study },
  { share: 0.022, least: '5m', who: 'resolvers with a floor of five minutes', source: study },
  { share: 0.0054, least: '1h', who: 'resolvers that keep an hour', source: study },
];

export const assumedClients: readonly Assumption[] = [
  {
    share: 0.65,
    least: '60s',
    who: 'browsers that keep an address for a minute',
    source:
      'the minute: Chromium, net/dns/host_resolver_manager_job.cc, and Firefox, ' +
      'network.dnsCacheExpiration; the share: assumed',
  },
  {
    share: 0.01,
    least: '10m',
    who: 'programs that look a name up rarely',
    source: 'assumed: long-lived processes and runtimes with caches of their own',
  },
];

export const assumedCaches: Caches = {
  resolvers: assumedResolvers.map(keepersOf),
  clients: assumedClients.map(keepersOf),
};

/** Everybody keeps to the TTL. */
export const obedient: Caches = { resolvers: [], clients: [] };

/** For messages on a text that `parseKeepers` refuses. */
export const keepersWish =
  'want shares and spans, such as 5%:5m,0.5%:1h, of at most 100 % together, or none';

/** Reads `5%:300s,0.5%:1h`, or `none`; undefined when the text is anything else. */
export function parseKeepers(text: string): readonly Keepers[] | undefined {
  if (text === 'none') return [];
  const rows: Keepers[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,3}(?:\.\d{1,6})?)\s?%:(\w+(?:\.\d+\w+)?)\s*$/.exec(part);
    const least = parseSpan(match?.[2] ?? '');
    if (match === null || least === undefined) return undefined;
    rows.push({ share: Number(match[1]) / 100, least });
  }
  // A sum of decimal fractions may miss 1 by a rounding.
  return sharesOf(rows) <= 1 + 1e-9 ? rows : undefined;
}

/** With the rest, who keeps for the TTL alone. */
export function withObedient(rows: readonly Keepers[]): readonly Keepers[] {
  const rest = Math.max(0, 1 - sharesOf(rows));
  return [{ share: rest, least: millis(0) }, ...rows].filter(({ share }) => share > 0);
}

function sharesOf(rows: readonly Keepers[]): number {
  return rows.reduce((sum, { share }) => sum + share, 0);
}

function keepersOf({ share, least }: Assumption): Keepers {
  return { share, least: parseSpan(least) ?? millis(0) };
}
