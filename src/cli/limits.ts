// Limits on what a change may do to clients, and those of them that it breaks.

import { type Comparison, slowerBy } from '../simulation/comparison.ts';
import { formatShare, parseShare } from '../model/number.ts';
import type { Options } from './command.ts';

export interface Limits {
  /** Shares of clients, 0 to 1; undefined where nothing is limited. */
  readonly maxMoved: number | undefined;
  readonly maxFarther: number | undefined;
  readonly maxSlower: number | undefined;
  /** Share of a region's capacity. */
  readonly maxLoad: number | undefined;
  /** True where no client may be left without a region that is believed to be alive. */
  readonly isEmptyRefused: boolean;
}

export const limitOptions = {
  'max-share-moved': { type: 'string' },
  'max-farther-share': { type: 'string' },
  'max-slower-share': { type: 'string' },
  'max-load': { type: 'string' },
  'no-empty': { type: 'boolean' },
} as const;

const shareNames = [
  'max-share-moved',
  'max-farther-share',
  'max-slower-share',
  'max-load',
] as const;

/** Words for a limit that is no share, or the limits. */
export function limitsIn(options: Options): Limits | string {
  const shares: Record<string, number | undefined> = {};
  for (const name of shareNames) {
    const text = options[name];
    if (text === undefined) continue;
    shares[name] = parseShare(String(text));
    if (shares[name] === undefined)
      return `--${name} takes a share such as 5%, not "${String(text)}"`;
  }
  return {
    maxMoved: shares['max-share-moved'],
    maxFarther: shares['max-farther-share'],
    maxSlower: shares['max-slower-share'],
    maxLoad: shares['max-load'],
    isEmptyRefused: options['no-empty'] === true,
  };
}

/** One sentence without its full stop for each limit that is broken, with the figures. */
export function brokenLimits(comparison: Comparison, limits: Limits): string[] {
  return [
    ...brokenShares(comparison, limits),
    ...brokenLoads(comparison, limits),
    ...(limits.isEmptyRefused ? unanswered(comparison) : []),
  ];
}

function brokenShares({ services }: Comparison, limits: Limits): string[] {
  const { maxMoved, maxFarther, maxSlower } = limits;
  return services.flatMap(({ name, moved, farther, slower }) => {
    const held = [
      { share: moved, most: maxMoved, what: 'move', option: 'share-moved' },
      {
        share: farther.share,
        most: maxFarther,
        what: `end up more than ${farther.km} km farther`,
        option: 'farther-share',
      },
      {
        share: slower.share,
        most: maxSlower,
        what: `end up more than ${slower.ms} ms slower (${slowerBy[slower.by]})`,
        option: 'slower-share',
      },
    ];
    return held.flatMap(({ share, most, what, option }) => {
      if (most === undefined || share <= most) return [];
      return [
        `${name}: ${formatShare(share)} of clients ${what}, and --max-${option} allows ${formatShare(most)}`,
      ];
    });
  });
}

/** A region that the change does not load more is not the change's fault, but is full all the same. */
function brokenLoads({ regions }: Comparison, { maxLoad }: Limits): string[] {
  if (maxLoad === undefined) return [];
  if (regions.every(({ load }) => load?.capacity === undefined)) {
    return [
      'no region that anyone is sent to states its capacity, so --max-load cannot be checked',
    ];
  }
  return regions.flatMap(({ region, load }) => {
    if (load?.shareAfter === undefined || load.shareAfter <= maxLoad) return [];
    const figures = `${formatShare(load.shareAfter)} of its capacity`;
    return [`${region} would have ${figures}, and --max-load allows ${formatShare(maxLoad)}`];
  });
}

/** Names that some clients get no region for that is believed to be alive. */
export function unanswered({ services }: Comparison): string[] {
  return services.flatMap(({ name, states }) => {
    const left = Object.entries(states.after).filter(([state]) => state !== 'healthy');
    if (left.length === 0) return [];
    const figures = left.map(([state, share]) => `${formatShare(share)} ${state}`).join(', ');
    return [`${name} is left without a healthy answer: ${figures}`];
  });
}
