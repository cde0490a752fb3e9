// Which address locates a client, which class it falls in, and how widely that is true.

import type { Client } from '../model/decision.ts';
import type { Ip } from '../model/ip.ts';
import { positionOf, scopeOf, valueOf } from '../model/ranges.ts';
import { pickLength } from './hash.ts';
import type { Plan } from './snapshot.ts';

export interface Located {
  /** The address that located the client. */
  readonly address: Ip;
  readonly by: 'subnet' | 'resolver' | 'peer' | 'given';
  readonly classIndex: number;
  /** ECS scope prefix length, before any step that picks by network asks for more. */
  readonly scope: number;
}

/** RFC 7871 §11.1: nobody should send longer prefixes than these, so answers need no finer scope. */
const usefulLength = { 4: 24, 6: 56 } as const;

/**
 * Locates by the client subnet where there is one, it steers, and it is public; otherwise by the
 * asker's own address. A subnet that is not public is answered by the resolver's place, which is
 * true for its whole special-purpose block at this resolver, and says so by its scope.
 */
export function locate(client: Client, plan: Plan): Located {
  const { subnet } = client;
  const { ranges } = plan.areas;
  if (subnet === undefined || subnet.length === 0 || !plan.service.usesSubnet) {
    // RFC 7871 §7.1.2: source length 0 asks not to be located; scope 0 then says just that.
    const classIndex = valueOf(ranges, client.address);
    return { address: client.address, by: client.origin, classIndex, scope: 0 };
  }
  const { family } = subnet.ip;
  const at = positionOf(ranges, subnet.ip);
  const widest = scopeOf(ranges, subnet.ip, at);
  const scope = Math.min(widest, Math.max(subnet.length, usefulLength[family]));
  const classIndex = valueOf(ranges, subnet.ip, at);
  if (!plan.classes.isSpecial(classIndex)) {
    return { address: subnet.ip, by: 'subnet', classIndex, scope };
  }
  return {
    address: client.address,
    by: client.origin,
    classIndex: valueOf(ranges, client.address),
    scope,
  };
}

/** The scope once a step has picked by the client's network: at least as long as that network. */
export function pickScope(client: Client, located: Located): number {
  if (client.subnet === undefined || located.by !== 'subnet') return located.scope;
  return Math.max(located.scope, pickLength(client.subnet.ip.family));
}
