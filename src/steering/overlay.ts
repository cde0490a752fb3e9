// Networks laid over geography: special-purpose blocks, those of an operator's rules and tables, and of autonomous systems.

import { type Ip, type Prefix, specialBlocks } from '../model/ip.ts';
import { boundsOf, RangeBuilder, type Ranges, type RangeTable } from '../model/ranges.ts';
import type { SteeringRule } from '../model/settings.ts';

/** What holds in a network, wherever it is. Equal marks of one list of overlays are one. */
export interface Mark {
  readonly rule: SteeringRule | undefined;
  readonly isSpecial: boolean;
  /** The number of the autonomous system, where a policy names it; 0 otherwise. */
  readonly asn: number;
  /** The number that the networks of a step give; 0 outside them. */
  readonly network: number;
}

/** From this start (top 64 bits) until the next overlay's, the same mark holds. */
export interface Overlay {
  readonly high: number;
  readonly low: number;
  readonly mark: Mark;
}

interface Layer {
  readonly prefix: Prefix;
  readonly mark: Mark;
}

export const unmarked: Mark = { rule: undefined, isSpecial: false, asn: 0, network: 0 };

export const special: Mark = { ...unmarked, isSpecial: true };

/**
 * Cuts one family's address space at every network's edges. The longest network wins, of two equal
 * ones the first listed. A rule for all or part of a special block makes that an ordinary network; a
 * rule for more than the block leaves it special. IPv6 networks longer than /64 cover their whole /64.
 */
export function flattenNetworks(family: 4 | 6, rules: readonly SteeringRule[]): Overlay[] {
  const layers: Layer[] = [
    ...rules.flatMap((rule) => {
      const mark = { ...unmarked, rule };
      return rule.networks.map((prefix) => ({ prefix, mark }));
    }),
    ...specialBlocks.map((prefix) => ({ prefix, mark: special })),
  ];
  return flatten(family, layers);
}

/** Networks as a table of their own: each has the number of its position plus one, what lies outside has 0. */
export function numberNetworks(networks: readonly (Prefix | undefined)[]): RangeTable {
  const layers = networks.flatMap((prefix, i): Layer[] =>
    prefix === undefined ? [] : [{ prefix, mark: { ...unmarked, network: i + 1 } }],
  );
  const rangesOf = (family: 4 | 6): Ranges => {
    const builder = new RangeBuilder(family);
    for (const { high, low, mark } of flatten(family, layers)) {
      builder.append(high, low, mark.network);
    }
    return builder.finish();
  };
  return { v4: rangesOf(4), v6: rangesOf(6) };
}

function flatten(family: 4 | 6, layers: readonly Layer[]): Overlay[] {
  const sorted = layers
    .filter(({ prefix }) => prefix.ip.family === family)
    .map((layer, position) => ({ ...layer, position, bounds: boundsOf(layer.prefix) }))
    .sort(
      (x, y) =>
        compare(x.bounds.first, y.bounds.first) ||
        x.prefix.length - y.prefix.length ||
        y.position - x.position,
    );
  const overlays: Overlay[] = [{ high: 0, low: 0, mark: unmarked }];
  const open: typeof sorted = [];
  const start = ([high, low]: [number, number]): void => {
    const last = overlays.at(-1);
    if (last?.high === high && last.low === low) overlays.pop();
    overlays.push({ high, low, mark: open.at(-1)?.mark ?? unmarked });
  };
  const closeBefore = (limit: [number, number] | undefined): void => {
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      if (limit !== undefined && compare(top.bounds.last, limit) >= 0) return;
      open.pop();
      const after = next(family, top.bounds.last);
      if (after !== undefined) start(after);
    }
  };
  for (const layer of sorted) {
    closeBefore(layer.bounds.first);
    open.push(layer);
    start(layer.bounds.first);
  }
  closeBefore(undefined);
  return overlays;
}

/** Ranges laid over others between two pauses. */
const rangesPerSlice = 4096;

/** The same overlays, cut wherever the number of a range changes; special blocks have none. */
export function* layNumbers(
  overlays: readonly Overlay[],
  kind: 'asn' | 'network',
  ranges: Ranges,
): Generator<void, Overlay[]> {
  const marks = new Map<Mark, Map<number, Mark>>();
  const laid: Overlay[] = [];
  let atOverlay = 0;
  let at = 0;
  // Both lists start at address 0, so each step moves to the nearest next start of either.
  while (true) {
    const over = overlays[atOverlay] as Overlay;
    const [high, low] = later(startAt(ranges, at), [over.high, over.low]);
    const number = over.mark.isSpecial ? 0 : (ranges.values[at] as number);
    const mark = number === 0 ? over.mark : markWith(over.mark, kind, number, marks);
    laid.push({ high, low, mark });
    const coming = overlays[atOverlay + 1];
    if (coming === undefined && at + 1 === ranges.high.length) return laid;
    const start: Start = coming === undefined ? never : [coming.high, coming.low];
    const order = compare(startAt(ranges, at + 1), start);
    if (order <= 0) at++;
    if (order >= 0) atOverlay++;
    if (laid.length % rangesPerSlice === 0) yield;
  }
}

type Start = readonly [high: number, low: number];

/** Behind every address. */
const never: Start = [Number.MAX_SAFE_INTEGER, 0];

function startAt({ high, low }: Ranges, at: number): Start {
  return at < high.length ? [high[at] as number, low?.[at] ?? 0] : never;
}

function later(one: Start, other: Start): Start {
  return compare(one, other) > 0 ? one : other;
}

function markWith(
  mark: Mark,
  kind: 'asn' | 'network',
  number: number,
  marks: Map<Mark, Map<number, Mark>>,
): Mark {
  const page = marks.get(mark) ?? new Map<number, Mark>();
  marks.set(mark, page);
  const found = page.get(number) ?? { ...mark, [kind]: number };
  page.set(number, found);
  return found;
}

/** What holds at an address of the family that the overlays were cut for. */
export function overlayAt(overlays: readonly Overlay[], ip: Ip): Overlay {
  const isBefore = ({ high, low }: Overlay): boolean => compare([high, low], [ip.a, ip.b]) <= 0;
  // The first overlay starts at address 0.
  return overlays.findLast(isBefore) as Overlay;
}

function compare(x: readonly [number, number], y: readonly [number, number]): number {
  return x[0] - y[0] || x[1] - y[1];
}

/** The address after this one; undefined at the end of the space. */
function next(family: 4 | 6, [high, low]: readonly [number, number]): [number, number] | undefined {
  if (family === 6 && low < 0xffffffff) return [high, low + 1];
  return high < 0xffffffff ? [high + 1, 0] : undefined;
}
