// A client histogram while it is counted: the busiest networks by name, and what is known of the rest.

import { type ClientRow, longestNetwork } from '../../model/client-row.ts';
import { type Ip, ipv4, ipv6, maskIp } from '../../model/ip.ts';
import { Busiest, mostRegions } from './busiest.ts';
import type { Busy } from './columns.ts';
import { Distinct } from './distinct.ts';
import { Numbers } from './numbers.ts';
import { type Seed, Tabulation } from './tabulation.ts';

/** How many names are told apart; further ones are counted together, under no name. */
const mostNames = 32_768;

/** In a key's tag, beside the length of the network, which is at most 56. */
export const ofIpv6 = 128;

export interface HeldRow extends ClientRow {
  /** The row's weight is what it surely is; it may be so much more. */
  readonly error: number;
  /** Where it was sent last; empty where nobody said. */
  readonly region: string;
}

/**
 * Counts in bounded memory, whoever asks: 57 octets at most for each of the `keep` pairs of network and
 * name, 8 KiB for what is distinct, and at most 32,768 names and 1024 regions. Weights may be scaled,
 * so that what is long ago counts less.
 */
export class ClientTally {
  /** Everything that was counted, and what resolvers asked of it without saying for whom. */
  total = 0;
  byResolver = 0;
  readonly names = new Numbers(mostNames);
  readonly regions = new Numbers(mostRegions);
  readonly busiest: Busiest;
  /** Of this spell and the one before: what was seen long ago goes with it. */
  distinct: readonly [Distinct, Distinct] = [new Distinct(), new Distinct()];
  readonly seed: Seed;
  readonly #hash: Tabulation;

  constructor(keep: number, seed: Seed, floor = 0) {
    this.seed = seed;
    this.busiest = new Busiest(keep, floor);
    this.#hash = new Tabulation(seed);
  }

  /** Somebody at an address of which so many bits are known; name and region by their numbers. */
  add(
    ip: Ip,
    bits: number,
    by: ClientRow['by'],
    name: number,
    region: number,
    weight: number,
  ): void {
    const length = Math.min(bits, longestNetwork[ip.family]);
    // Whatever comes: nothing longer is kept.
    const { a, b } = maskIp(ip, length);
    const tag = (ip.family === 4 ? 0 : ofIpv6) | length;
    const asked = 2 * name + (by === 'resolver' ? 1 : 0);
    const ofNetwork = this.#hash.ofNetwork(tag, a, b);
    this.distinct[0].add(ofNetwork);
    const hash = this.#hash.withAsked(ofNetwork, asked);
    this.busiest.add(hash, { tag, a, b, asked }, weight, region);
    this.total += weight;
    if (by === 'resolver') this.byResolver += weight;
  }

  addRow({ network, weight, name, by }: ClientRow): void {
    this.add(network.ip, network.length, by, this.names.of(name), 0, weight);
  }

  /** Weight that another histogram had outside its rows. */
  addOutside(region: string, weight: number): void {
    const { lost } = this.busiest;
    const number = this.regions.of(region);
    lost[number] = (lost[number] as number) + weight;
    this.total += weight;
  }

  /** Puts back a row of an earlier life; where there is no room, its weight lies outside. */
  restore(row: Omit<Busy, 'hash'>): void {
    const hash = this.#hash.withAsked(this.#hash.ofNetwork(row.tag, row.a, row.b), row.asked);
    const sure = row.count - row.error;
    if (this.busiest.restore({ ...row, hash })) this.total += sure;
    else this.addOutside(this.regions.word(row.region), sure);
  }

  /** Everything so far counts for so much of what it did. */
  scale(factor: number): void {
    this.total *= factor;
    this.byResolver *= factor;
    this.busiest.scale(factor);
  }

  /** Begins a new spell for what is distinct. */
  turn(): void {
    this.distinct = [new Distinct(), this.distinct[0]];
  }

  /** An estimate of how many networks asked in this spell and the one before. */
  networks(): number {
    return this.distinct[0].with(this.distinct[1]).estimate();
  }

  /** Whole weight that surely belongs to no row, by the region it was sent to; empty where nobody said. */
  outside(): Map<string, number> {
    const regions = Array.from(this.busiest.lost, (weight, i) => [i, Math.round(weight)] as const);
    const some = regions.filter(([, weight]) => weight > 0);
    return new Map(some.map(([i, weight]) => [this.regions.word(i), weight]));
  }

  outsideShare(): number {
    const outside = this.busiest.lost.reduce((sum, weight) => sum + weight, 0);
    return this.total > 0 ? Math.min(1, outside / this.total) : 0;
  }

  /** The rows as they are now, in no order, whatever is added while they are looked through. */
  rows(): Generator<HeldRow> {
    return this.#rowsOf(this.busiest.all());
  }

  *#rowsOf(all: Iterable<Busy>): Generator<HeldRow> {
    for (const busy of all) yield this.#rowOf(busy);
  }

  top(most: number): HeldRow[] {
    return this.busiest.top(most).map((busy) => this.#rowOf(busy));
  }

  #rowOf({ tag, a, b, asked, region, count, error }: Busy): HeldRow {
    const ip = (tag & ofIpv6) === 0 ? ipv4(a) : ipv6(a, b, 0, 0);
    return {
      network: { ip, length: tag & (ofIpv6 - 1) },
      weight: Math.round(count - error),
      name: this.names.word(asked >> 1),
      by: (asked & 1) === 1 ? 'resolver' : 'subnet',
      error,
      region: this.regions.word(region),
    };
  }
}
