// What a drill sees of the world when it looks: regions, words that others gave, its own word, its numbers.

import { drillOfActor } from '../../drill/drill-id.ts';
import { whyOfNumbers } from '../../drill/number.ts';
import type { Seen } from '../../drill/stops.ts';
import { isActive } from '../../model/override.ts';
import type { Clock } from '../../ports.ts';
import { describeOverride } from '../../steering/words.ts';
import type { Gossip } from '../gossip/gossip.ts';
import type { Numbers } from './numbers.ts';
import { type SightParts, sightOf } from './sight.ts';

export interface LookParts extends SightParts {
  readonly gossip: Pick<Gossip, 'overrides'>;
  readonly clock: Pick<Clock, 'now'>;
}

interface Looking {
  readonly id: string;
  /** True while a word is on its way to this director's own register. */
  readonly isPending: boolean;
  readonly numbers: Numbers;
}

export function lookAround({ id, isPending, numbers }: Looking, parts: LookParts): Seen {
  const now = parts.clock.now();
  const words = new Map<string, string>();
  let isHeard = isPending;
  let earlier: string | undefined;
  for (const word of parts.gossip.overrides()) {
    if (!isActive(word, now)) continue;
    const drill = drillOfActor(word.actor);
    if (drill === id) isHeard = true;
    else if (drill === undefined) words.set(word.id, describeOverride(word));
    else if (drill < id) earlier = drill;
  }
  const number = whyOfNumbers(numbers.states(), now);
  return { sight: sightOf(parts), words, isHeard, earlier, number };
}
