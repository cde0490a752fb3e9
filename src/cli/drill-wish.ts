// What a command line wishes to know of a failover.

import type { Rehearsal } from '../compose/rehearsal.ts';
import { loadWhole } from '../compose/stage.ts';
import { FaultError } from '../model/fault.ts';
import type { RegionId } from '../model/region.ts';
import { assumedCaches, type Keepers, keepersWish, parseKeepers } from '../simulation/caches.ts';
import { causes, type Drill, drillOf, type DrillWish } from '../simulation/drill.ts';
import { type Options, textOption } from './command.ts';

export const drillOptions = {
  drill: { type: 'string' },
  cause: { type: 'string' },
  overstay: { type: 'string' },
  hold: { type: 'string' },
  'no-hints': { type: 'boolean' },
} as const;

/** Undefined where no drill is asked for; words for what makes no sense. */
export function drillIn(options: Options): DrillWish | undefined | string {
  const region = textOption(options, 'drill', '');
  if (region === '') {
    const lost = Object.keys(drillOptions).find((name) => options[name] !== undefined);
    return lost === undefined ? undefined : `--${lost} needs --drill REGION`;
  }
  const word = textOption(options, 'cause', 'lost');
  const cause = causes.find((each) => each === word);
  const resolvers = keepersIn(options, 'overstay', assumedCaches.resolvers);
  const clients = keepersIn(options, 'hold', assumedCaches.clients);
  if (cause === undefined) return `--cause takes ${causes.join(', ')}, not "${word}"`;
  if (typeof resolvers === 'string') return resolvers;
  if (typeof clients === 'string') return clients;
  const isHinted = options['no-hints'] !== true;
  return { region: region as RegionId, cause, caches: { resolvers, clients }, isHinted };
}

/** By the configuration as it would be; rejects with a FaultError where nobody is sent to the region. */
export async function drillFor(
  wish: DrillWish,
  { config, other = config, env }: Pick<Rehearsal, 'config' | 'other' | 'env'>,
): Promise<Drill> {
  const drill = drillOf(await loadWhole(other, env), wish);
  if (drill !== undefined) return drill;
  throw new FaultError({ code: 'region.unknown', message: `no service names ${wish.region}` });
}

/** The drilled region is down, or drained, on the new side. */
export function withOut<Wish extends Pick<Rehearsal, 'down' | 'drained'>>(
  wish: Wish,
  { region, cause }: DrillWish,
): Wish {
  if (cause === 'drained') return { ...wish, drained: [...new Set([...wish.drained, region])] };
  return { ...wish, down: [...new Set([...wish.down, region])] };
}

function keepersIn(
  options: Options,
  name: string,
  standard: readonly Keepers[],
): readonly Keepers[] | string {
  const text = textOption(options, name, '');
  if (text === '') return standard;
  return parseKeepers(text) ?? `--${name}: ${keepersWish}, not "${text}"`;
}
