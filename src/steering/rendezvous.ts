// Rendezvous hashing: every client network draws its own order of regions, by weight.

import type { Region, RegionId } from '../model/region.ts';
import { hashText, mixHash } from './hash.ts';

/** What a region brings to the draw. */
export interface Ticket {
  readonly weight: number;
  readonly hash: number;
}

export type Tickets = ReadonlyMap<RegionId, Ticket>;

export function ticketsOf(regions: ReadonlyMap<RegionId, Region>): Tickets {
  const tickets = new Map<RegionId, Ticket>();
  for (const { id, weight } of regions.values()) tickets.set(id, { weight, hash: hashText(id) });
  return tickets;
}

/**
 * The regions that have weight, in the order that the network draws (weighted rendezvous hashing,
 * Thaler and Ravishankar, 1998): a region's share of networks follows its weight, and a region
 * that leaves moves only its own clients.
 */
export function drawByNetwork(
  tier: readonly RegionId[],
  tickets: Tickets,
  networkHash: number,
): RegionId[] {
  const scored: { readonly id: RegionId; readonly score: number }[] = [];
  for (const id of tier) {
    const ticket = tickets.get(id);
    if (ticket === undefined || ticket.weight === 0) continue;
    const luck = (mixHash(networkHash, ticket.hash) + 0.5) / 0x1_0000_0000;
    scored.push({ id, score: -ticket.weight / Math.log(luck) });
  }
  return scored.sort((x, y) => y.score - x.score).map(({ id }) => id);
}
