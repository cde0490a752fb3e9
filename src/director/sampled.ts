// The sampled query log: by option, one line for a share of the queries.

import type { Decision } from '../model/decision.ts';
import { formatPrefix, type Ip, maskIp, type Prefix } from '../model/ip.ts';
import { type Peer, type Query, typeName } from '../model/message.ts';
import { formatName } from '../model/name.ts';
import type { Millis } from '../model/time.ts';
import type { Log, Random } from '../ports.ts';
import type { QueryOutcome } from './counters.ts';

export type OnAnswer = (
  query: Query,
  peer: Peer,
  outcome: QueryOutcome,
  decision: Decision | undefined,
) => void;

/** For those who count clients: no more than what crosses from the thread that answered. */
export type OnSteered = (
  query: {
    readonly edns: { readonly subnet: { readonly source: Prefix } | undefined } | undefined;
  },
  peer: Pick<Peer, 'address'>,
  outcome: QueryOutcome,
  decision: Pick<Decision, 'service' | 'regions'> | undefined,
  /** When that was, where it is told later. */
  at?: Millis,
) => void;

/** Undefined for a share of 0, so that nothing is paid for what is off. */
export function sampleQueries(share: number, random: Random, log: Log): OnAnswer | undefined {
  if (share === 0) return undefined;
  return (query, peer, outcome, decision) => {
    if (random() >= share) return;
    const subnet = query.edns?.subnet?.source;
    log.info('query', {
      name: formatName(query.name),
      type: typeName(query.type),
      transport: peer.transport,
      asker: formatNetwork(peer.address),
      subnet: subnet === undefined ? undefined : formatNetwork(subnet.ip),
      outcome,
      regions: decision?.regions.join(','),
      ttl: decision?.ttl,
      epoch: decision?.epoch,
    });
  };
}

type Listener<Answered extends unknown[]> = (...answered: Answered) => void;

/** One call for both; undefined where neither wants it. */
export function tellAll<Answered extends unknown[]>(
  x: Listener<Answered> | undefined,
  y: Listener<Answered>,
): Listener<Answered>;
export function tellAll<Answered extends unknown[]>(
  x: Listener<Answered> | undefined,
  y: Listener<Answered> | undefined,
): Listener<Answered> | undefined;
export function tellAll<Answered extends unknown[]>(
  x: Listener<Answered> | undefined,
  y: Listener<Answered> | undefined,
): Listener<Answered> | undefined {
  if (x === undefined || y === undefined) return x ?? y;
  return (...answered) => {
    x(...answered);
    y(...answered);
  };
}

/** Logs name networks, not people: /24 and /56 (RFC 7871 §11.1). */
function formatNetwork(ip: Ip): string {
  const length = ip.family === 4 ? 24 : 56;
  return formatPrefix({ ip: maskIp(ip, length), length });
}
