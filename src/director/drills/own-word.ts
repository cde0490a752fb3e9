// The word of a drill: an override that ends by itself, in the drill's name, and how it is taken back.

import { byDrill, drillActor, drillOfActor } from '../../drill/drill-id.ts';
import type { Plan } from '../../drill/plan.ts';
import { formatName } from '../../model/name.ts';
import { isActive, type Override } from '../../model/override.ts';
import type { OverrideRequest } from '../../model/override-request.ts';
import type { Millis } from '../../model/time.ts';
import type { Clock } from '../../ports.ts';
import type { Control } from '../control.ts';
import type { Gossip } from '../gossip/gossip.ts';

export interface OwnWordParts {
  readonly gossip: Pick<Gossip, 'overrides'>;
  readonly control: Pick<Control, 'end'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** What a drill asks for at a step: a drain of that share of client networks for `span`. */
export function wordOf(
  id: string,
  { region, service, reason }: Pick<Plan, 'region' | 'service' | 'reason'>,
  { share, span }: { readonly share: number; readonly span: Millis },
): OverrideRequest {
  const part = { ...(service !== undefined && { service: formatName(service) }), share };
  return { region, kind: 'drain', actor: drillActor(id), reason, ...part, for: `${span}ms` };
}

/** Its own word alone: whatever took that one's place is somebody else's. Resolves with how many there were. */
export async function takeBack(id: string, parts: OwnWordParts): Promise<number> {
  const own = wordsOf(id, parts);
  await Promise.all(own.map((word) => parts.control.end(word.id, drillActor(id), byDrill)));
  return own.length;
}

/** What a drill has in force, wherever it runs, or ran. */
export function wordsOf(
  id: string,
  { gossip, clock }: Pick<OwnWordParts, 'gossip' | 'clock'>,
): readonly Override[] {
  const now = clock.now();
  return gossip
    .overrides()
    .filter((word) => isActive(word, now) && drillOfActor(word.actor) === id);
}
