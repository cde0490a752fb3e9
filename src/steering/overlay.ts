// Networks laid over geography: special-purpose blocks and the networks of an operator's rules.

import { type Ip, type Prefix, specialBlocks } from '../model/ip.ts';
import { boundsOf } from '../model/ranges.ts';
import type { SteeringRule } from '../model/settings.ts';

/** From this start (top 64 bits) until the next overlay's, the same rule or none holds. */
export interface Overlay {
  readonly high: number;
  readonly low: number;
  readonly rule: SteeringRule | undefined;
  readonly isSpecial: boolean;
}

interface Layer {
  readonly prefix: Prefix;
  readonly rule: SteeringRule | undefined;
}

const none = { rule: undefined, isSpecial: false };

/**
 * Cuts one family's address space at every network's edges. The longest network wins, of two equal
 * ones the first listed. A rule for all or part of a special block makes that an ordinary network; a
 * rule for more than the block leaves it special. IPv6 networks longer than /64 cover their whole /64.
 */
export function flattenNetworks(family: 4 | 6, rules: readonly SteeringRule[]): Overlay[] {
  const layers: Layer[] = [
    ...rules.flatMap((rule) => rule.networks.map((prefix) => ({ prefix, rule }))),
    ...specialBlocks.map((prefix) => ({ prefix, rule: undefined })),
  ].filter(({ prefix }) => prefix.ip.family === family);
  const sorted = layers
    .map((layer, position) => ({ ...layer, position, bounds: boundsOf(layer.prefix) }))
    .sort(
      (x, y) =>
        compare(x.bounds.first, y.bounds.first) ||
        x.prefix.length - y.prefix.length ||
        y.position - x.position,
    );
  const overlays: Overlay[] = [{ high: 0, low: 0, ...none }];
  const open: typeof sorted = [];
  const start = ([high, low]: [number, number]): void => {
    const top = open.at(-1);
    const facts = top === undefined ? none : { rule: top.rule, isSpecial: top.rule === undefined };
    const last = overlays.at(-1);
    if (last?.high === high && last.low === low) overlays.pop();
    overlays.push({ high, low, ...facts });
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
