// What happened to every query: plain numbers, read when somebody asks for metrics.

import type { Transport } from '../model/message.ts';

/** Each query ends in exactly one of these, so they sum to the queries received. */
export const outcomes = [
  'steered',
  'static',
  'nodata',
  'nxdomain',
  'referral',
  'transferred',
  'refused',
  'formerr',
  'notimp',
  'badvers',
  'cookie',
  'badcookie',
  'notauth',
  'chaos',
  'explained',
  'servfail',
  'dropped-short',
  'dropped-response',
  'dropped-source',
  'dropped-rate',
  'slipped',
] as const;

export type QueryOutcome = (typeof outcomes)[number];

export interface Counters {
  readonly received: Record<Transport, number>;
  readonly outcomes: Record<QueryOutcome, number>;
  /** Queries that carried a client subnet (RFC 7871). */
  withSubnet: number;
  /** Queries that carried a cookie (RFC 7873), and those of them whose cookie was good. */
  withCookie: number;
  withGoodCookie: number;
  /** Answers that were sent only because rates are tried out. */
  wouldLimit: number;
  /** Steered answers given although nothing was alive. */
  failedOpen: number;
  /** Steered answers that name a region that is down, for the sake of a floor. */
  belowFloor: number;
  /** Steered questions that the policy's last resort answered: with nothing, or with its own addresses. */
  failedClosed: number;
  stoodIn: number;
  /** First region of every steered answer. */
  readonly chosen: Map<string, number>;
  /** Zones that were sent whole, and those that were not to the end. */
  readonly transfers: { completed: number; broken: number };
}

/** Everything that is counted where queries come in. */
export interface DnsCounts {
  readonly counters: Counters;
  /** Replies that the network did not take. */
  sendErrors: number;
  /** What proxies sent without a PROXY header: datagrams, and connections. */
  readonly proxyRefusals: Record<'udp' | 'tcp' | 'tls', number>;
  /** Connections that are open now. */
  connections: number;
}

export function createDnsCounts(): DnsCounts {
  return {
    counters: createCounters(),
    sendErrors: 0,
    proxyRefusals: { udp: 0, tcp: 0, tls: 0 },
    connections: 0,
  };
}

export function createCounters(): Counters {
  const zeros = Object.fromEntries(outcomes.map((outcome) => [outcome, 0]));
  return {
    received: { udp: 0, tcp: 0, tls: 0, https: 0 },
    outcomes: zeros as Record<QueryOutcome, number>,
    withSubnet: 0,
    withCookie: 0,
    withGoodCookie: 0,
    wouldLimit: 0,
    failedOpen: 0,
    belowFloor: 0,
    failedClosed: 0,
    stoodIn: 0,
    chosen: new Map(),
    transfers: { completed: 0, broken: 0 },
  };
}
