// A histogram as text, so that a restart goes on counting where the last life stopped.

import { longestNetwork } from '../../model/client-row.ts';
import { ipv4, ipv6, maskIp } from '../../model/ip.ts';
import { type Millis, millis } from '../../model/time.ts';
import type { Busy } from './columns.ts';
import { Distinct } from './distinct.ts';
import type { Seed } from './tabulation.ts';
import { ClientTally, ofIpv6 } from './tally.ts';

/** A tally, and the moments that it knows. */
export interface Counted {
  readonly tally: ClientTally;
  readonly since: Millis;
  /** Up to when its weights have faded. */
  fadedAt: Millis;
  /** When the spell of what is distinct began. */
  turnedAt: Millis;
}

/** Rows that are written between two pauses, so that the thread is never held for long. */
const rowsPerSlice = 1000;

/** As it is at the call, whatever is counted while it is written. */
export async function encodeCounted(
  { tally, since, fadedAt, turnedAt }: Counted,
  pause: () => Promise<unknown>,
): Promise<string> {
  const { seed, total, byResolver, busiest, distinct } = tally;
  const lost = Array.from(busiest.lost, (weight, i) => [i, weight] as const);
  const rows = busiest.all();
  const moments = { since, fadedAt, turnedAt };
  const head = {
    ...moments,
    seed,
    total,
    byResolver,
    floor: busiest.floor,
    distinct: distinct.map((each) => each.toText()),
    names: tally.names.all(),
    regions: tally.regions.all(),
    lost: lost.filter(([, weight]) => weight > 0),
  };
  const lines = [JSON.stringify(head)];
  for (const { tag, a, b, asked, region, count, error } of rows) {
    lines.push(JSON.stringify([tag, a, b, asked, region, count, error]));
    if (lines.length % rowsPerSlice === 0) await pause();
  }
  return lines.join('\n');
}

/** Reads what `encodeCounted` wrote, into a tally that keeps so many; undefined for anything else. */
export function decodeCounted(text: string, keep: number): Counted | undefined {
  try {
    const [first = '', ...lines] = text.split('\n');
    const head = JSON.parse(first) as Readonly<Record<string, unknown>>;
    const moments = [head['since'], head['fadedAt'], head['turnedAt']];
    const seed = readSeed(head['seed']);
    const distinct = asList(head['distinct']).map((each) => Distinct.fromText(each));
    if (!moments.every(isWeight) || seed === undefined) return undefined;
    const tally = new ClientTally(keep, seed, asWeight(head['floor']));
    tally.distinct = [distinct[0] ?? new Distinct(), distinct[1] ?? new Distinct()];
    fill(tally, head, lines);
    const [since, fadedAt, turnedAt] = moments.map(millis) as [Millis, Millis, Millis];
    return { tally, since, fadedAt, turnedAt };
  } catch {
    return undefined;
  }
}

function fill(
  tally: ClientTally,
  head: Readonly<Record<string, unknown>>,
  lines: readonly string[],
): void {
  const names = asList(head['names']).map(asText);
  const regions = asList(head['regions']).map(asText);
  for (const pair of asList(head['lost'])) {
    const [region, weight] = asList(pair);
    tally.addOutside(regions[asWeight(region)] ?? '', asWeight(weight));
  }
  const rows = lines.flatMap((line) => readRow(JSON.parse(line)) ?? []);
  // Where fewer are kept than before, it is the busiest.
  for (const row of rows.sort((x, y) => y.count - x.count)) {
    const name = tally.names.of(names[row.asked >> 1] ?? '');
    const region = regions[row.region] ?? '';
    tally.restore({ ...row, asked: 2 * name + (row.asked & 1), region: tally.regions.of(region) });
  }
  tally.byResolver = Math.min(tally.total, asWeight(head['byResolver']));
}

function readSeed(raw: unknown): Seed | undefined {
  const words = asList(raw);
  const isSeed = words.length === 4 && words.every((word) => Number.isSafeInteger(word));
  return isSeed ? (words as unknown as Seed) : undefined;
}

function readRow(raw: unknown): Omit<Busy, 'hash'> | undefined {
  const numbers = asList(raw);
  if (numbers.length !== 7 || !numbers.every(isWeight)) return undefined;
  const [tag, high, low, asked, region, count, error] = numbers as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isIpv4 = tag < ofIpv6;
  const length = isIpv4 ? tag : tag - ofIpv6;
  const isFine = length <= longestNetwork[isIpv4 ? 4 : 6] && asked <= 0xffff && error <= count;
  if (!isFine || !Number.isInteger(tag) || !Number.isInteger(asked)) return undefined;
  const { a, b } = maskIp(isIpv4 ? ipv4(high) : ipv6(high, low, 0, 0), length);
  return { tag, a, b, asked, region, count, error };
}

function asList(raw: unknown): readonly unknown[] {
  return Array.isArray(raw) ? raw : [];
}

function asText(raw: unknown): string {
  return typeof raw === 'string' ? raw.slice(0, mostCharacters) : '';
}

/** A name takes at most 255 octets, each of them at most four characters. */
const mostCharacters = 1020;

function asWeight(raw: unknown): number {
  return isWeight(raw) ? raw : 0;
}

function isWeight(raw: unknown): raw is number {
  return Number.isFinite(raw) && (raw as number) >= 0;
}
