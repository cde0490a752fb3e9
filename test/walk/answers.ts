// What directors answer, in octets, and that both doors say the same.

import { ipv4, type Ip } from '../../src/model/ip.ts';
import type { Director } from '../scenario/director.ts';
import { askBoth } from '../scenario/doors.ts';
import { buildQuery } from '../support/query.ts';
import { clients } from './fleet.ts';

const resolver: Ip = ipv4(0xc0000235);
const peer = { address: resolver, port: 4242, transport: 'udp' } as const;
const queries = clients.map(({ network }) => buildQuery({ edns: true, subnet: network }));

/** Header and question of `www.example.test`. */
const answersAt = 12 + 18 + 4;

/** For each client the region whose address it gets, empty where it gets none. */
export function askOctets(director: Director, regions: readonly string[]): string[] {
  return queries.map((query) => {
    const reply = director.respond(query, peer);
    if (reply === undefined) throw new Error('no reply came');
    const count = ((reply[6] ?? 0) << 8) | (reply[7] ?? 0);
    if (count === 0) return '';
    if (count > 1) throw new Error(`${count} answers where one is wanted`);
    // A pointer, type, class, TTL and length stand before the address, whose last octet tells.
    return regions[(reply[answersAt + 15] ?? 0) - 1] ?? 'nowhere';
  });
}

/** Throws where DNS says other than HTTP. */
export function compareDoors(director: Director, client: number): void {
  const { network } = clients[client % clients.length] ?? clients[0];
  askBoth(director, { name: 'www.example.test', type: 'A', subnet: network, resolver });
}
